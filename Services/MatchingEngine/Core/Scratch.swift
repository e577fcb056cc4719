import Records

/// By ledger partition, the settlement in the making.
struct SettlementTable: ~Copyable {
    private var places: UnsafeMutablePointer<KeptRecord<Settlement>>
    private var capacity = 4
    private(set) var count = 0

    init() { places = .allocate(capacity: capacity) }

    deinit {
        places.deinitialize(count: count)
        places.deallocate()
    }

    /// Where the settlement of a partition stands; valid until `append`.
    @inline(__always)
    func place(_ partition: Int) -> UnsafeMutablePointer<KeptRecord<Settlement>> {
        precondition(partition >= 0 && partition < count, "a settlement is of a ledger partition that was seen")
        return places + partition
    }

    subscript(partition: Int) -> Settlement {
        @inline(__always)
        _read { yield place(partition).pointee.value }
        @inline(__always)
        nonmutating _modify { yield &place(partition).pointee.value }
    }

    mutating func append() {
        if count == capacity {
            let larger = UnsafeMutablePointer<KeptRecord<Settlement>>.allocate(capacity: capacity * 2)
            larger.moveInitialize(from: places, count: count)
            places.deallocate()
            places = larger
            capacity *= 2
        }
        (places + count).initialize(to: KeptRecord(Settlement()))
        count += 1
    }
}
