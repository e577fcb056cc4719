import Records
import TradingCore

/// An instrument in force, with what is derived from its definition once.
struct ListedInstrument: Equatable {
    var definition: InstrumentDefinition
    var scale: InstrumentScale
    /// The last trade's price, or the listing's first one, in ticks.
    var referencePrice: Price
    var referenceTrade: TradeID
    /// Log time at which the reference price was last said.
    var referenceTime: Timestamp
}

/// An account in force and its counted placements.
struct ActiveAccount: Equatable {
    var definition: AccountDefinition
    /// The running 10-second slot and UTC day of log time, and the placements accepted in each.
    var slot: Int64 = 0
    var ordersInSlot: UInt32 = 0
    var day: Int64 = 0
    var ordersInDay: UInt32 = 0

    /// Begins new windows where the running ones are over.
    mutating func startWindows(_ clock: Timestamp) {
        let slot = clock.rawValue / RateWindows.slotMilliseconds
        let day = clock.rawValue / RateWindows.dayMilliseconds
        if self.slot != slot {
            self.slot = slot
            ordersInSlot = 0
        }
        if self.day != day {
            self.day = day
            ordersInDay = 0
        }
    }

    /// Counts a placement in both windows.
    ///
    /// - Returns: the placements accepted in each, this one included.
    mutating func countOrder() -> (inSlot: UInt32, inDay: UInt32) {
        ordersInSlot += 1
        ordersInDay += 1
        return (ordersInSlot, ordersInDay)
    }
}

/// The reference data of one partition: pools in order of arrival and an index from each id to its place.
struct ReferenceTables: ~Copyable {
    var instruments = KeptList<ListedInstrument>()
    var accounts = KeptList<ActiveAccount>()
    var assets = KeptList<AssetDefinition>()
    var feeSchedules = KeptList<FeeSchedule>()
    private var instrumentIndex = SlotIndex()
    private var accountIndex = SlotIndex()
    private var assetIndex = SlotIndex()
    private var feeScheduleIndex = SlotIndex()

    init() {}

    @inline(__always)
    func slot(_ id: InstrumentID) -> Int? { instrumentIndex.slot(UInt64(id.rawValue)) }
    @inline(__always)
    func slot(_ id: AccountID) -> Int? { accountIndex.slot(UInt64(id.rawValue)) }
    @inline(__always)
    func slot(_ id: AssetID) -> Int? { assetIndex.slot(UInt64(id.rawValue)) }
    @inline(__always)
    func slot(_ id: FeeScheduleID) -> Int? { feeScheduleIndex.slot(UInt64(id.rawValue)) }

    mutating func append(_ instrument: ListedInstrument) {
        instrumentIndex.insert(UInt64(instrument.definition.instrument.rawValue), instruments.count)
        instruments.append(instrument)
    }

    mutating func append(_ account: ActiveAccount) {
        accountIndex.insert(UInt64(account.definition.account.rawValue), accounts.count)
        accounts.append(account)
    }

    mutating func append(_ asset: AssetDefinition) {
        assetIndex.insert(UInt64(asset.asset.rawValue), assets.count)
        assets.append(asset)
    }

    mutating func append(_ schedule: FeeSchedule) {
        feeScheduleIndex.insert(UInt64(schedule.schedule.rawValue), feeSchedules.count)
        feeSchedules.append(schedule)
    }
}
