import Records
import TradingCore

/// The state machine of market-data-broadcaster: one partition of `executions` in, the public data of its markets out.
///
/// Every change of a book and every trade goes out at once as a `MarketUpdate`. Candles and tickers are brought up to date and sent once a
/// second of log time, where they changed. A round of snapshots of every market follows each minute in which anything changed, so that a
/// reader who starts in front of a round knows all.
public struct BroadcasterCore: ~Copyable {
    /// The newest behaviour that this release knows.
    public static let newestLogicVersion: UInt32 = 1
    /// Log time between two rounds of snapshots.
    static let snapshotMilliseconds: Int64 = 60_000
    static let statisticsMilliseconds: Int64 = 1_000

    public let partition: Int
    /// The behaviour in force.
    public internal(set) var logicVersion: UInt32 = 1
    /// When candles, tickers and snapshots are next looked at; nil before the first record.
    public internal(set) var nextTimer: Timestamp?
    /// The boundary at which the next round of snapshots is due.
    var nextRound = Timestamp(0)
    /// Whether anything public changed since the last round.
    var hasNews = false
    /// Whether more parts of an input follow: no snapshot may stand between them.
    var isWithinInput = false
    /// Whether the update has trades, and whether it has a report: so that what it does not say is not cleared again.
    var hasTrades = false
    var hasReport = false

    var markets = KeptList<MarketState>(capacity: 16)
    private var index = SlotIndex()

    @usableFromInline let keptUpdate = KeptRecord(MarketUpdate())
    @usableFromInline var statistics = MarketStatistics()
    /// Where executions of the inbox are decoded.
    @usableFromInline let incoming = KeptRecord(Execution())

    /// A broadcaster that has seen nothing.
    ///
    /// - Parameter partition: the partition of `executions` that is its inbox.
    public init(partition: Int) { self.partition = partition }

    /// The update in the making.
    var update: MarketUpdate {
        @inline(__always)
        _read { yield keptUpdate.value }
        @inline(__always)
        nonmutating _modify { yield &keptUpdate.value }
    }

    /// Applies the next record of the inbox.
    ///
    /// - Throws: `InvariantViolation` for a record that cannot follow from what came before; the state is of no use then.
    @inlinable
    public mutating func apply<Sink: MarketDataSink>(
        _ record: ExecutionsRecord, _ context: RecordContext, to sink: inout Sink
    ) throws(InvariantViolation) {
        switch record {
        case .execution(let execution): try apply(KeptRecord(execution), context, to: &sink)
        case .tick: startTimer(context.clock)
        }
    }

    /// Applies an execution as `apply` of a record does.
    @inlinable
    public mutating func apply<Sink: MarketDataSink>(
        _ execution: borrowing KeptRecord<Execution>, _ context: RecordContext, to sink: inout Sink
    ) throws(InvariantViolation) {
        let effect = try run(UnsafePointer(execution.address), context)
        hand(effect, execution.value.instrument, context, to: &sink)
    }

    /// Applies an execution whose trades and level changes stand apart from it, as the engine lends it.
    ///
    /// - Throws: as `apply` of a record does.
    @inlinable
    public mutating func apply<Sink: MarketDataSink>(
        _ execution: borrowing KeptRecord<Execution>, trades: UnsafeBufferPointer<Trade>,
        levels: UnsafeBufferPointer<LevelChange>, _ context: RecordContext, to sink: inout Sink
    ) throws(InvariantViolation) {
        let effect = try run(UnsafePointer(execution.address), trades, levels, context)
        hand(effect, execution.value.instrument, context, to: &sink)
    }

    /// Applies the next record of the inbox as it stands in the log: type and payload of its envelope.
    @inlinable
    public mutating func apply<Sink: MarketDataSink>(
        type: UInt32, payload: RawSpan, _ context: RecordContext, to sink: inout Sink
    ) throws(InboxError) {
        // An execution is decoded where it is used and not by way of the union.
        guard type == ExecutionsRecord.Number.execution else {
            let record = try InboxError.read(ExecutionsRecord.self, type: type, payload)
            return try InboxError.applying { () throws(InvariantViolation) in try apply(record, context, to: &sink) }
        }
        try InboxError.read(payload, into: incoming)
        do throws(InvariantViolation) {
            let effect = try run(UnsafePointer(incoming.address), context)
            hand(effect, incoming.value.instrument, context, to: &sink)
        } catch {
            throw .broken(error)
        }
    }

