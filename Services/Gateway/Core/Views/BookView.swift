import Records
import TradingCore

/// One side of a market's book by price level, the best level last in memory: changes near the touch move few levels.
public struct BookSide: Sendable {
    public let side: Side
    private var levels: [BookLevel] = []

    public init(_ side: Side) { self.side = side }

    public var count: Int { levels.count }
    public var best: BookLevel? { levels.last }

    /// The level `rank` places behind the best one.
    public subscript(rank: Int) -> BookLevel { levels[levels.count - 1 - rank] }

    /// Sets a level's absolute quantity; zero removes it.
    public mutating func set(_ price: Price, _ quantity: Quantity) {
        let index = position(of: price)
        let exists = index < levels.count && levels[index].price == price
        switch (exists, quantity.rawValue > 0) {
        case (true, true): levels[index].quantity = quantity
        case (true, false): levels.remove(at: index)
        case (false, true): levels.insert(BookLevel(price: price, quantity: quantity), at: index)
        case (false, false): break
        }
    }

    /// The quantity at `price`; zero where there is no level.
    public func quantity(at price: Price) -> Quantity {
        let index = position(of: price)
        return index < levels.count && levels[index].price == price ? levels[index].quantity : .zero
    }

    /// - Parameter bestFirst: the levels of a snapshot.
    public mutating func replace(_ bestFirst: [BookLevel]) { levels = bestFirst.reversed() }

    /// The first position whose level is not worse than `price`.
    private func position(of price: Price) -> Int {
        var low = 0
        var high = levels.count
        while low < high {
            let middle = (low + high) / 2
            let isWorse = side == .buy ? levels[middle].price < price : levels[middle].price > price
            if isWorse { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// The level changes of one market since the last event of a depth stream.
///
/// Several changes of a level collapse: the event shows what the book has when it is made, so only prices are kept.
public struct DepthChanges: Sendable {
    public private(set) var first = UpdateID(0)
    public private(set) var last = UpdateID(0)
    private var bids: [Price] = []
    private var asks: [Price] = []

    public init() {}

    public var isEmpty: Bool { first.rawValue == 0 }

    /// Adds a run of changes, the first of which has update id `firstID`.
    public mutating func add(_ levels: [LevelChange], firstID: UpdateID) {
        guard !levels.isEmpty else { return }
        if isEmpty { first = firstID }
        last = UpdateID(firstID.rawValue + Int64(levels.count) - 1)
        for level in levels {
            if level.side == .buy { bids.append(level.price) } else { asks.append(level.price) }
        }
        compact(&bids)
        compact(&asks)
    }

    /// The prices that changed, each once, best first; the changes start again.
    public mutating func take() -> (first: UpdateID, last: UpdateID, bids: [Price], asks: [Price]) {
        let result = (first, last, Array(unique(bids).reversed()), unique(asks))
        removeAll()
        return result
    }

    public mutating func removeAll() {
        first = UpdateID(0)
        last = UpdateID(0)
        bids.removeAll(keepingCapacity: true)
        asks.removeAll(keepingCapacity: true)
    }

    /// A bound on what a busy window keeps: repeated prices are thrown out once they may be many.
    private static let compactionThreshold = 8192

    private func compact(_ prices: inout [Price]) {
        if prices.count >= DepthChanges.compactionThreshold,
            prices.count.isMultiple(of: DepthChanges.compactionThreshold)
        {
            prices = unique(prices)
        }
    }

    private func unique(_ prices: [Price]) -> [Price] {
        var sorted = prices.sorted()
        var kept = 0
        for index in sorted.indices where index == 0 || sorted[index] != sorted[kept - 1] {
            sorted[kept] = sorted[index]
            kept += 1
        }
        sorted.removeLast(sorted.count - kept)
        return sorted
    }
}
