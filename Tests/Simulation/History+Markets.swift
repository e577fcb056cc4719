import GatewayCore
import MarketDataBroadcasterCore
import MarketDataBroadcasterMachine
import Messaging
import Records
import TradingCore

extension History {
    /// Goes through the executions of every market: priority, promises of order types, numbers, levels.
    func checkMarkets() throws -> [MarketModel] {
        var models: [InstrumentID: MarketModel] = [:]
        for instrument in 1...venue.instruments {
            let id = InstrumentID(UInt32(instrument))
            models[id] = MarketModel(instrument: id)
        }
        for (applied, execution) in executions {
            guard var model = models[execution.instrument] else {
                // Of a market nobody named: a logic version was raised.
                guard execution.accepted == nil, execution.trades.isEmpty, execution.levels.isEmpty else {
                    throw Violation("something happened in no market: \(execution)")
                }
                continue
            }
            models[execution.instrument] = nil
            try model.apply(execution, clock: applied.clock, &events)
            models[execution.instrument] = model
            if execution.refusal?.reason == .wouldMatchImmediately { events[.makerOnlyRefused] += 1 }
        }
        let markets = models.values.sorted { $0.instrument < $1.instrument }
        for market in markets {
            let subject: VenueOperator.Subject = market.instrument.rawValue == 1 ? .firstInstrument : .secondInstrument
            guard market.status == venueOperator.current(subject).status else {
                throw Violation("market \(market.instrument) is \(market.status), the operators set another status")
            }
        }
        try checkKilled(markets)
        return markets
    }

    // MARK: Public data

    /// Everybody's market data tells what the executions tell: books, trades, times.
    func checkMarketData(_ markets: [MarketModel]) throws {
        for market in markets {
            let view = try publicView(market)
            try check(view, market, "the log's")
            for gateway in gateways {
                guard let view = gateway.markets[market.instrument] else {
                    throw Violation("gateway \(gateway.slot) does not know market \(market.instrument)")
                }
                try check(view, market, "gateway \(gateway.slot)'s")
            }
            try checkPictures(market)
        }
    }

    /// A view of the whole log, every update of which follows the one before.
    private func publicView(_ market: MarketModel) throws -> MarketView {
        let partition = venue.partition(ofInstrument: Int(market.instrument.rawValue))
        let view = MarketView(instrument: market.instrument)
        var trades: [PublicTrade] = []
        var lastTime = Timestamp(0)
        for applied in logs.marketData[partition].records {
            switch applied.record {
            case .update(let update) where update.instrument == market.instrument:
                if !update.levels.isEmpty {
                    guard update.firstUpdateId.rawValue == view.lastUpdateID.rawValue + 1 else {
                        throw Violation("public update \(update.firstUpdateId) follows \(view.lastUpdateID)")
                    }
                }
                guard update.time >= lastTime else { throw Violation("public time goes back from \(lastTime)") }
                lastTime = update.time
                trades += update.trades
                view.apply(update)
            case .statistics(let statistics) where statistics.instrument == market.instrument: view.apply(statistics)
            case .snapshot(let snapshot) where snapshot.instrument == market.instrument: view.apply(snapshot)
            default: break
            }
        }
        let expected = market.trades.map { trade, clock in
            PublicTrade(
                tradeId: trade.tradeId, price: trade.price, quantity: trade.quantity, quoteAmount: trade.quoteAmount,
                buyerIsMaker: trade.takerSide == .sell, time: Timestamp(clock))
        }
        guard trades == expected else { throw Violation("public trades are \(trades), fills were \(expected)") }
        return view
    }

    private func check(_ view: MarketView, _ market: MarketModel, _ whose: String) throws {
        for side in [Side.buy, .sell] {
            let book = side == .buy ? view.bids : view.asks
            let shown = (0..<book.count).map { book[$0] }
            guard shown == market.book(side) else {
                throw Violation("\(whose) \(side) side of \(market.instrument) is \(shown), not \(market.book(side))")
            }
        }
        let lastTrade = market.trades.last?.trade.tradeId
        guard view.lastUpdateID.rawValue == market.lastUpdate, view.trades.last?.tradeId == lastTrade
        else { throw Violation("\(whose) market \(market.instrument) is not at its last update and trade") }
    }

    /// The broadcasters' own books and days.
    private func checkPictures(_ market: MarketModel) throws {
        for replica in replicas {
            guard let machine = replica.process?.machine?.base as? BroadcasterMachine,
                let picture = machine.takePictures(all: true, withStatistics: true)[market.instrument]
            else { continue }
            let isEqual =
                picture.bids.reversed() == market.book(.buy) && picture.asks.reversed() == market.book(.sell)
                && picture.lastUpdateID.rawValue == market.lastUpdate
                && (picture.day?.count ?? 0) == UInt64(market.trades.count)
            guard isEqual else {
                throw Violation("\(replica.name) has \(picture), the executions make \(market)")
            }
        }
    }
}
