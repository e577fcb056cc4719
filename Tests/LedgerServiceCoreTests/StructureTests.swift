import Testing
import TradingCore

@testable import LedgerServiceCore

/// What the core's state stands on; `LEDGER_SEED` repeats a run.
@Suite struct StructureTests {
    @Test func `An index finds what was put in and not taken out, whatever shares a hash`() {
        print("LEDGER_SEED=\(TwinTests.seed)")
        var random = RandomInputs(seed: TwinTests.seed)
        var index = HashIndex()
        var hashes: [UInt32?] = []
        for slot in 0..<3_000 {
            // Few hashes, and near ones: many candidates, long clusters, holes in them.
            let hash = UInt32(random.below(40)) << 20 | UInt32(random.below(12))
            index.insert(hash, slot)
            hashes.append(hash)
            let other = random.below(slot + 1)
            guard random.chance(60), let gone = hashes[other] else { continue }
            if random.chance(50) { index.remove(gone, other) } else { index.removeIfThere(gone, other) }
            hashes[other] = nil
            index.removeIfThere(gone, other)
        }
        for (slot, hash) in hashes.enumerated() {
            if let hash {
                #expect(index.slot(hash) { $0 == slot } == slot)
                #expect(index.slot(hash ^ 1) { $0 == slot } == nil)
            } else {
                for part in UInt32(0)..<40 { #expect(index.slot(part << 20) { $0 == slot } == nil) }
            }
        }
    }

    @Test func `A slot takes another's place in an index`() {
        var index = HashIndex()
        index.insert(7, 1)
        index.insert(7, 2)
        index.replace(7, 1, with: 3)
        #expect(index.slot(7) { $0 == 1 } == nil)
        #expect(index.slot(7) { $0 == 2 } == 2)
        #expect(index.slot(7) { $0 == 3 } == 3)
    }

    @Test func `Ids in a row lie in one line of an index, and others elsewhere`() {
        var lines: Set<UInt32> = []
        for number in Int64(8)..<16 {
            let hash = idHash(number << 10 | 5)
            #expect(Int64(hash & 7) == number & 7)
            lines.insert(hash >> 3)
        }
        #expect(lines.count == 1)
        for number in Int64(2)..<2_000 { lines.insert(idHash(number << 13 | 5) >> 3) }
        #expect(lines.count == 1_999)
    }

    @Test func `A queue gives what it was given, in order, however it wraps`() {
        var random = RandomInputs(seed: 5)
        var queue = Queue<Int>()
        var first = 0
        var next = 0
        for _ in 0..<20_000 {
            if random.chance(52) {
                queue.append(next)
                next += 1
            } else if queue.count > 0 {
                #expect(queue.removeFirst() == first)
                first += 1
            }
            #expect(queue.count == next - first)
            if queue.count > 0 {
                #expect(queue[0] == first)
                #expect(queue[queue.count - 1] == next - 1)
            }
        }
    }

    @Test func `A pool uses freed slots again and keeps the others`() {
        var pool = Pool<Int>()
        let slots = (0..<200).map { pool.insert($0) }
        #expect(slots == Array(0..<200))
        pool.release(10)
        pool.release(20)
        #expect(pool.insert(1_020) == 20)
        #expect(pool.insert(1_010) == 10)
        #expect(pool.insert(200) == 200)
        #expect(pool[19] == 19)
        #expect(pool[20] == 1_020)
    }
}
