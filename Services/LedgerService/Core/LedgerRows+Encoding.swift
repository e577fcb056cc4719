import Records
import TradingCore

extension LedgerRows {
    /// Appends all rows; `endedOrders` too, so that changes can be carried as well as a state.
    public func encode(into writer: inout StateWriter) {
        counters.encode(into: &writer)
        writer.write(UInt64(balances.count))
        for row in balances {
            writer.write(row.account)
            writer.write(row.asset)
            writer.write(row.free)
            writer.write(row.locked)
        }
        writer.write(UInt64(venue.count))
        for row in venue {
            writer.write(row.asset)
            writer.write(row.clearing)
            writer.write(row.fees)
            writer.write(row.custody)
        }
        writer.write(UInt64(openOrders.count))
        for row in openOrders { row.encode(into: &writer) }
        writer.write(UInt64(endedOrders.count))
        for id in endedOrders { writer.write(id) }
        writer.write(UInt64(closedNames.count))
        for row in closedNames { row.encode(into: &writer) }
        writer.write(UInt64(marks.count))
        for row in marks { row.encode(into: &writer) }
        writer.write(UInt64(deposits.count))
        for row in deposits { row.encode(into: &writer) }
        writer.write(UInt64(withdrawals.count))
        for row in withdrawals { row.encode(into: &writer) }
    }

    /// - Throws: `StateError` when the bytes are not such rows.
    public init(decoding reader: inout StateReader) throws(StateError) {
        counters = try LedgerCounters(decoding: &reader)
        for _ in 0..<(try reader.readCount(elementSize: 24)) {
            balances.append(
                BalanceRow(
                    account: try reader.read(), asset: try reader.read(), free: try reader.read(),
                    locked: try reader.read()))
        }
        for _ in 0..<(try reader.readCount(elementSize: 52)) {
            venue.append(
                VenueRow(
                    asset: try reader.read(), clearing: try reader.read(), fees: try reader.read(),
                    custody: try reader.read()))
        }
        for _ in 0..<(try reader.readCount(elementSize: 76)) { openOrders.append(try OpenOrderRow(decoding: &reader)) }
        for _ in 0..<(try reader.readCount(elementSize: 8)) { endedOrders.append(try reader.read()) }
        for _ in 0..<(try reader.readCount(elementSize: 33)) {
            closedNames.append(try ClosedNameRow(decoding: &reader))
        }
        for _ in 0..<(try reader.readCount(elementSize: 41)) { marks.append(try MarkRow(decoding: &reader)) }
        for _ in 0..<(try reader.readCount(elementSize: 42)) { deposits.append(try DepositRow(decoding: &reader)) }
        for _ in 0..<(try reader.readCount(elementSize: 75)) {
            withdrawals.append(try WithdrawalRow(decoding: &reader))
        }
    }
}

extension LedgerCounters {
    func encode(into writer: inout StateWriter) {
        writer.write(logicVersion)
        writer.write(clock)
        writer.write(journalSequence)
        writer.write(withdrawalCounter)
        writer.write(depositCounter)
        writer.write(closedSequence)
        writer.write(markSequence)
        writer.write(UInt64(forwarded.count))
        for number in forwarded { writer.write(number) }
    }

    init(decoding reader: inout StateReader) throws(StateError) {
        logicVersion = try reader.read()
        clock = try reader.read()
        journalSequence = try reader.read()
        withdrawalCounter = try reader.read()
        depositCounter = try reader.read()
        closedSequence = try reader.read()
        markSequence = try reader.read()
        for _ in 0..<(try reader.readCount(elementSize: 8)) { forwarded.append(try reader.read()) }
    }
}

extension OpenOrderRow {
    fileprivate func encode(into writer: inout StateWriter) {
        writer.write(orderID)
        writer.write(account)
        writer.write(instrument)
        writer.write(clientOrderID)
        writer.write(side)
        writer.write(isByQuote)
        writer.write(matchingPartition)
        writer.write(price)
        writer.write(remaining)
        writer.write(held)
        writer.write(scale.quotePerTickLot)
        writer.write(scale.basePerLot)
        writer.write(baseAsset)
        writer.write(quoteAsset)
    }

    fileprivate init(decoding reader: inout StateReader) throws(StateError) {
        self.init(
            orderID: try reader.read(), account: try reader.read(), instrument: try reader.read(),
            clientOrderID: try reader.readText(), side: try reader.read(), isByQuote: try reader.readBool(),
            matchingPartition: try reader.read(), price: try reader.read(), remaining: try reader.read(),
            held: try reader.read(),
            scale: InstrumentScale(quotePerTickLot: try reader.read(), basePerLot: try reader.read()),
            baseAsset: try reader.read(), quoteAsset: try reader.read())
    }
}

extension ClosedNameRow {
    fileprivate func encode(into writer: inout StateWriter) {
        writer.write(sequence)
        writer.write(orderID)
        writer.write(account)
        writer.write(instrument)
        writer.write(clientOrderID)
        writer.write(keptUntil)
    }

    fileprivate init(decoding reader: inout StateReader) throws(StateError) {
        self.init(
            sequence: try reader.read(), orderID: try reader.read(), account: try reader.read(),
            instrument: try reader.read(), clientOrderID: try reader.readText(), keptUntil: try reader.read())
    }
}

extension MarkRow {
    fileprivate func encode(into writer: inout StateWriter) {
        writer.write(sequence)
        writer.write(account)
        writer.write(instrument)
        writer.write(orderID)
        writer.write(clientOrderID)
        writer.write(timestamp)
        writer.write(keptUntil)
    }

    fileprivate init(decoding reader: inout StateReader) throws(StateError) {
        self.init(
            sequence: try reader.read(), account: try reader.read(), instrument: try reader.read(),
            orderID: try reader.read(), clientOrderID: try reader.readText(), timestamp: try reader.read(),
            keptUntil: try reader.read())
    }
}

extension DepositRow {
    fileprivate func encode(into writer: inout StateWriter) {
        writer.write(sequence)
        writer.write(account)
        writer.write(asset)
        writer.write(amount)
        writer.write(reference)
        writer.write(transactionID)
        writer.write(network)
        writer.write(postedAt)
    }

    fileprivate init(decoding reader: inout StateReader) throws(StateError) {
        self.init(
            sequence: try reader.read(), account: try reader.read(), asset: try reader.read(),
            amount: try reader.read(), reference: try reader.readText(), transactionID: try reader.readString(),
            network: try reader.readText(), postedAt: try reader.read())
    }
}

extension WithdrawalRow {
    fileprivate func encode(into writer: inout StateWriter) {
        writer.write(id)
        writer.write(account)
        writer.write(asset)
        writer.write(amount)
        writer.write(fee)
        writer.write(status)
        writer.write(withdrawOrderID)
        writer.write(address)
        writer.write(addressTag)
        writer.write(network)
        writer.write(transactionID)
        writer.write(requestedAt)
        writer.write(resolvedAt)
    }

    fileprivate init(decoding reader: inout StateReader) throws(StateError) {
        self.init(
            id: try reader.read(), account: try reader.read(), asset: try reader.read(), amount: try reader.read(),
            fee: try reader.read(), status: try reader.read(), withdrawOrderID: try reader.readText(),
            address: try reader.readString(), addressTag: try reader.readString(), network: try reader.readText(),
            transactionID: try reader.readString(), requestedAt: try reader.read(), resolvedAt: try reader.read())
    }
}
