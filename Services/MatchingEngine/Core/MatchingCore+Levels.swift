import Records
import TradingCore

/// One market's book by price levels, for comparisons and for people; nothing of the matching goes this way.
public struct BookLevels: Sendable {
    public struct Level: Sendable, Equatable {
        public var price: Price
        /// What is left of the level's orders.
        public var quantity: Quantity
        public var orderCount: Int
    }

    public var definition: InstrumentDefinition
    public var lastUpdateID: Int64
    public var lastTradeID: Int64
    /// Best first, added up order by order.
    public var bids: [Level] = []
    public var asks: [Level] = []
}

extension MatchingCore {
    /// Every market's book, the lowest instrument first.
    public func bookLevels() -> [BookLevels] {
        (0..<books.marketCount).map { book in
            let market = books.market(book).pointee
            return BookLevels(
                definition: market.definition, lastUpdateID: market.lastUpdateID, lastTradeID: market.lastTradeID,
                bids: levels(ofSide: OrderBooks.sideIndex(book, .buy)),
                asks: levels(ofSide: OrderBooks.sideIndex(book, .sell)))
        }.sorted { $0.definition.instrument < $1.definition.instrument }
    }

    private func levels(ofSide side: UInt32) -> [BookLevels.Level] {
        var found: [BookLevels.Level] = []
        for slot in books.orders(onSide: side) {
            let order = books.orders[slot].pointee
            let price = books.levels[order.level].pointee.price
            if found.last?.price != price { found.append(.init(price: price, quantity: .zero, orderCount: 0)) }
            found[found.count - 1].quantity += order.remaining
            found[found.count - 1].orderCount += 1
        }
        return found
    }
}
