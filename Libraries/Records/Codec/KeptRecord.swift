/// A record that is made or decoded again and again at one place.
///
/// It cannot be copied and stays where it is, so lending it copies nothing and counts no references, however large the record is, and
/// reaching into its lists checks no owner but the list's.
@frozen
public struct KeptRecord<Record>: ~Copyable {
    /// Where it stands, until this value ends.
    @usableFromInline package let address: UnsafeMutablePointer<Record>

    @inlinable
    public init(_ record: Record) {
        address = .allocate(capacity: 1)
        address.initialize(to: record)
    }

    @inlinable
    deinit {
        address.deinitialize(count: 1)
        address.deallocate()
    }

    /// The record in place. To take all of it is to copy it.
    @inlinable
    public var value: Record {
        @inline(__always)
        _read { yield address.pointee }
        @inline(__always)
        nonmutating _modify { yield &address.pointee }
    }
}

extension KeptRecord where Record: RecordMessage {
    /// Appends the record's encoding.
    @inlinable
    @inline(__always)
    public func encode(into writer: inout RecordWriter) {
        Record.encode(UnsafePointer(address), into: &writer)
    }

    /// Becomes the record of `bytes`.
    ///
    /// - Throws: as `RecordMessage.decode`.
    @inlinable
    @inline(__always)
    public func decode(_ bytes: RawSpan) throws(RecordError) { try address.pointee.decode(bytes) }
}
