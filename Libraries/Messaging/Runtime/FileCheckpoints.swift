import Glibc
import TradingCore

/// Keeps a processor's checkpoints in a directory: written beside, flushed, renamed, so that a crash leaves the old one or
/// the new one. The two newest are kept.
public struct FileCheckpoints: CheckpointStore {
    static let kept = 2
    static let suffix = ".checkpoint"

    private let directory: String
    private let name: String

    /// - Parameters:
    ///   - directory: made when it is missing.
    ///   - inbox: names the files.
    public init(directory: String, inbox: TopicPartition) {
        self.directory = directory
        name = inbox.description
    }

    public func save(_ checkpoint: Checkpoint) throws(CheckpointStoreError) -> Bool {
        if mkdir(directory, 0o755) != 0, errno != EEXIST { throw failure("make", directory) }
        let path = self.path(checkpoint.runtime.next)
        let beside = path + ".new"
        try write(checkpoint.encoded, to: beside)
        guard rename(beside, path) == 0 else { throw failure("rename", beside) }
        try flushDirectory()
        for next in try positions().dropFirst(FileCheckpoints.kept) { unlink(self.path(next)) }
        return true
    }

    public func load() throws(CheckpointStoreError) -> Checkpoint? {
        guard let newest = try positions().first else { return nil }
        let path = self.path(newest)
        let bytes = try read(path)
        do throws(StateError) { return try Checkpoint(decoding: bytes) } catch {
            throw CheckpointStoreError("\(path): \(error)", isRetryable: false)
        }
    }

    private func path(_ next: Int64) -> String { "\(directory)/\(name)-\(next)\(FileCheckpoints.suffix)" }

    /// The positions of the checkpoints that are there, newest first.
    private func positions() throws(CheckpointStoreError) -> [Int64] {
        guard let listing = opendir(directory) else {
            if errno == ENOENT { return [] }
            throw failure("list", directory)
        }
        defer { closedir(listing) }
        var found: [Int64] = []
        while let entry = readdir(listing) {
            let file = withUnsafePointer(to: &entry.pointee.d_name) { start in
                start.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard file.hasPrefix(name + "-"), file.hasSuffix(FileCheckpoints.suffix) else { continue }
            let number = file.dropFirst(name.count + 1).dropLast(FileCheckpoints.suffix.count)
            if let position = Int64(number) { found.append(position) }
        }
        return found.sorted(by: >)
    }

    private func write(_ bytes: [UInt8], to path: String) throws(CheckpointStoreError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure("create", path) }
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress?.advanced(by: written), bytes.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("write", path) }
            written += count
        }
        guard fsync(descriptor) == 0 else { throw failure("flush", path) }
    }

    private func read(_ path: String) throws(CheckpointStoreError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("size", path) }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var position = 0
        while position < bytes.count {
            let size = bytes.count
            let count = bytes.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress?.advanced(by: position), size - position)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("read", path) }
            position += count
        }
        return bytes
    }

    private func flushDirectory() throws(CheckpointStoreError) {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0, fsync(descriptor) == 0 else { throw failure("flush", directory) }
        close(descriptor)
    }

    /// A full or read-only disk is for an operator to mend; the processor waits within its bound meanwhile.
    private func failure(_ operation: String, _ path: String) -> CheckpointStoreError {
        CheckpointStoreError("\(operation) \(path): \(String(cString: strerror(errno)))", isRetryable: true)
    }
}
