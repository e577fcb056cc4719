import Records
import TradingCore

/// One side of a market's book by price: a sorted array with the best level at its end.
///
/// Changes come close to the touch, so a search from the end ends after a few levels and little moves to make room.
struct DepthSide {
    /// Levels that are looked at one by one before the search halves.
    private static let linearSteps = 8

    /// 1 for bids and -1 for asks: makes a better price the greater one.
    private let sign: Int64
    /// The worst first.
    private(set) var levels: [BookLevel] = []

    init(_ side: Side) { sign = side == .buy ? 1 : -1 }

    @inline(__always)
    var best: BookLevel? { levels.last }

    /// Sets a level's quantity; 0 removes it.
    ///
    /// - Returns: false when a level is to be removed that is not there.
    @inline(__always)
    mutating func set(_ price: Price, _ quantity: Quantity) -> Bool {
        let index = position(of: price)
        if index < levels.count, levels[index].price == price {
            if quantity == .zero { close(index) } else { levels[index].quantity = quantity }
            return true
        }
        guard quantity != .zero else { return false }
        open(index, BookLevel(price: price, quantity: quantity))
        return true
    }

    /// Puts a level at `index` and those from there on one further. In place, because inserting into a range of an array costs several
    /// times as much as moving the few levels that stand nearer to the touch.
    private mutating func open(_ index: Int, _ level: BookLevel) {
        levels.append(level)
        let moved = levels.count - 1 - index
        guard moved > 0 else { return }
        levels.withUnsafeMutableBufferPointer { levels in
            guard let place = levels.baseAddress.map({ $0 + index }) else { return }
            (place + 1).update(from: place, count: moved)
            place.pointee = level
        }
    }

    /// Takes the level at `index` away.
    private mutating func close(_ index: Int) {
        let moved = levels.count - 1 - index
        if moved > 0 {
            levels.withUnsafeMutableBufferPointer { levels in
                guard let place = levels.baseAddress.map({ $0 + index }) else { return }
                place.update(from: place + 1, count: moved)
            }
        }
        levels.removeLast()
    }

    /// Where `price` stands, or where it belongs: behind every worse price.
    @inline(__always)
    private func position(of price: Price) -> Int {
        let key = price.rawValue &* sign
        return levels.withUnsafeBufferPointer { levels in
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
}
