import Records
import TradingCore

/// What trades of some span of time amount to. Prices are ticks, quantities lots, sums of quote 128 bits of minor units.
struct Bar: Equatable {
    var open = Price.zero
    var high = Price.zero
    var low = Price.zero
    var close = Price.zero
    var lastQuantity = Quantity.zero
    var volume = Quantity.zero
    var quoteVolume: Int128 = 0
    var takerBuyVolume = Quantity.zero
    var takerBuyQuote: Int128 = 0
    var count: UInt64 = 0
    var firstTradeID = TradeID(0)
    var lastTradeID = TradeID(0)

    var isEmpty: Bool { count == 0 }

    mutating func add(_ trade: Trade) {
        if count == 0 {
            open = trade.price
            high = trade.price
            low = trade.price
            firstTradeID = trade.tradeId
        } else {
            high = max(high, trade.price)
            low = min(low, trade.price)
        }
        close = trade.price
        lastQuantity = trade.quantity
        lastTradeID = trade.tradeId
        volume += trade.quantity
        quoteVolume += Int128(trade.quoteAmount.rawValue)
        count += 1
        guard trade.takerSide == .buy else { return }
        takerBuyVolume += trade.quantity
        takerBuyQuote += Int128(trade.quoteAmount.rawValue)
    }

    /// Takes in what came right after.
    mutating func append(_ later: Bar) {
        guard count > 0 else {
            self = later
            return
        }
        high = max(high, later.high)
        low = min(low, later.low)
        close = later.close
        lastQuantity = later.lastQuantity
        lastTradeID = later.lastTradeID
        volume += later.volume
        quoteVolume += later.quoteVolume
        takerBuyVolume += later.takerBuyVolume
        takerBuyQuote += later.takerBuyQuote
        count += later.count
    }
}

extension Bar {
    func encode(into writer: inout StateWriter) {
        for price in [open, high, low, close] { writer.write(price) }
        for quantity in [lastQuantity, volume, takerBuyVolume] { writer.write(quantity) }
        writer.write(quoteVolume)
        writer.write(takerBuyQuote)
        writer.write(count)
        writer.write(firstTradeID)
        writer.write(lastTradeID)
    }

    init(decoding reader: inout StateReader) throws(StateError) {
        open = try reader.read()
        high = try reader.read()
        low = try reader.read()
        close = try reader.read()
        lastQuantity = try reader.read()
        volume = try reader.read()
        takerBuyVolume = try reader.read()
        quoteVolume = try reader.read()
        takerBuyQuote = try reader.read()
        count = try reader.read()
        firstTradeID = try reader.read()
        lastTradeID = try reader.read()
    }
}

extension Int128 {
    /// The halves as records carry them.
    var lowHalf: UInt64 { UInt64(truncatingIfNeeded: self) }
    var highHalf: UInt64 { UInt64(truncatingIfNeeded: self >> 64) }
}
