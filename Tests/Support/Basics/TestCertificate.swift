import Foundation

/// A self-signed certificate for `localhost` and 127.0.0.1, made by OpenSSL's command in a folder of its own.
public struct TestCertificate {
    public let folder: URL
    public var certificateFile: String { folder.appendingPathComponent("certificate.pem").path }
    public var privateKeyFile: String { folder.appendingPathComponent("key.pem").path }

    public init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
            "-keyout", privateKeyFile, "-out", certificateFile,
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
    }

    public func remove() throws {
        try FileManager.default.removeItem(at: folder)
    }
}
