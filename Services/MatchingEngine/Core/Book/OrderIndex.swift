import TradingCore

/// From order id to slot: linear probing over eight bytes an entry, 32 bits of the id's hash beside the slot.
///
/// The hash bits give an entry's home, so neither probing nor growing touches the orders; only a match of all 32 is checked against the
/// order itself. Growing moves a few entries with each operation instead of all at once: no order waits for a rehash of a million others.
struct OrderIndex: ~Copyable {
    /// Entries that each insertion or removal moves while the table grows.
    private static let migrationStep = 8
    private static let minimumBits = 6
    /// The table grows when it is fuller than this many of eight.
    private static let maximumLoadOfEight = 5

    private struct Table {
        var entries: UnsafeMutablePointer<UInt64>
        var bits: Int

        init(bits: Int) {
            self.bits = bits
            entries = .allocate(capacity: 1 << bits)
            entries.initialize(repeating: 0, count: 1 << bits)
        }

        @inline(__always)
        var mask: Int { (1 << bits) - 1 }

        @inline(__always)
        func home(_ entry: UInt64) -> Int { Int(truncatingIfNeeded: entry &>> UInt64(64 - bits)) }

        @inline(__always)
        func insert(_ entry: UInt64) {
            var index = home(entry)
            while entries[index] != 0 { index = (index + 1) & mask }
            entries[index] = entry
        }

        /// Empties `index`, moving back every later entry of the run whose home allows it.
        func remove(at index: Int) {
            var hole = index
            var next = (hole + 1) & mask
            while entries[next] != 0 {
                let distance = (next &- home(entries[next])) & mask
                if distance >= (next &- hole) & mask {
                    entries[hole] = entries[next]
                    hole = next
                }
                next = (next + 1) & mask
            }
            entries[hole] = 0
        }

        @inline(__always)
        func position(of entry: UInt64) -> Int? {
            var index = home(entry)
            while entries[index] != 0 {
                if entries[index] == entry { return index }
                index = (index + 1) & mask
            }
            return nil
        }
    }

    private var table: Table
    /// The table before the last growth, while entries still stand in it, and how far it has been emptied.
    private var old: Table?
    private var migrated = 0
    private(set) var count = 0

    init() { table = Table(bits: OrderIndex.minimumBits) }

    deinit {
        table.entries.deallocate()
        old?.entries.deallocate()
    }

    /// Bytes that the index has taken from the system.
    var allocatedBytes: Int { 8 << table.bits + (old.map { 8 << $0.bits } ?? 0) }

    @inline(__always)
    private static func hash(_ id: OrderID) -> UInt64 {
        (UInt64(bitPattern: id.rawValue) &* 0x9E37_79B9_7F4A_7C15) & 0xFFFF_FFFF_0000_0000
    }

    @inline(__always)
    private static func entry(_ id: OrderID, _ slot: UInt32) -> UInt64 { hash(id) | UInt64(slot + 1) }

    /// The slot of the order, or `noSlot`.
    @inline(__always)
    func slot(_ id: OrderID, in orders: borrowing OrderPool) -> UInt32 {
        let found = OrderIndex.probe(table, id, orders)
        if found != noSlot { return found }
        guard let old else { return noSlot }
        return OrderIndex.probe(old, id, orders)
    }

    @inline(__always)
    private static func probe(_ table: Table, _ id: OrderID, _ orders: borrowing OrderPool) -> UInt32 {
        let hash = hash(id)
        var index = table.home(hash)
        while true {
            let entry = table.entries[index]
            if entry == 0 { return noSlot }
            if entry & 0xFFFF_FFFF_0000_0000 == hash {
                let slot = UInt32(truncatingIfNeeded: entry) - 1
                if orders[slot].pointee.id == id { return slot }
            }
            index = (index + 1) & table.mask
        }
    }

    /// Adds an id that is not there yet.
    @inline(__always)
    mutating func insert(_ id: OrderID, _ slot: UInt32) {
        if old != nil { migrate() }
        if (count + 1) * 8 > (1 << table.bits) * OrderIndex.maximumLoadOfEight { grow() }
        table.insert(OrderIndex.entry(id, slot))
        count += 1
    }

    /// Removes an id that is there, with its slot.
    @inline(__always)
    mutating func remove(_ id: OrderID, _ slot: UInt32) {
        let entry = OrderIndex.entry(id, slot)
        if let position = table.position(of: entry) {
            table.remove(at: position)
        } else if let old, let position = old.position(of: entry) {
            old.remove(at: position)
        }
        count -= 1
        if old != nil { migrate() }
    }

    private mutating func grow() {
        while old != nil { migrate() }
        old = table
        migrated = 0
        table = Table(bits: table.bits + 1)
    }

    @inline(never)
    private mutating func migrate() {
        guard let source = old else { return }
        var budget = OrderIndex.migrationStep
        while budget > 0, migrated <= source.mask {
            // A removal may move a later entry here, so the place is emptied until it stays empty.
            while source.entries[migrated] != 0 {
                table.insert(source.entries[migrated])
                source.remove(at: migrated)
            }
            migrated += 1
            budget -= 1
        }
        guard migrated > source.mask else { return }
        source.entries.deallocate()
        old = nil
    }
}
