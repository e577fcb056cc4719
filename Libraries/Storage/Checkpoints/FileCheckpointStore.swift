import Crypto
import Glibc
import Synchronization

/// Checkpoints as files in a folder: written beside, flushed, then renamed, so that a file under its final name is whole
/// or was damaged later. The last two are kept.
///
/// A store locks its name in the folder as long as it exists. Any thread may use it, one at a time.
public final class FileCheckpointStore: CheckpointStore {
    /// Checkpoints that stay: the newest, and one more in case the disk has lost the newest.
    public static let keptCount = 2

    public let folder: String
    public let name: String

    private let lockDescriptor: Int32
    /// The newest checkpoint's number, or 0; `nil` until the folder has been read.
    private let newest = Mutex<UInt64?>(nil)

    /// - Parameters:
    ///   - folder: made, with the folders above it, when it is missing.
    ///   - name: letters, digits, dots and hyphens, such as `matching.0`.
    /// - Throws: `CheckpointError.inUse` when another store has the same folder and name.
    public init(folder: String, name: String) throws(CheckpointError) {
        precondition(!name.isEmpty && !name.contains("/"), "\(name) is no file name")
        self.folder = folder
        self.name = name
        try FileCheckpointStore.makeFolder(folder)
        let lockFile = "\(folder)/\(name).lock"
        lockDescriptor = open(lockFile, O_CREAT | O_RDWR | O_CLOEXEC, 0o640)
        guard lockDescriptor >= 0 else { throw .system("lock", lockFile) }
        guard flock(lockDescriptor, LOCK_EX | LOCK_NB) == 0 else {
            let isHeld = errno == EWOULDBLOCK
            let failure = CheckpointError.system("lock", lockFile)
            close(lockDescriptor)
            throw isHeld ? .inUse(path: "\(folder)/\(name)") : failure
        }
    }

    deinit {
        close(lockDescriptor)
    }

    public func save(_ checkpoint: [UInt8]) throws(CheckpointError) {
        try newest.withLock { (newest: inout UInt64?) throws(CheckpointError) in
            let stored = try Self.sequences(ofName: name, inFolder: folder)
            let sequence = max(newest ?? 0, stored.last ?? 0) + 1
            try write(checkpoint, sequence: sequence)
            newest = sequence
            for old in stored.dropLast(FileCheckpointStore.keptCount - 1) {
                guard unlink(path(old)) == 0 || errno == ENOENT else { throw .system("remove", path(old)) }
            }
        }
    }

    public func loadNewest() throws(CheckpointError) -> StoredCheckpoint? {
        try newest.withLock { (_: inout UInt64?) throws(CheckpointError) in
            try Self.newest(inFolder: folder, name: name)
        }
    }

    /// The names of the stores that have checkpoints in a folder, in order.
    public static func names(inFolder folder: String) throws(CheckpointError) -> [String] {
        Set(try storedFiles(inFolder: folder).map { $0.name }).sorted()
    }

    /// `loadNewest` for who only looks: takes no lock, so that the store may be another process's. A file that its owner removes meanwhile
    /// is an error; another try finds the newer one.
    public static func newest(inFolder folder: String, name: String) throws(CheckpointError) -> StoredCheckpoint? {
        var damaged: [String] = []
        for sequence in try sequences(ofName: name, inFolder: folder).reversed() {
            let path = path(folder, name, sequence)
            let file = try read(path)
            do throws(CheckpointFile.Problem) {
                let checkpoint = try CheckpointFile.checkpoint(in: file, sequence: sequence)
                return StoredCheckpoint(sequence: sequence, bytes: checkpoint, damaged: damaged)
            } catch {
                switch error {
                case .damaged(let reason): damaged.append("\(path): \(reason)")
                case .newerFormat(let version): throw .newerFormat(path: path, version: version)
                }
            }
        }
        guard damaged.isEmpty else { throw .allDamaged(damaged) }
        return nil
    }

