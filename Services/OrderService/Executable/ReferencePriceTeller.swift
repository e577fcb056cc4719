import Messaging
import OrderServiceHistory
import OrderServiceMachine
import Records
import TradingCore

/// Tells the own inboxes the reference prices: when one has moved, at most once a second, and once a minute anyway.
///
/// Used by the processors' thread only.
final class ReferencePriceTeller {
    private static let shortestMilliseconds: Int64 = 1_000
    private static let longestMilliseconds: Int64 = 60_000
    private static let lookMilliseconds: Int64 = 100

    private let lastTrades: LastTrades
    private var nextLook: Int64 = 0
    /// By processor and instrument: when a price was last told.
    private var toldAt: [[InstrumentID: Int64]] = []

    init(_ lastTrades: LastTrades) { self.lastTrades = lastTrades }

    /// - Parameter now: monotonic milliseconds.
    func turn(_ host: ProcessorHost<OrderMachine, KafkaLog>, now: Int64) {
        guard now >= nextLook else { return }
        nextLook = now + ReferencePriceTeller.lookMilliseconds
        while toldAt.count < host.processors.count { toldAt.append([:]) }
        for (index, processor) in host.processors.enumerated() where processor.isCaughtUp {
            guard let machine = processor.machine else { continue }
            for known in machine.referencePrices {
                tell(known, processor, index, now)
            }
        }
    }

    private func tell(
        _ known: ReferencePrice, _ processor: Processor<OrderMachine, KafkaLog>, _ index: Int, _ now: Int64
    ) {
        var price = known
        if let last = lastTrades.last(in: known.instrument), last.trade > known.tradeId {
            price.price = last.price
            price.tradeId = last.trade
        }
        let age = toldAt[index][known.instrument].map { now - $0 } ?? Int64.max
        let hasMoved = price.price != known.price
        guard
            hasMoved
                ? age >= ReferencePriceTeller.shortestMilliseconds : age >= ReferencePriceTeller.longestMilliseconds
        else { return }
        toldAt[index][known.instrument] = now
        let record = OrdersRecord.referencePrice(price)
        processor.appendFact(record.type) { record.encodePayload(into: &$0) }
    }
}