    /// Hands out what an execution meant to the public.
    @inlinable
    mutating func hand<Sink: MarketDataSink>(
        _ effect: Effect, _ instrument: InstrumentID, _ context: RecordContext, to sink: inout Sink
    ) {
        guard effect != .nothing else { return }
        sink.update(keptUpdate)
        guard effect == .listing else { return }
        for snapshot in snapshots(of: instrument, context.clock) { sink.snapshot(snapshot) }
    }

    /// Fires the timers that are due at `clock`.
    @inlinable
    public mutating func fireTimers<Sink: MarketDataSink>(at clock: Timestamp, to sink: inout Sink) {
        guard let nextTimer, nextTimer <= clock else { return }
        for market in 0..<marketCount where gatherStatistics(market, clock) { sink.statistics(statistics) }
        if startRound(clock) {
            for market in 0..<marketCount {
                for snapshot in snapshots(market, clock) { sink.snapshot(snapshot) }
            }
        }
        setTimer(after: clock)
    }

    // MARK: Markets

    @inline(__always)
    func slot(_ instrument: InstrumentID) -> Int? { index.slot(UInt64(instrument.rawValue)) }

    /// Where a market stands until another one is added.
    @inline(__always)
    func place(_ market: Int) -> UnsafeMutablePointer<MarketState> { markets.place(market) }

    @usableFromInline var marketCount: Int { markets.count }

    mutating func add(_ market: consuming MarketState) -> Int {
        index.insert(UInt64(market.instrument.rawValue), markets.count)
        markets.append(market)
        return markets.count - 1
    }

    /// Takes over the markets of a saved state.
    mutating func restore(_ markets: consuming KeptList<MarketState>) {
        self.markets = markets
        for market in self.markets.indices { index.insert(UInt64(self.markets[market].instrument.rawValue), market) }
    }

    // MARK: Timers

    @usableFromInline
    mutating func startTimer(_ clock: Timestamp) {
        guard nextTimer == nil else { return }
        setTimer(after: clock)
        nextRound = BroadcasterCore.boundary(after: clock, BroadcasterCore.snapshotMilliseconds)
    }

    @usableFromInline
    mutating func setTimer(after clock: Timestamp) {
        nextTimer = BroadcasterCore.boundary(after: clock, BroadcasterCore.statisticsMilliseconds)
    }

    private static func boundary(after clock: Timestamp, _ step: Int64) -> Timestamp {
        Timestamp(CivilCalendar.floor(clock.rawValue, step) + step)
    }

    /// Brings a market's candles and windows to `clock`.
    ///
    /// - Returns: whether any changed; they are in `statistics` then.
    @usableFromInline
    mutating func gatherStatistics(_ market: Int, _ clock: Timestamp) -> Bool {
        let state = place(market)
        state.pointee.advance(to: clock)
        statistics.candles.removeAll(keepingCapacity: true)
        statistics.tickers.removeAll(keepingCapacity: true)
        state.pointee.candles.takeChanges(state.pointee.instrument, into: &statistics.candles)
        state.pointee.windows.takeChanges(state.pointee.instrument, at: clock, into: &statistics.tickers)
        statistics.instrument = state.pointee.instrument
        statistics.time = clock
        let changed = !statistics.candles.isEmpty || !statistics.tickers.isEmpty
        if changed { hasNews = true }
        return changed
    }

    /// Whether a round of snapshots begins now.
    @usableFromInline
    mutating func startRound(_ clock: Timestamp) -> Bool {
        guard clock >= nextRound, !isWithinInput else { return false }
        nextRound = BroadcasterCore.boundary(after: clock, BroadcasterCore.snapshotMilliseconds)
        defer { hasNews = false }
        return hasNews
    }
}
