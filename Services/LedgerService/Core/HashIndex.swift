import TradingCore

/// Finds slots by a 32-bit hash of a longer key that stands in the slots themselves; keys may share a hash.
///
/// Linear probing over entries of eight bytes, at most a third full, deletion by backward shift: a probe touches one cache line, and a second one,
/// the slot's, only where the whole hash is equal.
struct HashIndex: ~Copyable {
    private struct Entry {
        var hash: UInt32
        var slot: Int32
    }

    private var entries: UnsafeMutablePointer<Entry>
    private var mask = 15
    private var count = 0

    init() { entries = HashIndex.allocate(16) }

    deinit { entries.deallocate() }

    /// Entries from the beginning of a cache line on, so that the eight of one block of ids share it.
    private static func allocate(_ size: Int) -> UnsafeMutablePointer<Entry> {
        let entries = UnsafeMutableRawPointer.allocate(byteCount: size * MemoryLayout<Entry>.stride, alignment: 64)
            .bindMemory(to: Entry.self, capacity: size)
        entries.initialize(repeating: Entry(hash: 0, slot: Link.none), count: size)
        return entries
    }

    /// The first slot of `hash` that `isMeant`; one that looks at all candidates says false to each.
    @inline(__always)
    func slot(_ hash: UInt32, where isMeant: (Int) -> Bool) -> Int? {
        var index = Int(hash) & mask
        while true {
            let entry = entries[index]
            if entry.slot == Link.none { return nil }
            if entry.hash == hash, isMeant(Int(entry.slot)) { return Int(entry.slot) }
            index = (index + 1) & mask
        }
    }

    /// Adds `slot`, which is not there yet.
    mutating func insert(_ hash: UInt32, _ slot: Int) {
        if (count + 1) * 3 > mask + 1 { grow() }
        put(Entry(hash: hash, slot: Int32(slot)))
        count += 1
    }

    /// Lets `slot` stand where `old` did.
    ///
    /// - Precondition: `old` was inserted with `hash`.
    mutating func replace(_ hash: UInt32, _ old: Int, with slot: Int) {
        entries[position(hash, old)].slot = Int32(slot)
    }

    /// - Precondition: `slot` was inserted with `hash`.
    mutating func remove(_ hash: UInt32, _ slot: Int) { close(position(hash, slot)) }

    /// Removes `slot` if it is there with `hash`.
    mutating func removeIfThere(_ hash: UInt32, _ slot: Int) {
        var index = Int(hash) & mask
        while entries[index].slot != Int32(slot) {
            if entries[index].slot == Link.none { return }
            index = (index + 1) & mask
        }
        close(index)
    }

    private mutating func close(_ index: Int) {
        var hole = index
        var next = (hole + 1) & mask
        while entries[next].slot != Link.none {
            // An entry moves back into the hole unless its home lies after the hole.
            let distance = (next &- Int(entries[next].hash)) & mask
            if distance >= (next &- hole) & mask {
                entries[hole] = entries[next]
                hole = next
            }
            next = (next + 1) & mask
        }
        entries[hole].slot = Link.none
        count -= 1
    }

    private func position(_ hash: UInt32, _ slot: Int) -> Int {
        var index = Int(hash) & mask
        while entries[index].slot != Int32(slot) {
            precondition(entries[index].slot != Link.none, "the slot is in the index")
            index = (index + 1) & mask
        }
        return index
    }

    @inline(__always)
    private mutating func put(_ entry: Entry) {
        var index = Int(entry.hash) & mask
        while entries[index].slot != Link.none { index = (index + 1) & mask }
        entries[index] = entry
    }

    @inline(never)
    private mutating func grow() {
        let old = entries
        let oldSize = mask + 1
        mask = oldSize * 2 - 1
        entries = HashIndex.allocate(oldSize * 2)
        for position in 0..<oldSize where old[position].slot != Link.none { put(old[position]) }
        old.deallocate()
    }
}

/// Two 32-bit ids as one key.
@inline(__always)
func pairKey(_ first: UInt32, _ second: UInt32) -> UInt64 { UInt64(first) << 32 | UInt64(second) }

/// A hash of a text within an account's market (or of an account's own, with market 0).
@inline(__always)
func textHash(_ account: AccountID, _ instrument: InstrumentID, _ text: ASCIIText) -> UInt32 {
    folded(text.mixed &+ pairKey(account.rawValue, instrument.rawValue) &* 0xC2B2_AE3D_27D4_EB4F)
}

/// A hash of an id that counts above its low ten bits. Eight ids in a row differ in the lowest bits only: they share a cache line of the index,
/// and orders come and are forgotten about in that order.
@inline(__always)
func idHash(_ id: Int64) -> UInt32 {
    let bits = UInt64(bitPattern: id)
    let block = folded((bits >> 13 ^ bits << 51) &* 0x9E37_79B9_7F4A_7C15)
    return block << 3 | UInt32(truncatingIfNeeded: bits >> 10) & 7
}

@inline(__always)
private func folded(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash ^ (hash >> 32)) }
