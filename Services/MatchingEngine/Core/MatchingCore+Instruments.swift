import Records
import TradingCore

extension MatchingCore {
    /// Takes a higher revision and reports the one in force.
    ///
    /// What prices and quantities are counted in never changes while a market stands: a revision with other sizes or decimals, one for
    /// another partition, and one whose sizes give no exact amounts change nothing. The report of an unknown market has revision 0.
    mutating func define(_ definition: InstrumentDefinition) {
        execution.instrument = definition.instrument
        if let book = books.book(definition.instrument) {
            let market = books.market(book)
            if definition.revision > market.pointee.definition.revision,
                definition.countsAlike(market.pointee.definition)
            {
                market.pointee.definition = definition
                if definition.status == .delisted { expireAll(book) }
            }
        } else if let scale = scale(of: definition) {
            _ = books.addMarket(Market(definition: definition, scale: scale))
        }
        report(definition.instrument)
    }

    private func scale(of definition: InstrumentDefinition) -> InstrumentScale? {
        guard definition.partition == UInt32(partition), definition.instrument.rawValue != 0 else { return nil }
        do throws(InstrumentError) {
            return try InstrumentScale(
                tickSize: definition.tickSize, stepSize: definition.stepSize, baseDecimals: Int(definition.baseDecimals)
            )
        } catch {
            return nil
        }
    }

    private mutating func report(_ instrument: InstrumentID) {
        lists.isRare = true
        guard let book = books.book(instrument) else {
            execution.report = InstrumentReport(revision: 0, status: .delisted)
            return
        }
        let market = books.market(book).pointee
        execution.report = InstrumentReport(
            revision: market.definition.revision, status: market.definition.status,
            quotePerTickLot: market.scale.quotePerTickLot, basePerLot: market.scale.basePerLot,
            symbol: market.definition.symbol, tickSize: market.definition.tickSize,
            stepSize: market.definition.stepSize, baseDecimals: market.definition.baseDecimals,
            quoteDecimals: market.definition.quoteDecimals)
    }

    /// Expires every order of a book: bids, then asks, the best first.
    private mutating func expireAll(_ book: Int) {
        for side in Side.allCases {
            for slot in books.orders(onSide: OrderBooks.sideIndex(book, side)) {
                endResting(slot, .exchangeExpired, ASCIIText())
            }
        }
    }
}

extension InstrumentDefinition {
    /// Whether prices and quantities mean the same under both.
    fileprivate func countsAlike(_ other: InstrumentDefinition) -> Bool {
        partition == other.partition && tickSize == other.tickSize && stepSize == other.stepSize
            && baseDecimals == other.baseDecimals && quoteDecimals == other.quoteDecimals
            && baseAsset == other.baseAsset && quoteAsset == other.quoteAsset
    }
}
