import Glibc
import Testing

@testable import LocalBroker

struct StoreFolderTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `A folder has one user at a time, and the second is told who it is`() throws {
        let path = folder.sub("a/b/data")
        let first = try StoreFolder(path: path)
        #expect(throws: StoreError.locked(path: path, holder: "\(getpid())")) { try StoreFolder(path: path) }
        first.close()
        let second = try StoreFolder(path: path)
        #expect(second.clusterID == first.clusterID)
        #expect(second.clusterID.utf8.count == 22)
        #expect(second.clusterID.first != "-")
    }

    @Test func `Partitions are found by their folders, whatever dashes a topic has`() throws {
        let store = try StoreFolder(path: folder.path)
        let partitions = [
            StoreFolder.Partition(topic: "a-b-1", partition: 0), .init(topic: "a-b", partition: 10),
            .init(topic: "a-b", partition: 9), .init(topic: "x.y_z", partition: 0),
        ]
        for partition in partitions { _ = try PartitionLog(folder: store.folder(of: partition)) }
        #expect(try store.partitions() == partitions.sorted())
        #expect(StoreFolder.partition(ofName: "a-01") == nil)
        #expect(StoreFolder.partition(ofName: "-1") == nil)
        #expect(StoreFolder.partition(ofName: "a-") == nil)
        #expect(StoreFolder.partition(ofName: "lock") == nil)
        try store.remove(partitions[1])
        try store.remove(partitions[1])
        #expect(try store.partitions() == [partitions[2], partitions[0], partitions[3]])
    }

    @Test func `A removal that was interrupted is finished at the next start`() throws {
        let store = try StoreFolder(path: folder.path)
        let partition = StoreFolder.Partition(topic: "t", partition: 0)
        _ = try PartitionLog(folder: store.folder(of: partition))
        try StorePath.rename(store.folder(of: partition), to: store.folder(of: partition) + ".deleted")
        store.close()
        let again = try StoreFolder(path: folder.path)
        #expect(try again.partitions().isEmpty)
        #expect(try StorePath.names(in: folder.path) == ["lock", "meta.json"])
    }

    @Test func `Small files are replaced whole`() throws {
        let store = try StoreFolder(path: folder.path)
        #expect(try store.contents(of: "topics.json") == nil)
        try store.replace("topics.json", with: [1, 2, 3])
        try store.replace("topics.json", with: [4], durable: false)
        #expect(try store.contents(of: "topics.json") == [4])
    }

    @Test func `A folder in another format is refused`() throws {
        let store = try StoreFolder(path: folder.path)
        store.close()
        try StoreFile(folder.sub("meta.json"), .replace, calls: SystemFiles())
            .writeAll(Array("{\"format\": 2, \"cluster_id\": \"x\"}".utf8))
        #expect(throws: StoreError.unknownFormat(path: folder.sub("meta.json"), found: "2")) {
            try StoreFolder(path: folder.path)
        }
    }

    @Test func `The start of the machine is read from 32 digits and nothing else`() {
        let text = "0f3c6d9a-1111-2222-3333-444455556666\n"
        #expect(BootIdentity.parse(text.utf8) == BootIdentity(high: 0x0F3C_6D9A_1111_2222, low: 0x3333_4444_5555_6666))
        #expect(BootIdentity.parse("".utf8) == .unknown)
        #expect(BootIdentity.parse("0f3c".utf8) == .unknown)
        #expect(!BootIdentity.unknown.isKnown)
    }
}
