import Records
import Testing
import TradingCore

@Suite struct `A frame` {
    let order = PlaceOrder(
        account: AccountID(7), instrument: InstrumentID(3), clientOrderId: "abc", side: .sell, type: .limitMaker,
        timeInForce: .goodTillCanceled, quantity: 100, price: 5, selfTradePrevention: .expireMaker)

    let header = EnvelopeHeader(
        writer: Writer(.gateway, 2), number: 9, epoch: 1_700_000_000_000, causeWriter: Writer(.ledgerService, 1),
        causeNumber: 77,
        origin: Origin(writer: Writer(.gateway, 2), epoch: 5, number: 8, log: Origin.log(.orders, 3)),
        schemaVersion: 1,
        traceContext: TraceContext(traceIDHigh: 1, traceIDLow: 2, parentSpanID: 3, flags: 1))

    /// The items of a frame, with each payload.
    func items(_ frame: [UInt8]) -> [(FrameReader.Item, [UInt8])] {
        var reader = FrameReader()
        var items: [(FrameReader.Item, [UInt8])] = []
        while let item = reader.next(in: frame.span.bytes) {
            let index = reader.index
            #expect(index == items.count)
            switch item {
            case .record(let record): items.append((item, Array(frame[record.payload])))
            case .unreadable(let range, _): items.append((item, Array(frame[range])))
            }
        }
        let after = reader.next(in: frame.span.bytes)
        #expect(after == nil)
        return items
    }

    @Test func `is what the schema's message gives, byte for byte`() throws {
        let longText = String(repeating: "x", count: 20000)
        let records: [OrdersRecord] = [
            .placeOrder(order), .tick(Tick()), .deposit(Deposit(transactionId: longText)),
            .resolveWithdrawal(ResolveWithdrawal(transactionId: String(longText.prefix(130)))),
            .asset(AssetDefinition(name: String(longText.prefix(110)))),
        ]
        for header in [header, EnvelopeHeader(number: 1)] {
            var writer = FrameWriter()
            var hash: UInt64 = 0
            var expected = Frame()
            for record in records {
                let previous = hash
                let next = writer.append(header, record, after: previous)
                hash = try #require(next)
                var payload = RecordWriter()
                record.encodePayload(into: &payload)
                #expect(hash == XXH64.hash(payload.array, seed: previous))
                expected.envelopes.append(envelope(header, record.type, hash, payload.array))
            }
            let count = writer.recordCount
            #expect(count == records.count)
            let frame = writer.array
            #expect(frame == expected.encoded)
            #expect(try Frame(decoding: frame) == expected)

            var copied = FrameWriter()
            for (item, payload) in items(frame) {
                guard case .record(let record) = item else { throw RecordError.truncated }
                let fits = copied.append(record.header, payload: payload.span.bytes)
                #expect(fits)
            }
            let copy = copied.array
            #expect(copy == frame)
        }
    }

    private func envelope(_ header: EnvelopeHeader, _ type: UInt32, _ hash: UInt64, _ payload: [UInt8]) -> Envelope {
        Envelope(
            type: type, writer: header.writer, number: header.number, hash: hash, epoch: header.epoch,
            causeWriter: header.causeWriter, causeNumber: header.causeNumber, originWriter: header.origin.writer,
            originEpoch: header.origin.epoch, originNumber: header.origin.number, originLog: header.origin.log,
            payload: payload, schemaVersion: header.schemaVersion,
            traceContext: header.traceContext == nil
                ? [] : [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3, 1])
    }

    @Test func `gives each record's header and where its payload stands`() throws {
        var writer = FrameWriter()
        let appended = writer.append(header, OrdersRecord.placeOrder(order), after: 5)
        let hash = try #require(appended)
        _ = writer.append(header, OrdersRecord.tick(Tick()), after: hash)
        let read = items(writer.array)
        #expect(read.count == 2)
        guard case .record(let first) = read[0].0 else { throw RecordError.truncated }
        var expected = header
        expected.type = 1
        expected.hash = hash
        #expect(first.header == expected)
        #expect(try OrdersRecord(type: 1, payload: read[0].1) == .placeOrder(order))
        #expect(read[1].1.isEmpty)
    }

    @Test func `reads an envelope whose payload cannot be read`() throws {
        var writer = FrameWriter()
        let payload: [UInt8] = [0xff, 0xff]
        _ = writer.append(EnvelopeHeader(type: 1, number: 4), payload: payload.span.bytes)
        let read = items(writer.array)
        guard case .record(let record) = read[0].0 else { throw RecordError.truncated }
        #expect(record.header.number == 4)
        #expect(throws: RecordError.self) { try OrdersRecord(type: 1, payload: read[0].1) }
    }

    @Test func `sets aside an envelope that cannot be read and goes on behind it`() {
        var writer = FrameWriter()
        _ = writer.append(header, OrdersRecord.placeOrder(order), after: 0)
        let good = writer.array
        let bad: [UInt8] = [10, 3, 25, 1, 2]
        let read = items(bad + good + bad)
        #expect(read.count == 3)
        #expect(read[0].0 == .unreadable(2..<5, .truncated))
        #expect(read[2].0 == .unreadable(good.count + 7..<good.count + 10, .truncated))
    }

    @Test func `gives the rest as unreadable where it is cut`() {
        var writer = FrameWriter()
        _ = writer.append(header, OrdersRecord.placeOrder(order), after: 0)
        let one = writer.array
        let read = items(one + one.dropLast())
        #expect(read.count == 2)
        #expect(read[1].0 == .unreadable(one.count..<one.count * 2 - 1, .truncated))
    }

    @Test func `steps over fields that it does not know`() {
        var writer = FrameWriter()
        _ = writer.append(header, OrdersRecord.placeOrder(order), after: 0)
        let unknown: [UInt8] = [0x10, 5, 0x1a, 1, 0]
        #expect(items(unknown + writer.array + unknown).count == 1)
        #expect(items(unknown).isEmpty)
        #expect(items([]).isEmpty)
    }

    @Test func `takes no more than its limit and is unchanged by what does not fit`() {
        var writer = FrameWriter(limit: 1000)
        var hash: UInt64 = 0
        while let next = writer.append(header, OrdersRecord.placeOrder(order), after: hash) { hash = next }
        let (full, records) = (writer.array, writer.recordCount)
        #expect(full.count <= 1000)
        #expect(items(full).count == records)
        let large = OrdersRecord.deposit(Deposit(transactionId: String(repeating: "x", count: 1000)))
        let refused = writer.append(header, large, after: hash)
        let same = writer.array
        #expect(refused == nil)
        #expect(same == full)
        writer.clear()
        let refusedAlone = writer.append(header, large, after: hash)
        let isEmpty = writer.isEmpty && writer.count == 0
        #expect(refusedAlone == nil)
        #expect(isEmpty)
    }
}
