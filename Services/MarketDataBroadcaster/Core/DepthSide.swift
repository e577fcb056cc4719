import Records
import TradingCore

/// One side of a market's book by price: a sorted list with the best level at its end.
///
/// Changes come close to the touch, so a search from the end ends after a few levels and little moves to make room.
struct DepthSide: ~Copyable {
    /// Levels that are looked at one by one before the search halves.
    private static let linearSteps = 8

    /// 1 for bids and -1 for asks: makes a better price the greater one.
    private let sign: Int64
    /// The worst first.
    private var list = KeptList<BookLevel>()

    init(_ side: Side) { sign = side == .buy ? 1 : -1 }

    /// The worst first, copied.
    var levels: [BookLevel] { Array(list.elements) }

    @inline(__always)
    var best: BookLevel? { list.isEmpty ? nil : list[list.count - 1] }

    /// Sets a level's quantity; 0 removes it.
    ///
    /// - Returns: false when a level is to be removed that is not there.
    @inline(__always)
    mutating func set(_ price: Price, _ quantity: Quantity) -> Bool {
        let index = position(of: price)
        if index < list.count, list[index].price == price {
            if quantity == .zero { list.remove(at: index) } else { list[index].quantity = quantity }
            return true
        }
        guard quantity != .zero else { return false }
        list.insert(BookLevel(price: price, quantity: quantity), at: index)
        return true
    }

    /// Where `price` stands, or where it belongs: behind every worse price.
    @inline(__always)
    private func position(of price: Price) -> Int {
        let key = price.rawValue &* sign
        let levels = list.elements
        var index = levels.count
        let end = max(0, index - DepthSide.linearSteps)
        while index > end {
            if levels[index - 1].price.rawValue &* sign < key { return index }
            index -= 1
        }
        var low = 0
        while low < index {
            let middle = (low + index) / 2
            if levels[middle].price.rawValue &* sign < key { low = middle + 1 } else { index = middle }
        }
        return index
    }
}
