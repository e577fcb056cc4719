import MatchingEngineCore
import Messaging
import ProcessorKit
import ServiceKit
import Storage
import TradingCore

/// The books of the newest checkpoints as JSON, a line a partition:
///
///     {"partition":0,"offset":17,"markets":[{"symbol":"BTCUSDT","lastUpdateId":2,"lastTradeId":0,
///      "bids":[["45000.00000000","0.01000000",1]],"asks":[]}]}
///
/// `offset` is that of the next record of the inbox. A level is its price, its quantity and how many orders it has, printed as the client
/// API prints them.
enum BookReport {
    static func run(_ context: ServiceContext) throws -> ExitCode {
        let folder = context.configuration[StandardKeys.checkpointDirectory]
        for name in try FileCheckpointStore.names(inFolder: folder) {
            guard let stored = try FileCheckpointStore.newest(inFolder: folder, name: name) else { continue }
            print(try line(of: Checkpoint(decoding: stored.bytes)))
        }
        return .clean
    }

    private static func line(of checkpoint: Checkpoint) throws(StateError) -> String {
        var reader = StateReader(checkpoint.state)
        let core = try MatchingCore(decoding: &reader)
        let markets = core.bookLevels().map(text).joined(separator: ",")
        return #"{"partition":\#(core.partition),"offset":\#(checkpoint.runtime.next),"markets":[\#(markets)]}"#
    }

    private static func text(_ book: BookLevels) -> String {
        """
        {"symbol":"\(book.definition.symbol)","lastUpdateId":\(book.lastUpdateID),"lastTradeId":\(book.lastTradeID),\
        "bids":[\(text(book.bids, of: book))],"asks":[\(text(book.asks, of: book))]}
        """
    }

    private static func text(_ levels: [BookLevels.Level], of book: BookLevels) -> String {
        let definition = book.definition
        return levels.map { level in
            let price = decimal(level.price.rawValue, definition.tickSize, definition.quoteDecimals)
            let quantity = decimal(level.quantity.rawValue, definition.stepSize, definition.baseDecimals)
            return #"["\#(price)","\#(quantity)",\#(level.orderCount)]"#
        }.joined(separator: ",")
    }

    /// `count` units of `size` minor units, padded as the client API pads.
    private static func decimal(_ count: Int64, _ size: Int64, _ decimals: UInt32) -> String {
        var bytes: [UInt8] = []
        DecimalText.append(Int128(count) * Int128(size), decimals: Int(decimals), minimumDecimals: 8, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
