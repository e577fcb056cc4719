import Records
import Synchronization
import TradingCore

/// The last trade of every market, told by the thread that follows `executions` and asked by the one that owns `orders` partitions.
public final class LastTrades: Sendable {
    private let trades = Mutex<[InstrumentID: (price: Price, trade: TradeID)]>([:])

    public init() {}

    func saw(_ trade: Trade, in instrument: InstrumentID) {
        trades.withLock { trades in
            if let last = trades[instrument], last.trade >= trade.tradeId { return }
            trades[instrument] = (trade.price, trade.tradeId)
        }
    }

    public func last(in instrument: InstrumentID) -> (price: Price, trade: TradeID)? {
        trades.withLock { $0[instrument] }
    }
}
