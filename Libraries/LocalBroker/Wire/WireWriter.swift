import Network

/// Writes the primitive types of the Kafka protocol, big-endian, into a buffer of its own that is used again and again.
struct WireWriter: ~Copyable {
    private(set) var buffer = ByteBuffer(capacity: 4_096)
    /// What a response's `WireSlice`s point into; valid while the response is written.
    private var attachments = UnsafeRawBufferPointer(start: nil, count: 0)

    /// Memory that is kept from message to message.
    private static let retainedBytes = 1 << 20

    init() {}

    /// Begins anew and writes one message, with its size in front.
    ///
    /// - Parameter attachments: the records of the message.
    mutating func frame(
        attachments: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0),
        _ body: (inout WireWriter) -> Void
    ) {
        buffer.removeAll(retaining: Self.retainedBytes)
        self.attachments = attachments
        int32(0)
        body(&self)
        let size = Int32(truncatingIfNeeded: buffer.count - 4).bigEndian
        withUnsafeBytes(of: size) { buffer.overwrite(at: 0, with: $0) }
        self.attachments = UnsafeRawBufferPointer(start: nil, count: 0)
    }

    // MARK: Numbers

    private mutating func integer<Value: FixedWidthInteger>(_ value: Value) {
        withUnsafeBytes(of: value.bigEndian) { buffer.append($0) }
    }

    mutating func bool(_ value: Bool) { integer(UInt8(value ? 1 : 0)) }
    mutating func int8(_ value: Int8) { integer(value) }
    mutating func int16(_ value: Int16) { integer(value) }
    mutating func uint16(_ value: UInt16) { integer(value) }
    mutating func int32(_ value: Int32) { integer(value) }
    mutating func uint32(_ value: UInt32) { integer(value) }
    mutating func int64(_ value: Int64) { integer(value) }
    mutating func float64(_ value: Double) { integer(value.bitPattern) }

    mutating func uuid(_ value: KafkaUUID) {
        integer(value.high)
        integer(value.low)
    }

    mutating func unsignedVarint(_ value: UInt32) {
        var rest = value
        while rest >= 0x80 {
            buffer.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        buffer.append(UInt8(truncatingIfNeeded: rest))
    }

    // MARK: Lengths

    mutating func string(_ value: String?, compact: Bool) {
        // A null that a version cannot express is written as the empty string by whoever fills the response in.
        guard let value else { return compact ? unsignedVarint(0) : int16(-1) }
        let count = value.utf8.count
        if compact { unsignedVarint(UInt32(count + 1)) } else { int16(Int16(clamping: count)) }
        buffer.append(value)
    }

    mutating func bytes(_ value: [UInt8]?, compact: Bool) {
        guard let value else { return compact ? unsignedVarint(0) : int32(-1) }
        size(value.count, compact: compact)
        buffer.append(value)
    }

    mutating func records(_ value: WireSlice?, compact: Bool) {
        guard let value else { return compact ? unsignedVarint(0) : int32(-1) }
        size(value.count, compact: compact)
        buffer.append(value.of(attachments))
    }

    private mutating func size(_ count: Int, compact: Bool) {
        if compact { unsignedVarint(UInt32(count + 1)) } else { int32(Int32(count)) }
    }

    /// The number of elements of an array; -1 for null.
    mutating func count(_ count: Int, compact: Bool) {
        if compact { unsignedVarint(UInt32(count + 1)) } else { int32(Int32(count)) }
    }

    /// An array in the older form.
    mutating func list<Element>(_ elements: [Element], _ write: (Element, inout WireWriter) -> Void) {
        count(elements.count, compact: false)
        for element in elements { write(element, &self) }
    }

    /// The end of a structure in a flexible version: no tagged fields.
    mutating func noTags() { unsignedVarint(0) }
}
