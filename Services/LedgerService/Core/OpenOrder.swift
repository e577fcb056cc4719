import Records
import TradingCore

/// An order between its hold and its end.
struct OpenOrder {
    /// 0: the slot is unused.
    var orderID: OrderID
    var account: AccountID
    var instrument: InstrumentID
    var side: Side
    /// A BUY by quote amount: it holds that amount, whatever it buys.
    var isByQuote: Bool
    var matchingPartition: Int
    /// The limit or protection price.
    var price: Price
    /// Lots not filled yet; of an order by quote amount that sells the most it may still sell, of one that buys 0.
    var remaining: Quantity
    /// What is held for it: quote for a BUY, base for a SELL.
    var held: Amount
    var scale: InstrumentScale
    var baseAsset: AssetID
    var quoteAsset: AssetID
    /// Places of the account's balances.
    var baseSlot: Int32 = 0
    var quoteSlot: Int32 = 0
    var groupSlot: Int32 = 0
    var nameSlot: Int32 = 0
    var isChanged = false

    /// Money that it pays with.
    var paySlot: Int { Int(side == .buy ? quoteSlot : baseSlot) }

    /// What `remaining` lots cost at worst, in minor units of the asset that pays; nil when more than an `Amount` holds.
    ///
    /// An order that buys by quote amount needs what it still holds.
    var need: Amount? {
        if isByQuote { return held }
        return side == .buy ? scale.quoteAmount(price, remaining) : scale.baseAmount(remaining)
    }

    /// The open value in quote minor units, at the order's price; nil when more than an `Amount` holds.
    var notional: Amount? { isByQuote ? held : scale.quoteAmount(price, remaining) }
}

/// A name under which an order is found: its order id and its client id, kept while it is open and ten minutes beyond.
///
/// An amended order has one for each client id that it had. A closed name of an order that the engine refused is emptied: it keeps its place
/// in the queue and stands for nothing, with order id 0.
struct OrderName {
    var orderID: OrderID
    var account: AccountID
    var instrument: InstrumentID
    /// Empty: the order is known by its order id only.
    var clientOrderID: ASCIIText
    /// The `textHash` of the client id.
    var hash: UInt32
    /// The open order, or -1 when this name is only still taken.
    var openSlot: Int32
    /// The closed name that the same order had before this one. Names are forgotten oldest first: when a link leads to a name
    /// of another order, or to none, everything behind it is forgotten too.
    var earlier: Int32
    /// The place among the closed names.
    var sequence: UInt64 = 0
    /// When a closed name is free again: the first log time after this.
    var keptUntil = Timestamp(0)

    var isOpen: Bool { openSlot != Link.none }

    /// Whether a client id that both have stands for this one: an open order's name goes before a remembered one's, a newer
    /// order's before an older one's.
    func comesBefore(_ other: OrderName) -> Bool {
        isOpen == other.isOpen ? orderID > other.orderID : isOpen
    }
}

/// A closed name in the queue, with all that forgetting it takes: the name itself was used ten minutes ago and would have to be fetched from afar.
struct QueuedName {
    var keptUntil: Timestamp
    var slot: Int32
    var orderHash: UInt32
    var textHash: UInt32
    /// Whether it has a client id.
    var hasText: Bool
}

/// An account's open orders in a market.
struct OrderGroup {
    var account: AccountID
    var instrument: InstrumentID
    /// Of the order that was opened last.
    var matchingPartition = 0
    var count = 0
    /// Places of the account's balances; -1 before its first order there.
    var baseSlot = Link.none
    var quoteSlot = Link.none
}
