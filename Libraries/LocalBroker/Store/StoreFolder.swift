import Glibc
import Network

/// The broker's data folder: one process at a time, its cluster id, and a folder for each partition.
///
///     lock                     held while a process uses the folder, with its number
///     meta.json                format version and cluster id
///     <topic>-<partition>/     a partition's log
final class StoreFolder {
    /// A partition that has a folder.
    struct Partition: Hashable, Sendable, Comparable {
        var topic: String
        var partition: Int32

        static func < (left: Partition, right: Partition) -> Bool {
            (left.topic, left.partition) < (right.topic, right.partition)
        }
    }

    private static let lockName = "lock"
    private static let deletedSuffix = ".deleted"

    let path: String
    /// The id of this cluster: 22 characters, made with the folder.
    let clusterID: String
    private let calls: any FileCalls
    private var lock: Int32

    /// Takes the folder, which is made when it is missing, and removes what was being deleted when the last process
    /// ended.
    ///
    /// - Throws: `StoreError.locked` with the holder's process id when another process has it.
    init(path: String, calls: any FileCalls = SystemFiles()) throws(StoreError) {
        try StorePath.makeFolder(path, durable: true, calls: calls)
        let lock = try Self.takeLock("\(path)/\(Self.lockName)")
        do throws(StoreError) {
            clusterID = try StoreMetadata.readOrMake(in: path, calls: calls).clusterID
            for name in try StorePath.names(in: path) {
                if name.hasSuffix(Self.deletedSuffix) { try Self.removeTree("\(path)/\(name)") }
                if name.hasSuffix(StorePath.temporarySuffix) { try StorePath.remove("\(path)/\(name)") }
            }
        } catch {
            Glibc.close(lock)
            throw error
        }
        self.path = path
        self.calls = calls
        self.lock = lock
    }

    deinit { close() }

    /// Lets other processes have the folder.
    func close() {
        if lock >= 0 { Glibc.close(lock) }
        lock = -1
    }

    // MARK: Partitions

    /// Every partition that has a folder, by topic and number.
    func partitions() throws(StoreError) -> [Partition] {
        try StorePath.names(in: path).compactMap(Self.partition(ofName:)).sorted()
    }

    static func partition(ofName name: String) -> Partition? {
        guard let dash = name.lastIndex(of: "-"), dash != name.startIndex else { return nil }
        let digits = name[name.index(after: dash)...]
        guard let number = Int32(digits), String(number) == digits, number >= 0 else { return nil }
        return Partition(topic: String(name[..<dash]), partition: number)
    }

    /// The folder of a partition, for `PartitionLog.init`, which makes it when it is missing.
    func folder(of partition: Partition) -> String {
        "\(path)/\(partition.topic)-\(partition.partition)"
    }

    /// Removes a partition's folder; its log is not used any more. Once this returns, the partition is gone whatever
    /// happens to the machine.
    func remove(_ partition: Partition) throws(StoreError) {
        let folder = folder(of: partition)
        guard StorePath.exists(folder) else { return }
        let deleted = folder + Self.deletedSuffix
        if StorePath.exists(deleted) { try Self.removeTree(deleted) }
        try StorePath.rename(folder, to: deleted)
        try StorePath.synchronizeFolder(path, calls: calls)
        try Self.removeTree(deleted)
    }

    /// A partition's folder holds files only.
    private static func removeTree(_ folder: String) throws(StoreError) {
        for name in try StorePath.names(in: folder) { try StorePath.remove("\(folder)/\(name)") }
        guard rmdir(folder) == 0 else { throw .system(operation: "rmdir", path: folder, code: errno) }
    }

    // MARK: The broker's own files

    /// The content of a small file of the broker's own (topics, group offsets) in the folder; nil when there is none.
    func contents(of name: String) throws(StoreError) -> [UInt8]? {
        try StorePath.contents("\(path)/\(name)", calls: calls)
    }

    /// Replaces such a file whole: after a crash it has the old or the new content.
    ///
    /// - Parameter durable: whether the content is on the disk when this returns.
    func replace(_ name: String, with bytes: [UInt8], durable: Bool = true) throws(StoreError) {
        try StorePath.replace("\(path)/\(name)", with: bytes, durable: durable, calls: calls)
    }

    // MARK: The lock

    /// The lock goes with the process, however that ends; the file's content only says who has it.
    private static func takeLock(_ path: String) throws(StoreError) -> Int32 {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .system(operation: "open", path: path, code: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            defer { Glibc.close(descriptor) }
            guard code == EWOULDBLOCK else { throw .system(operation: "flock", path: path, code: code) }
            throw .locked(path: StorePath.parent(of: path), holder: holder(descriptor))
        }
        let text = Array("\(getpid())\n".utf8)
        guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, text, text.count, 0) == text.count else {
            let code = errno
            Glibc.close(descriptor)
            throw .system(operation: "write", path: path, code: code)
        }
        return descriptor
    }

    private static func holder(_ descriptor: Int32) -> String {
        var text = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &text, text.count, 0)
        let digits = text.prefix(max(count, 0)).prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        return digits.isEmpty ? "unknown" : String(decoding: digits, as: UTF8.self)
    }
}