    private func write(_ checkpoint: [UInt8], sequence: UInt64) throws(CheckpointError) {
        let final = path(sequence)
        let temporary = "\(folder)/\(name).tmp"
        let header: [UInt8]
        do throws(CryptoError) {
            header = try CheckpointFile.header(sequence: sequence, checkpoint: checkpoint)
        } catch {
            throw .failed(operation: "hash", path: final, reason: error.description, isRetryable: true)
        }
        do throws(CheckpointError) {
            try FileCheckpointStore.write([header, checkpoint], to: temporary)
            guard rename(temporary, final) == 0 else { throw .system("rename", final) }
        } catch {
            // What was half written only takes room; the failure itself is what counts.
            unlink(temporary)
            throw error
        }
        try FileCheckpointStore.flushFolder(folder)
    }

    private func path(_ sequence: UInt64) -> String { Self.path(folder, name, sequence) }

    private static func path(_ folder: String, _ name: String, _ sequence: UInt64) -> String {
        let digits = String(sequence)
        return "\(folder)/\(name).\(String(repeating: "0", count: 20 - digits.utf8.count))\(digits).checkpoint"
    }

    /// The numbers of a store's checkpoints, oldest first.
    private static func sequences(ofName name: String, inFolder folder: String) throws(CheckpointError) -> [UInt64] {
        try storedFiles(inFolder: folder).filter { $0.name == name }.map { $0.sequence }.sorted()
    }

    private static func storedFiles(
        inFolder folder: String
    ) throws(CheckpointError) -> [(name: String, sequence: UInt64)] {
        guard let directory = opendir(folder) else { throw .system("list", folder) }
        defer { closedir(directory) }
        var files: [(name: String, sequence: UInt64)] = []
        while let entry = readdir(directory) {
            let file = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            let parts = file.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count >= 3, parts[parts.count - 1] == "checkpoint" else { continue }
            let digits = parts[parts.count - 2]
            guard digits.utf8.count == 20, let sequence = UInt64(digits) else { continue }
            files.append((parts.dropLast(2).joined(separator: "."), sequence))
        }
        return files
    }
}

/// Files of the system, with a checkpoint's errors.
extension FileCheckpointStore {
    private static func makeFolder(_ folder: String) throws(CheckpointError) {
        let parts = folder.split(separator: "/")
        var path = folder.hasPrefix("/") ? "" : "."
        for part in parts {
            let parent = path.isEmpty ? "/" : path
            path += "/\(part)"
            if mkdir(path, 0o750) == 0 {
                try flushFolder(parent)
            } else if errno != EEXIST {
                throw .system("make the folder of", path)
            }
        }
    }

    private static func write(_ pieces: [[UInt8]], to path: String) throws(CheckpointError) {
        let descriptor = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw .system("create", path) }
        defer { close(descriptor) }
        for piece in pieces {
            var written = 0
            while written < piece.count {
                let count = piece[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw .system("write", path) }
                written += count
            }
        }
        guard fdatasync(descriptor) == 0 else { throw .system("flush", path) }
    }

    private static func read(_ path: String) throws(CheckpointError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("open", path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system("measure", path) }
        var isWhole = true
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
            while count < buffer.count {
                let room = UnsafeMutableBufferPointer(rebasing: buffer[count...])
                let read = Glibc.read(descriptor, room.baseAddress, room.count)
                if read < 0, errno == EINTR { continue }
                isWhole = read >= 0
                guard read > 0 else { return }
                count += read
            }
        }
        guard isWhole else { throw .system("read", path) }
        return bytes
    }

    /// A rename lasts once its folder is flushed.
    private static func flushFolder(_ folder: String) throws(CheckpointError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("open", folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .system("flush", folder) }
    }
}

extension CheckpointError {
    /// What `errno` says about the last call.
    fileprivate static func system(_ operation: String, _ path: String) -> CheckpointError {
        let cause = errno
        if cause == ENOSPC || cause == EDQUOT { return .diskFull(path: path) }
        let isRetryable = [EIO, EMFILE, ENFILE, ENOMEM, EAGAIN].contains(cause)
        return .failed(
            operation: operation, path: path, reason: String(cString: strerror(cause)), isRetryable: isRetryable)
    }
}
