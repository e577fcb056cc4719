import Records
import TradingCore

extension MatchingCore {
    /// The layout of the saved state.
    private static let stateVersion: UInt32 = 1
    /// Bytes of a saved order at least: for checking counts.
    private static let orderSize = 44

    /// Writes the state; equal states give equal bytes, whatever the slots of their orders.
    public func encodeState(into writer: inout StateWriter) {
        writer.write(MatchingCore.stateVersion)
        writer.write(logicVersion)
        writer.write(UInt32(partition))
        writer.write(UInt64(execution.ledgerApplied.count))
        for index in execution.ledgerApplied.indices {
            writer.write(execution.ledgerApplied[index])
            writer.write(execution.ledgerWritten[index])
        }
        writer.write(UInt64(books.marketCount))
        let byInstrument = (0..<books.marketCount).sorted {
            books.market($0).pointee.definition.instrument < books.market($1).pointee.definition.instrument
        }
        for book in byInstrument {
            books.market(book).pointee.encode(into: &writer)
            for side in Side.allCases { encode(OrderBooks.sideIndex(book, side), into: &writer) }
        }
    }

    private func encode(_ side: UInt32, into writer: inout StateWriter) {
        let slots = books.orders(onSide: side)
        writer.write(UInt64(slots.count))
        for slot in slots {
            let order = books.orders[slot].pointee
            writer.write(books.levels[order.level].pointee.price)
            writer.write(order.id)
            writer.write(order.remaining)
            writer.write(order.executed)
            writer.write(order.original)
            writer.write(order.account)
            writer.write(order.tradeGroup)
            writer.write(order.makerBasisPoints)
            writer.write(order.ledgerPartition)
        }
    }

    /// Reads a saved state.
    ///
    /// - Throws: `StateError` when the bytes are not a state, or one of a logic version that this release does not know.
    public init(decoding reader: inout StateReader) throws(StateError) {
        let stateVersion: UInt32 = try reader.read()
        guard stateVersion == MatchingCore.stateVersion else {
            throw StateError("the state has layout \(stateVersion), not \(MatchingCore.stateVersion)")
        }
        let logicVersion: UInt32 = try reader.read()
        guard logicVersion <= MatchingCore.newestLogicVersion else {
            throw StateError("logic version \(logicVersion) is not known; the newest is \(Self.newestLogicVersion)")
        }
        let partition = Int(try reader.read(UInt32.self))
        var applied: [UInt64] = []
        var written: [UInt64] = []
        for _ in 0..<(try reader.readCount(elementSize: 16)) {
            applied.append(try reader.read())
            written.append(try reader.read())
        }
        let books = try MatchingCore.restoreBooks(from: &reader, ledgers: applied.count)
        self.init(partition: partition)
        self.logicVersion = logicVersion
        self.books = books
        growLedgers(to: applied.count)
        execution.ledgerApplied = applied
        execution.ledgerWritten = written
    }

    private static func restoreBooks(
        from reader: inout StateReader, ledgers: Int
    ) throws(StateError) -> OrderBooks {
        var books = OrderBooks()
        for _ in 0..<(try reader.readCount()) {
            let market = try Market(decoding: &reader)
            guard books.book(market.definition.instrument) == nil else {
                throw StateError("market \(market.definition.instrument) stands twice")
            }
            let book = books.addMarket(market)
            for side in Side.allCases {
                try restoreSide(OrderBooks.sideIndex(book, side), of: &books, from: &reader, ledgers: ledgers)
            }
        }
        return books
    }

    private static func restoreSide(
        _ side: UInt32, of books: inout OrderBooks, from reader: inout StateReader, ledgers: Int
    ) throws(StateError) {
        for _ in 0..<(try reader.readCount(elementSize: orderSize)) {
            let price: Price = try reader.read()
            var order = RestingOrder(
                id: try reader.read(), remaining: try reader.read(), executed: try reader.read(),
                original: try reader.read(), level: noSlot, next: noSlot, previous: noSlot, accountNext: noSlot,
                accountPrevious: noSlot, account: try reader.read(), tradeGroup: try reader.read(),
                makerBasisPoints: try reader.read(), ledgerPartition: try reader.read())
            guard Int(order.ledgerPartition) < ledgers, books.slot(order.id) == noSlot else {
                throw StateError("order \(order.id) stands twice, or under a ledger partition that is not there")
            }
            order.level = books.level(price, side)
            books.append(order)
        }
    }
}

extension Market {
    fileprivate func encode(into writer: inout StateWriter) {
        writer.write(definition.encoded)
        writer.write(lastUpdateID)
        writer.write(lastTradeID)
        writer.write(lastExecutionID)
        writer.write(lastPreventedMatchID)
    }

    fileprivate init(decoding reader: inout StateReader) throws(StateError) {
        let bytes = try reader.readBytes()
        do {
            definition = try InstrumentDefinition(decoding: bytes)
            scale = try InstrumentScale(
                tickSize: definition.tickSize, stepSize: definition.stepSize, baseDecimals: Int(definition.baseDecimals)
            )
        } catch {
            throw StateError("a market's definition is not readable: \(error)")
        }
        lastUpdateID = try reader.read()
        lastTradeID = try reader.read()
        lastExecutionID = try reader.read()
        lastPreventedMatchID = try reader.read()
    }
}
