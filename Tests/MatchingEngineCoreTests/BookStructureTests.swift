import Records
import TestBasics
import Testing
import TradingCore

@testable import MatchingEngineCore

@Suite struct BookStructureTests {
    /// Adds and removes levels against a sorted array.
    private func checkLevels(_ side: Side, seed: UInt64, _ price: (inout SplitMix64) -> Int64) {
        var random = SplitMix64(seed: seed)
        var table = LevelTable()
        let bookSide = UnsafeMutablePointer<BookSide>.allocate(capacity: 1)
        bookSide.initialize(to: BookSide(side))
        defer { bookSide.deallocate() }
        var slots: [Int64: UInt32] = [:]
        for step in 0..<6_000 {
            let value = price(&random)
            if let slot = slots[value] {
                #expect(table.find(Price(value), in: bookSide) == slot)
                table.remove(slot, from: bookSide)
                slots[value] = nil
            } else if slots.count < 300 || random.chance(50) {
                #expect(table.find(Price(value), in: bookSide) == noSlot)
                slots[value] = table.add(Price(value), 0, to: bookSide)
            }
            let best = side == .buy ? slots.keys.max() : slots.keys.min()
            #expect(bookSide.pointee.best == best.flatMap { slots[$0] } ?? noSlot, "seed \(seed), step \(step)")
            if step % 500 == 0 {
                var walked: [Int64] = []
                var slot = bookSide.pointee.best
                while slot != noSlot {
                    walked.append(table[slot].pointee.price.rawValue)
                    slot = table.next(after: slot, in: bookSide)
                }
                #expect(walked == slots.keys.sorted { side == .buy ? $0 > $1 : $0 < $1 })
            }
        }
        for (_, slot) in slots { table.remove(slot, from: bookSide) }
        #expect(bookSide.pointee.best == noSlot && table.nodeCount == 0, "nodes outlive their levels")
    }

    @Test func `Levels keep their order and their nodes are freed, with prices close together and far apart`() {
        let seed = testSeed(7)
        for side in Side.allCases {
            checkLevels(side, seed: seed) { 10_000 + $0.below(500) }
            checkLevels(side, seed: seed &+ 1) { 1 + $0.below(.max) }
            checkLevels(side, seed: seed &+ 2) { 1 + (1 << $0.below(62)) + $0.below(4) }
        }
    }

    @Test func `Orders are found while the index grows and shrinks`() {
        var random = SplitMix64(seed: testSeed(11))
        var pool = OrderPool()
        var index = OrderIndex()
        var open: [(id: OrderID, slot: UInt32)] = []
        var next: Int64 = 0
        for round in 0..<40_000 {
            if open.isEmpty || random.chance(round < 25_000 ? 75 : 35) {
                next += 1
                let id = OrderID(next << 10 | random.below(4))
                let slot = pool.insert(resting(id))
                index.insert(id, slot)
                open.append((id, slot))
            } else {
                let place = Int(random.below(Int64(open.count)))
                let (id, slot) = open[place]
                open.swapAt(place, open.count - 1)
                open.removeLast()
                index.remove(id, slot)
                pool.free(slot)
                #expect(index.slot(id, in: pool) == noSlot)
            }
            if let probe = open.randomElement(using: &random) {
                #expect(index.slot(probe.id, in: pool) == probe.slot)
            }
        }
        #expect(index.count == open.count)
        for (id, slot) in open { #expect(index.slot(id, in: pool) == slot) }
    }

    private func resting(_ id: OrderID) -> RestingOrder {
        RestingOrder(
            id: id, remaining: Quantity(1), executed: .zero, original: Quantity(1), level: 0, next: noSlot,
            previous: noSlot, accountNext: noSlot, accountPrevious: noSlot, account: AccountID(1), tradeGroup: 0,
            makerBasisPoints: 0, ledgerPartition: 0)
    }

    @Test func `A resting order takes at most 100 bytes`() throws {
        let bench = try EngineBench()
        var sink = CountingSink()
        // Just above a power of two, the id table is at its emptiest.
        for count in [100_000, 200_000, 300_000] {
            while bench.core.books.orders.count < count {
                let order = bench.order(.buy, 1, at: 100_000 + Int64(bench.core.books.orders.count % 2_000))
                try bench.core.apply(.submitOrder(order), bench.context(Writer(.ledgerService, 0)), to: &sink)
            }
            let bytes = bench.core.books.allocatedBytes / count
            #expect(bytes <= 100, "\(bytes) bytes an order at \(count) orders")
        }
        #expect(MemoryLayout<RestingOrder>.stride == 64)
        #expect(sink.executions == 300_000)
    }
}

/// Counts and forgets.
struct CountingSink: MatchingSink {
    var executions = 0

    mutating func execution(_ execution: borrowing EngineEvent) { executions += 1 }
    mutating func tick(_ tick: EngineTick) {}
    mutating func settlement(_ partition: Int, _ settlement: borrowing KeptRecord<Settlement>) {}
}
