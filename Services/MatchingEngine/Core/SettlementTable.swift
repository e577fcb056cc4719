import Records
import TradingCore

/// By ledger partition, the settlement in the making.
struct SettlementTable: ~Copyable {
    private var list = KeptList<KeptRecord<Settlement>>(capacity: 4)

    /// Where the settlement of a partition stands; valid until `append`.
    @inline(__always)
    func place(_ partition: Int) -> UnsafeMutablePointer<KeptRecord<Settlement>> { list.place(partition) }

    subscript(partition: Int) -> Settlement {
        @inline(__always)
        _read { yield list[partition].value }
        @inline(__always)
        _modify { yield &list[partition].value }
    }

    mutating func append() { list.append(KeptRecord(Settlement())) }
}
