import Records
import Testing
import TradingCore

@Suite struct `Decoding` {
    /// A record report's fields by hand: kind 1, id 2, revision 3.
    private let kind: [UInt8] = [8, 2]
    private let revision: [UInt8] = [25, 7, 0, 0, 0, 0, 0, 0, 0]

    @Test func `takes fields in any order, the last one winning`() throws {
        let report = try RevisionReport(decoding: [16, 5] + revision + [16, 9] + kind)
        #expect(report == RevisionReport(kind: .instrument, id: 9, revision: 7))
    }

    @Test func `steps over fields of every wire type that the schema does not know`() throws {
        let unknown: [UInt8] = [
            0xa0, 6, 0x96, 1, 0xa1, 6, 1, 2, 3, 4, 5, 6, 7, 8, 0xa2, 6, 2, 9, 9, 0xa5, 6, 1, 2, 3, 4,
        ]
        #expect(try RevisionReport(decoding: unknown + kind + unknown) == RevisionReport(kind: .instrument))
    }

    @Test func `takes a known number with another wire type for an unknown field`() throws {
        #expect(try RevisionReport(decoding: kind + [18, 1, 5]) == RevisionReport(kind: .instrument))
    }

    @Test func `takes repeated numbers packed, unpacked and in pieces`() throws {
        let one: [UInt8] = [1, 0, 0, 0, 0, 0, 0, 0]
        let two: [UInt8] = [2, 0, 0, 0, 0, 0, 0, 0]
        let tick = EngineTick(ledgerApplied: [1, 2, 1])
        #expect(try EngineTick(decoding: [10, 24] + one + two + one) == tick)
        #expect(try EngineTick(decoding: [9] + one + [9] + two + [9] + one) == tick)
        #expect(try EngineTick(decoding: [9] + one + [10, 16] + two + one) == tick)
        #expect(throws: RecordError.truncated) { try EngineTick(decoding: [10, 9] + one + [1]) }
    }

    @Test func `merges a message that comes in pieces`() throws {
        let first = Execution(refusal: Refusal(reason: .marketClosed, limit: 5)).encoded
        let second = Execution(refusal: Refusal(reason: .marketClosed, actual: 6, decimals: 2)).encoded
        let merged = Refusal(reason: .marketClosed, limit: 5, actual: 6, decimals: 2)
        #expect(try Execution(decoding: first + second) == Execution(refusal: merged))
    }

    @Test func `demands a required enum with a known value`() {
        #expect(throws: RecordError.missingField(1)) { try RevisionReport(decoding: revision) }
        #expect(throws: RecordError.unknownEnumValue(field: 1, value: 0)) { try RevisionReport(decoding: [8, 0]) }
        #expect(throws: RecordError.unknownEnumValue(field: 1, value: 99)) { try RevisionReport(decoding: [8, 99]) }
        #expect(throws: RecordError.unknownEnumValue(field: 1, value: 258)) {
            try RevisionReport(decoding: [8, 0x82, 2])
        }
    }

    @Test func `tells an absent enum from a present one`() throws {
        let refusal = Refusal(reason: .filter)
        #expect(try Refusal(decoding: refusal.encoded).filter == nil)
        #expect(try Refusal(decoding: Refusal(reason: .filter, filter: .lotSize).encoded).filter == .lotSize)
    }

    @Test func `refuses groups, a field number of 0 and tags that are too long`() {
        #expect(throws: RecordError.invalidTag(0xa3)) { try Tick(decoding: [0xa3, 1, 0xa4, 1]) }
        #expect(throws: RecordError.invalidTag(2)) { try Tick(decoding: [2, 0]) }
        #expect(throws: RecordError.malformedVarint) {
            try Tick(decoding: [0x88, 0x80, 0x80, 0x80, 0x80, 0, 1])
        }
    }

    @Test func `refuses a varint without an end and one of eleven bytes`() {
        #expect(throws: RecordError.truncated) { try RevisionReport(decoding: [16, 0x80]) }
        #expect(throws: RecordError.malformedVarint) {
            try RevisionReport(decoding: [16] + [UInt8](repeating: 0x80, count: 10) + [1])
        }
    }

    @Test(arguments: [0, 1, 7, 8, 9, 32, 38, 39])
    func `keeps an ASCII text of any length, at the end and before more`(_ count: Int) throws {
        let text = String(repeating: "~", count: count)
        let id = try #require(ASCIIText(text))
        let short = Marker(clientOrderId: id)
        #expect(try Marker(decoding: short.encoded) == short)
        let long = Marker(clientOrderId: id, timestamp: Timestamp(-1))
        // Unknown bytes behind it change nothing.
        let filler: [UInt8] = [0x7a, 50] + [UInt8](repeating: 0xff, count: 50)
        #expect(try Marker(decoding: long.encoded + filler) == long)
    }

    @Test func `refuses an ASCII text that is too long or not ASCII`() {
        for filler in [[], [UInt8](repeating: 0, count: 60)] {
            let tail: [UInt8] = filler.isEmpty ? [] : [0x7a, 60] + filler
            #expect(throws: RecordError.tooLong(count: 40, limit: 39)) {
                try Marker(decoding: [34, 40] + [UInt8](repeating: 65, count: 40) + tail)
            }
            #expect(throws: RecordError.invalidText) { try Marker(decoding: [34, 2, 65, 0xc3] + tail) }
        }
    }

    @Test func `refuses text that is not UTF-8`() {
        #expect(throws: RecordError.invalidText) { try ApiKeyNotice(decoding: [10, 2, 0xc3, 0x28]) }
    }

    @Test func `refuses a length past the end`() {
        #expect(throws: RecordError.truncated) { try ApiKeyNotice(decoding: [10, 5, 65]) }
        #expect(throws: RecordError.truncated) {
            try ApiKeyNotice(decoding: [10, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1])
        }
    }
}

@Suite struct `Encoding` {
    @Test func `leaves defaults out`() {
        #expect(Execution().encoded.isEmpty)
        #expect(Marker().encoded.isEmpty)
        #expect(RevisionReport().encoded == [8, 1])
    }

    @Test func `appends to what a writer holds and grows it`() {
        var writer = RecordWriter(capacity: 1)
        let order = PlaceOrder(clientOrderId: "a")
        for _ in 0..<100 { order.encode(into: &writer) }
        let bytes = writer.array
        #expect(bytes == Array(repeatElement(order.encoded, count: 100).joined()))
        writer.truncate(to: 3)
        let cut = writer.array
        #expect(cut == Array(bytes.prefix(3)))
        writer.clear()
        let count = writer.count
        #expect(count == 0)
    }
}
