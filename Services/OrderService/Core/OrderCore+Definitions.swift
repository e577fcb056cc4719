import Records
import TradingCore

// A revision that is not higher changes nothing; the one in force is always reported.
extension OrderCore {
    mutating func define(_ definition: AssetDefinition, _ sink: inout some OrderSink) {
        if let slot = reference.slot(definition.asset) {
            // The code and the decimals are what every amount is made of: they stay.
            let current = reference.assets[slot]
            if definition.revision > current.revision, definition.decimals == current.decimals {
                reference.assets[slot] = definition
            }
            report(.asset, definition.asset.rawValue, reference.assets[slot].revision, &sink)
        } else {
            reference.append(definition)
            report(.asset, definition.asset.rawValue, definition.revision, &sink)
        }
    }

    mutating func define(_ definition: FeeSchedule, _ sink: inout some OrderSink) {
        if let slot = reference.slot(definition.schedule) {
            if definition.revision > reference.feeSchedules[slot].revision {
                reference.feeSchedules[slot] = definition
            }
            report(.feeSchedule, definition.schedule.rawValue, reference.feeSchedules[slot].revision, &sink)
        } else {
            reference.append(definition)
            report(.feeSchedule, definition.schedule.rawValue, definition.revision, &sink)
        }
    }

    mutating func define(_ definition: InstrumentDefinition, _ context: RecordContext, _ sink: inout some OrderSink) {
        if let slot = reference.slot(definition.instrument) {
            let current = reference.instruments[slot].definition
            if definition.revision > current.revision, OrderCore.keepsUnits(of: current, definition) {
                reference.instruments[slot].definition = definition
            }
            report(
                .instrument, definition.instrument.rawValue, reference.instruments[slot].definition.revision, &sink)
            return
        }
        let scale: InstrumentScale
        do {
            scale = try InstrumentScale(
                tickSize: definition.tickSize, stepSize: definition.stepSize,
                baseDecimals: Int(definition.baseDecimals))
        } catch {
            // Not listed; revision 0 says so.
            report(.instrument, definition.instrument.rawValue, 0, &sink)
            return
        }
        reference.append(
            ListedInstrument(
                definition: definition, scale: scale,
                referencePrice: Price(definition.firstReferencePrice / definition.tickSize),
                referenceTrade: TradeID(0), referenceTime: context.clock))
        report(.instrument, definition.instrument.rawValue, definition.revision, &sink)
    }

    /// Whether `next` leaves alone what resting orders are counted in.
    private static func keepsUnits(of current: InstrumentDefinition, _ next: InstrumentDefinition) -> Bool {
        current.tickSize == next.tickSize && current.stepSize == next.stepSize
            && current.baseAsset == next.baseAsset && current.quoteAsset == next.quoteAsset
            && current.baseDecimals == next.baseDecimals && current.quoteDecimals == next.quoteDecimals
            && current.partition == next.partition
    }

    mutating func define(_ definition: AccountDefinition, _ sink: inout some OrderSink) {
        guard Int(definition.partition) == partition else {
            report(.account, definition.account.rawValue, 0, &sink)
            return
        }
        var revision = definition.revision
        var isNewlyKilled = definition.killed
        if let slot = reference.slot(definition.account) {
            let current = reference.accounts[slot].definition
            isNewlyKilled = definition.killed && !current.killed && definition.revision > current.revision
            if definition.revision > current.revision {
                reference.accounts[slot].definition = definition
            }
            revision = reference.accounts[slot].definition.revision
        } else {
            reference.append(ActiveAccount(definition: definition))
        }
        if isNewlyKilled {
            sink.ledger(.cancelAll(CancelAll(account: definition.account, reason: .exchangeCanceled)))
        }
        report(.account, definition.account.rawValue, revision, &sink)
    }

    mutating func define(_ definition: VenueDefinition, _ sink: inout some OrderSink) {
        if definition.revision > venue.revision {
            let isNewlyKilled = definition.killed && !venue.killed
            venue = definition
            if isNewlyKilled { sink.ledger(.cancelAll(CancelAll(reason: .exchangeCanceled))) }
        }
        report(.venue, 0, venue.revision, &sink)
    }

    /// Takes a reference price unless one of a later trade is known; the same trade said again keeps the price fresh.
    mutating func take(_ price: ReferencePrice, _ context: RecordContext) {
        guard let slot = reference.slot(price.instrument), price.price.rawValue > 0,
            price.tradeId >= reference.instruments[slot].referenceTrade
        else { return }
        reference.instruments[slot].referencePrice = price.price
        reference.instruments[slot].referenceTrade = price.tradeId
        reference.instruments[slot].referenceTime = context.clock
    }

    /// The instruments of this partition and the reference price of each, for the owner who follows the last trades.
    public var referencePrices: [ReferencePrice] {
        reference.instruments.elements.map {
            ReferencePrice(
                instrument: $0.definition.instrument, price: $0.referencePrice, tradeId: $0.referenceTrade)
        }
    }

    private func report(_ kind: DefinitionKind, _ id: UInt32, _ revision: UInt64, _ sink: inout some OrderSink) {
        sink.ledger(.revisionReport(RevisionReport(kind: kind, id: id, revision: revision)))
    }
}
