import Glibc

/// An open file or folder of the store; closed when nobody uses it any more, so that a thread that synchronises it never
/// meets another file under its number.
final class StoreFile: Sendable {
    let path: String
    private let descriptor: Int32
    private let calls: any FileCalls
    private let isFolder: Bool

    enum Mode {
        case read
        case readWrite
        /// Emptied when it exists.
        case replace
        case folder
    }

    init(_ path: String, _ mode: Mode, calls: any FileCalls) throws(StoreError) {
        let flags =
            switch mode {
            case .read: O_RDONLY
            case .readWrite: O_RDWR
            case .replace: O_RDWR | O_CREAT | O_TRUNC
            case .folder: O_RDONLY | O_DIRECTORY
            }
        descriptor = open(path, flags | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .system(operation: "open", path: path, code: errno) }
        self.path = path
        self.calls = calls
        isFolder = mode == .folder
    }

    deinit { Glibc.close(descriptor) }

    func length() throws(StoreError) -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system(operation: "fstat", path: path, code: errno) }
        return Int(status.st_size)
    }

    /// Writes everything, or throws; a part may have been written then.
    func write(_ bytes: UnsafeRawBufferPointer, at position: Int) throws(StoreError) {
        var done = 0
        while done < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
            let count = calls.write(descriptor, rest, at: position + done)
            if count == -Int(EINTR) { continue }
            guard count > 0 else { throw failure("write", count == 0 ? ENOSPC : Int32(-count)) }
            done += count
        }
    }

    /// Reads as many bytes as asked for.
    ///
    /// - Returns: fewer at the end of the file only.
    func read(_ bytes: UnsafeMutableRawBufferPointer, at position: Int) throws(StoreError) -> Int {
        var done = 0
        while done < bytes.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[done...])
            let count = calls.read(descriptor, rest, at: position + done)
            if count == -Int(EINTR) { continue }
            guard count >= 0 else { throw failure("read", Int32(-count)) }
            if count == 0 { break }
            done += count
        }
        return done
    }

    func allocate(from position: Int, count: Int) throws(StoreError) {
        let code = calls.allocate(descriptor, from: position, count: count)
        guard code == 0 else { throw failure("allocate", -code) }
    }

    func truncate(to length: Int) throws(StoreError) {
        let code = calls.truncate(descriptor, to: length)
        guard code == 0 else { throw failure("truncate", -code) }
    }

    func synchronize() throws(StoreError) {
        let code = isFolder ? calls.synchronizeFolder(descriptor) : calls.synchronizeData(descriptor)
        guard code == 0 else { throw failure("synchronise", -code) }
    }

    private func failure(_ operation: String, _ code: Int32) -> StoreError {
        .system(operation: operation, path: path, code: code)
    }
}

/// What the store does with names.
enum StorePath {
    /// Replaces a small file whole: after a crash it has the old or the new content.
    ///
    /// - Parameter durable: whether the content is on the disk when this returns.
    static func replace(
        _ path: String, with bytes: [UInt8], durable: Bool, calls: any FileCalls
    ) throws(StoreError) {
        let temporary = path + temporarySuffix
        do throws(StoreError) {
            let file = try StoreFile(temporary, .replace, calls: calls)
            try file.writeAll(bytes)
            if durable { try file.synchronize() }
            try rename(temporary, to: path)
        } catch {
            unlink(temporary)
            throw error
        }
        if durable { try synchronizeFolder(parent(of: path), calls: calls) }
    }

    /// Ends the names of files that were never finished; they are removed at the next start.
    static let temporarySuffix = ".new"

    static func contents(_ path: String, calls: any FileCalls) throws(StoreError) -> [UInt8]? {
        guard exists(path) else { return nil }
        let file = try StoreFile(path, .read, calls: calls)
        return try file.readAll()
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    static func rename(_ path: String, to newPath: String) throws(StoreError) {
        guard Glibc.rename(path, newPath) == 0 else {
            throw .system(operation: "rename", path: path, code: errno)
        }
    }

    /// Removes a file; one that is missing already is fine.
    static func remove(_ path: String) throws(StoreError) {
        guard unlink(path) == 0 || errno == ENOENT else {
            throw .system(operation: "unlink", path: path, code: errno)
        }
    }

    /// Makes a folder, and those above it that are missing.
    static func makeFolder(_ path: String, durable: Bool, calls: any FileCalls) throws(StoreError) {
        if exists(path) { return }
        let above = parent(of: path)
        if above != path { try makeFolder(above, durable: durable, calls: calls) }
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
            throw .system(operation: "mkdir", path: path, code: errno)
        }
        if durable { try synchronizeFolder(above, calls: calls) }
    }

    static func synchronizeFolder(_ path: String, calls: any FileCalls) throws(StoreError) {
        try StoreFile(path, .folder, calls: calls).synchronize()
    }

    /// The names in a folder, sorted, without `.` and `..`.
    static func names(in path: String) throws(StoreError) -> [String] {
        guard let folder = opendir(path) else { throw .system(operation: "opendir", path: path, code: errno) }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}

extension StoreFile {
    func writeAll(_ bytes: [UInt8]) throws(StoreError) {
        let result = bytes.withUnsafeBytes { bytes in
            Result { () throws(StoreError) in try write(bytes, at: 0) }
        }
        try result.get()
    }

    func readAll() throws(StoreError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: try length())
        let result = bytes.withUnsafeMutableBytes { bytes in
            Result { () throws(StoreError) in try read(bytes, at: 0) }
        }
        bytes.removeLast(bytes.count - (try result.get()))
        return bytes
    }
}
