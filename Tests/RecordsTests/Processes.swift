import Foundation

struct ProcessFailure: Error, CustomStringConvertible {
    var description: String
}

/// Runs a program found on the path to its end and gives what it wrote.
///
/// - Throws: `ProcessFailure` when it cannot be started or ends with another status than 0.
func run(_ program: String, _ arguments: [String], input: [UInt8] = []) throws -> [UInt8] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    let (standardInput, output, errors) = (Pipe(), Pipe(), Pipe())
    process.standardInput = standardInput
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let feeder = Thread {
        do {
            try standardInput.fileHandleForWriting.write(contentsOf: Data(input))
            try standardInput.fileHandleForWriting.close()
        } catch {
            // The program ended without reading all; its status says why.
        }
    }
    feeder.start()
    // The programs here write less to standard error than a pipe holds.
    let data = output.fileHandleForReading.readDataToEndOfFile()
    let complaint = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
        let words = String(decoding: complaint + data.prefix(2000), as: UTF8.self)
        throw ProcessFailure(description: "\(program) ended with \(process.terminationStatus): \(words)")
    }
    return [UInt8](data)
}
