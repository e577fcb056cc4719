import Records
import TradingCore

extension OrderCore {
    /// The layout that `encodeState` writes.
    static let stateFormat: UInt16 = 1

    /// Appends the whole state; equal states give equal bytes.
    public func encodeState(into writer: inout StateWriter) {
        writer.write(OrderCore.stateFormat)
        writer.write(UInt32(partition))
        writer.write(logicVersion)
        writer.write(orderCount)
        writer.write(venue.encoded)
        writer.write(UInt64(reference.assets.count))
        for asset in reference.assets.elements { writer.write(asset.encoded) }
        writer.write(UInt64(reference.feeSchedules.count))
        for schedule in reference.feeSchedules.elements { writer.write(schedule.encoded) }
        writer.write(UInt64(reference.instruments.count))
        for instrument in reference.instruments.elements {
            writer.write(instrument.definition.encoded)
            writer.write(instrument.referencePrice)
            writer.write(instrument.referenceTrade)
            writer.write(instrument.referenceTime)
        }
        writer.write(UInt64(reference.accounts.count))
        for account in reference.accounts.elements {
            writer.write(account.definition.encoded)
            writer.write(account.slot)
            writer.write(account.ordersInSlot)
            writer.write(account.day)
            writer.write(account.ordersInDay)
        }
    }

    /// The state that `encodeState` wrote.
    ///
    /// - Throws: `StateError` when the bytes are not such a state.
    public init(decoding reader: inout StateReader) throws(StateError) {
        let format: UInt16 = try reader.read()
        guard format == OrderCore.stateFormat else { throw StateError("state format \(format) is not known") }
        let partition: UInt32 = try reader.read()
        guard partition < UInt32(OrderNumbering.partitions) else { throw StateError("partition \(partition)") }
        let logicVersion: UInt32 = try reader.read()
        let orderCount: Int64 = try reader.read()
        let venue: VenueDefinition = try OrderCore.message(from: &reader)
        var assets: [AssetDefinition] = []
        for _ in 0..<(try reader.readCount()) { assets.append(try OrderCore.message(from: &reader)) }
        var schedules: [FeeSchedule] = []
        for _ in 0..<(try reader.readCount()) { schedules.append(try OrderCore.message(from: &reader)) }
        var instruments: [ListedInstrument] = []
        for _ in 0..<(try reader.readCount()) { instruments.append(try OrderCore.instrument(from: &reader)) }
        var accounts: [ActiveAccount] = []
        for _ in 0..<(try reader.readCount()) { accounts.append(try OrderCore.account(from: &reader)) }
        self.init(partition: Int(partition))
        self.logicVersion = logicVersion
        self.orderCount = orderCount
        self.venue = venue
        for asset in assets { reference.append(asset) }
        for schedule in schedules { reference.append(schedule) }
        for instrument in instruments { reference.append(instrument) }
        for account in accounts { reference.append(account) }
    }

    private static func message<Message: RecordMessage>(
        from reader: inout StateReader
    ) throws(StateError) -> Message {
        let bytes = try reader.readBytes()
        do {
            return try Message(decoding: bytes)
        } catch {
            throw StateError("a \(Message.self) in the state cannot be read: \(error)")
        }
    }

    private static func instrument(from reader: inout StateReader) throws(StateError) -> ListedInstrument {
        let definition: InstrumentDefinition = try message(from: &reader)
        let scale: InstrumentScale
        do {
            scale = try InstrumentScale(
                tickSize: definition.tickSize, stepSize: definition.stepSize,
                baseDecimals: Int(definition.baseDecimals))
        } catch {
            throw StateError("instrument \(definition.symbol): \(error)")
        }
        return ListedInstrument(
            definition: definition, scale: scale, referencePrice: try reader.read(),
            referenceTrade: try reader.read(), referenceTime: try reader.read())
    }

    private static func account(from reader: inout StateReader) throws(StateError) -> ActiveAccount {
        ActiveAccount(
            definition: try message(from: &reader), slot: try reader.read(), ordersInSlot: try reader.read(),
            day: try reader.read(), ordersInDay: try reader.read())
    }
}
