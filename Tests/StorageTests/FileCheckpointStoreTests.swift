import Foundation
import Storage
import Testing

@Suite struct FileCheckpointStoreTests {
    @Test func `The newest checkpoint comes back, also to a store that is opened later`() throws {
        try withFolder { folder in
            let store = try FileCheckpointStore(folder: folder, name: "matching.0")
            #expect(try store.loadNewest() == nil)
            for length in [0, 1, 100_000] {
                try store.save([UInt8](repeating: 7, count: length))
                #expect(try store.loadNewest()?.bytes == [UInt8](repeating: 7, count: length))
            }
        }
    }

    @Test func `The last two are kept, numbered without a gap, each name for itself`() throws {
        try withFolder { folder in
            let other = try FileCheckpointStore(folder: folder, name: "matching.1")
            try other.save([9])
            for round in 1...5 {
                let store = try FileCheckpointStore(folder: folder, name: "matching.0")
                try store.save([UInt8(round)])
                #expect(
                    try store.loadNewest()
                        == StoredCheckpoint(sequence: UInt64(round), bytes: [UInt8(round)]))
            }
            #expect(try checkpoints(in: folder, name: "matching.0").count == 2)
            #expect(try other.loadNewest()?.bytes == [9])
        }
    }

    @Test func `Who only looks needs no lock`() throws {
        try withFolder { folder in
            #expect(throws: CheckpointError.self) { try FileCheckpointStore.names(inFolder: folder) }
            let stores = try ["matching-1", "matching-0", "a.b"].map {
                try FileCheckpointStore(folder: folder, name: $0)
            }
            #expect(try FileCheckpointStore.names(inFolder: folder) == [])
            #expect(try FileCheckpointStore.newest(inFolder: folder, name: "a.b") == nil)
            for (number, store) in stores.enumerated() { try store.save([UInt8(number)]) }
            #expect(try FileCheckpointStore.names(inFolder: folder) == ["a.b", "matching-0", "matching-1"])
            #expect(
                try FileCheckpointStore.newest(inFolder: folder, name: "matching-0")
                    == StoredCheckpoint(sequence: 1, bytes: [1]))
        }
    }

    @Test(arguments: [0, 10, 63, 64, 70, 99])
    func `A torn file is passed over for the one before it, and says so`(length: Int) throws {
        try withFolder { folder in
            let store = try FileCheckpointStore(folder: folder, name: "m")
            try store.save([UInt8](repeating: 1, count: 50))
            try store.save([UInt8](repeating: 2, count: 50))
            let newest = try #require(try checkpoints(in: folder, name: "m").last)
            try Data(contentsOf: newest).prefix(length).write(to: newest)
            let found = try #require(try store.loadNewest())
            #expect(found.sequence == 1)
            #expect(found.bytes == [UInt8](repeating: 1, count: 50))
            #expect(found.damaged.count == 1)
            try store.save([3])
            #expect(try store.loadNewest() == StoredCheckpoint(sequence: 3, bytes: [3]))
        }
    }

    @Test func `Every changed byte is noticed`() throws {
        try withFolder { folder in
            let store = try FileCheckpointStore(folder: folder, name: "m")
            try store.save([1])
            try store.save([2, 3, 4])
            let newest = try #require(try checkpoints(in: folder, name: "m").last)
            let whole = try Data(contentsOf: newest)
            for index in whole.indices {
                var changed = whole
                changed[index] ^= 1
                try changed.write(to: newest)
                // A version that is smaller than this one's, or the header's length, is covered by the checksum too.
                do {
                    #expect(try store.loadNewest()?.sequence == 1, "byte \(index)")
                } catch {
                    #expect(index >= 8 && index < 12, "byte \(index): \(error)")
                }
            }
        }
    }

    @Test func `A checkpoint of a newer format is refused, not passed over`() throws {
        try withFolder { folder in
            let store = try FileCheckpointStore(folder: folder, name: "m")
            try store.save([1])
            let file = try #require(try checkpoints(in: folder, name: "m").last)
            var bytes = try Data(contentsOf: file)
            bytes[8] = 2
            try bytes.write(to: file)
            #expect(throws: CheckpointError.newerFormat(path: file.path, version: 2)) { try store.loadNewest() }
        }
    }

    @Test func `When no checkpoint is whole that is an error, not a fresh start`() throws {
        try withFolder { folder in
            let store = try FileCheckpointStore(folder: folder, name: "m")
            try store.save([1])
            try Data().write(to: try #require(try checkpoints(in: folder, name: "m").last))
            let error = #expect(throws: CheckpointError.self) { try store.loadNewest() }
            guard case .allDamaged(let files)? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(files.count == 1)
        }
    }

    @Test func `What a crash left half written is no checkpoint`() throws {
        try withFolder { folder in
            let store = try FileCheckpointStore(folder: folder, name: "m")
            try store.save([1])
            try Data([1, 2, 3]).write(to: URL(fileURLWithPath: folder).appendingPathComponent("m.tmp"))
            #expect(try store.loadNewest()?.bytes == [1])
            try store.save([2])
            #expect(try store.loadNewest()?.bytes == [2])
        }
    }

    @Test func `Two stores of one name at once are refused`() throws {
        try withFolder { folder in
            let store = try FileCheckpointStore(folder: folder, name: "m")
            #expect(throws: CheckpointError.inUse(path: "\(folder)/m")) {
                try FileCheckpointStore(folder: folder, name: "m")
            }
            try store.save([1])
        }
    }

    @Test func `A full disk is its own error and leaves the checkpoints before it`() throws {
        try withFolder { folder in
            let store = try FileCheckpointStore(folder: folder, name: "m")
            try store.save([1])
            // Writing to this device always fails for want of room.
            let temporary = URL(fileURLWithPath: folder).appendingPathComponent("m.tmp")
            try FileManager.default.createSymbolicLink(atPath: temporary.path, withDestinationPath: "/dev/full")
            let error = #expect(throws: CheckpointError.self) { try store.save([2]) }
            #expect(error == .diskFull(path: temporary.path))
            #expect(error?.isRetryable == true)
            #expect(try store.loadNewest() == StoredCheckpoint(sequence: 1, bytes: [1]))
            try store.save([3])
            #expect(try store.loadNewest() == StoredCheckpoint(sequence: 2, bytes: [3]))
        }
    }

    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try body(folder.appendingPathComponent("below").path)
        try FileManager.default.removeItem(at: folder)
    }

    private func checkpoints(in folder: String, name: String) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            .filter { $0.hasPrefix("\(name).") && $0.hasSuffix(".checkpoint") }
            .map { URL(fileURLWithPath: folder).appendingPathComponent($0) }
    }
}
