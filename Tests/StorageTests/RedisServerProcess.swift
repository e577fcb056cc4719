import Foundation
import TestBasics

/// A Redis server of a test's own, on a free port of loopback, for what one may not do to a shared one.
final class RedisServerProcess {
    let port: UInt16
    private let arguments: [String]
    private let folder: URL
    private var process: Process?

    static let executable = ["/usr/bin/redis-server", "/usr/local/bin/redis-server"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    /// - Parameter isTLS: listens for TLS only, with the certificate `certificateFile`.
    init(_ extra: [String] = [], isTLS: Bool = false) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        port = try freePort()
        var arguments = ["--bind", "127.0.0.1", "--save", "", "--dir", folder.path, "--logfile", "log"]
        if isTLS {
            try RedisServerProcess.makeCertificate(in: folder)
            arguments += ["--port", "0", "--tls-port", String(port), "--tls-auth-clients", "no"]
            arguments += ["--tls-cert-file", "certificate.pem", "--tls-key-file", "key.pem"]
            arguments += ["--tls-ca-cert-file", "certificate.pem"]
        } else {
            arguments += ["--port", String(port)]
        }
        self.arguments = arguments + extra
        try start()
    }

    deinit {
        stop()
        do {
            try FileManager.default.removeItem(at: folder)
        } catch {
            print("left behind: \(folder.path): \(error)")
        }
    }

    var certificateFile: String { folder.appendingPathComponent("certificate.pem").path }

    func start() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: RedisServerProcess.executable ?? "/usr/bin/redis-server")
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        self.process = process
    }

    func stop() {
        guard let process else { return }
        // Test threads block signals, and their children inherit that: only SIGKILL gets through.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        self.process = nil
    }

    private static func makeCertificate(in folder: URL) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.currentDirectoryURL = folder
        process.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem",
            "-out", "certificate.pem",
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
    }
}
