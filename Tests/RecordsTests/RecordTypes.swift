import Records
import TradingCore

/// A message of the schema behind closures, so that one test goes over all of them.
struct RecordType: Sendable {
    let name: String
    /// Decodes, and gives the encoding of what came out.
    let recode: @Sendable ([UInt8]) throws(RecordError) -> [UInt8]
    /// Decodes, and prints the fields as `reference.py` does.
    let print: @Sendable ([UInt8]) throws(RecordError) -> String
    /// Decodes twice, the second time over what came out first, and compares; and compares the size with its bound.
    let isStable: @Sendable ([UInt8]) throws(RecordError) -> Bool
    /// Decodes the second bytes over what came out of the first, and gives the encoding of the result.
    let recodeOver: @Sendable ([UInt8], [UInt8]) throws(RecordError) -> [UInt8]

    init<Message: RecordMessage>(_ type: Message.Type) {
        name = "\(type)"
        recode = { bytes throws(RecordError) in try Message(decoding: bytes).encoded }
        print = { bytes throws(RecordError) in fieldText(try Message(decoding: bytes)) }
        isStable = { bytes throws(RecordError) in
            let message = try Message(decoding: bytes)
            let encoding = message.encoded
            var kept = message
            try kept.decode(encoding.span.bytes)
            return try Message(decoding: encoding) == message && kept == message
                && encoding.count <= message.sizeBound && message.encodedSize == encoding.count
        }
        recodeOver = { first, second throws(RecordError) in
            var kept = try Message(decoding: first)
            try kept.decode(second.span.bytes)
            return kept.encoded
        }
    }
}

/// A topic's union behind closures.
struct UnionType: Sendable {
    let name: String
    let types: [UInt32: String]
    /// Decodes a payload, and gives its type and encoding again.
    let recode: @Sendable (UInt32, [UInt8]) throws(RecordError) -> (UInt32, [UInt8])

    init<Record: RecordUnion>(_ type: Record.Type) {
        name = "\(type)"
        types = Record.typeNames
        recode = { type, payload throws(RecordError) in
            let record = try Record(type: type, payload: payload)
            var writer = RecordWriter()
            record.encodePayload(into: &writer)
            return (record.type, writer.array)
        }
    }
}

/// Every message that is not a union; the interop test holds this list against the schema.
let recordTypes: [RecordType] = [
    RecordType(AccountDefinition.self),
    RecordType(AccountEvent.self),
    RecordType(AggregateTrade.self),
    RecordType(AmendOrder.self),
    RecordType(ApiKeyNotice.self),
    RecordType(AssetDefinition.self),
    RecordType(Balance.self),
    RecordType(BookLevel.self),
    RecordType(CancelAll.self),
    RecordType(CancelOrder.self),
    RecordType(Candle.self),
    RecordType(Deposit.self),
    RecordType(DepositPosted.self),
    RecordType(EngineTick.self),
    RecordType(Envelope.self),
    RecordType(Execution.self),
    RecordType(FeeSchedule.self),
    RecordType(Forward.self),
    RecordType(Frame.self),
    RecordType(InstrumentDefinition.self),
    RecordType(InstrumentReport.self),
    RecordType(LevelChange.self),
    RecordType(Marker.self),
    RecordType(MarketSnapshot.self),
    RecordType(MarketStatistics.self),
    RecordType(MarketUpdate.self),
    RecordType(OpenNotionalLimit.self),
    RecordType(OrderAccepted.self),
    RecordType(OrderAmended.self),
    RecordType(OrderDone.self),
    RecordType(OrderEnd.self),
    RecordType(OrderReduced.self),
    RecordType(PlaceOrder.self),
    RecordType(Prevention.self),
    RecordType(PublicTrade.self),
    RecordType(QuarantinedRecord.self),
    RecordType(RaiseLogicVersion.self),
    RecordType(ReferencePrice.self),
    RecordType(Refusal.self),
    RecordType(RequestWithdrawal.self),
    RecordType(ResolveWithdrawal.self),
    RecordType(RevisionReport.self),
    RecordType(SettleFill.self),
    RecordType(Settlement.self),
    RecordType(SubmitOrder.self),
    RecordType(TestPassed.self),
    RecordType(Tick.self),
    RecordType(Ticker.self),
    RecordType(TopOfBook.self),
    RecordType(Trade.self),
    RecordType(VenueDefinition.self),
    RecordType(WithdrawalUpdate.self),
]

let unionTypes: [UnionType] = [
    UnionType(AccountEventsRecord.self),
    UnionType(ExecutionsRecord.self),
    UnionType(LedgerRecord.self),
    UnionType(MarketDataRecord.self),
    UnionType(MatchingRecord.self),
    UnionType(OrdersRecord.self),
    UnionType(QuarantineRecord.self),
    UnionType(ReferenceDataRecord.self),
]

/// Prints every field of a message in the order of numbers: numbers as such, text and bytes in hex, `~` for what is absent.
private func fieldText(_ value: Any) -> String {
    switch value {
    case let message as any RecordMessage:
        let fields = Mirror(reflecting: message).children.map { "\($0.label ?? ""):\(fieldText($0.value))" }
        return "{" + fields.joined(separator: ",") + "}"
    case let text as ASCIIText: return hexadecimal(text.withBytes { Array($0) })
    case let text as String: return hexadecimal(Array(text.utf8))
    // An empty array of anything can be cast to one of bytes.
    case let bytes as [UInt8] where type(of: value) == [UInt8].self: return hexadecimal(bytes)
    case let flag as Bool: return flag ? "1" : "0"
    case let wrapped as any RawRepresentable: return fieldText(wrapped.rawValue)
    default: break
    }
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional: return mirror.children.first.map { fieldText($0.value) } ?? "~"
    case .collection: return "[" + mirror.children.map { fieldText($0.value) }.joined(separator: ",") + "]"
    default: return "\(value)"
    }
}

private func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
