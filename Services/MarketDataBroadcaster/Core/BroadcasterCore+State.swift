import Records
import TradingCore

extension BroadcasterCore {
    /// The layout of the saved state.
    private static let stateVersion: UInt32 = 2

    /// Writes the state; equal states give equal bytes.
    public func encodeState(into writer: inout StateWriter) {
        writer.write(BroadcasterCore.stateVersion)
        writer.write(logicVersion)
        writer.write(UInt32(partition))
        writer.write(nextTimer ?? Timestamp(0))
        writer.write(nextRound)
        writer.write(hasNews)
        writer.write(isWithinInput)
        writer.write(UInt64(marketCount))
        for market in 0..<marketCount { markets[market].encode(into: &writer) }
    }

    /// Reads a saved state.
    ///
    /// - Throws: `StateError` when the bytes are not a state, or one of a logic version that this release does not know.
    public init(decoding reader: inout StateReader) throws(StateError) {
        let stateVersion: UInt32 = try reader.read()
        guard stateVersion == BroadcasterCore.stateVersion else {
            throw StateError("the state has layout \(stateVersion), not \(BroadcasterCore.stateVersion)")
        }
        let logicVersion: UInt32 = try reader.read()
        guard logicVersion <= BroadcasterCore.newestLogicVersion else {
            throw StateError("logic version \(logicVersion) is not known; the newest is \(Self.newestLogicVersion)")
        }
        let partition: UInt32 = try reader.read()
        let timer: Timestamp = try reader.read()
        let nextRound: Timestamp = try reader.read()
        let hasNews = try reader.readBool()
        let isWithinInput = try reader.readBool()
        var markets = KeptList<MarketState>(capacity: 16)
        for _ in 0..<(try reader.readCount()) { markets.append(try MarketState(decoding: &reader)) }
        self.init(partition: Int(partition))
        self.logicVersion = logicVersion
        nextTimer = timer.rawValue == 0 ? nil : timer
        self.nextRound = nextRound
        self.hasNews = hasNews
        self.isWithinInput = isWithinInput
        restore(markets)
    }
}
