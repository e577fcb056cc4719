/// Why bytes are not the message that they claim to be.
struct WireError: Error, Equatable {
    /// The field, by its name in Kafka's message definitions, or what else was being read.
    var field: String
    var reason: String

    init(_ field: String, _ reason: String) {
        self.field = field
        self.reason = reason
    }
}

/// Where bytes lie in what they came with: a request's frame, or what was read from logs for a response.
struct WireSlice: Equatable, Sendable {
    var offset: Int
    var count: Int

    static let empty = WireSlice(offset: 0, count: 0)

    func of(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
    }
}

/// A topic's id on the wire: 16 bytes.
struct KafkaUUID: Hashable, Sendable {
    var high: UInt64
    var low: UInt64

    static let zero = KafkaUUID(high: 0, low: 0)
}

/// Reads the primitive types of the Kafka protocol (https://kafka.apache.org/protocol#protocol_types), big-endian.
///
/// It never reads past the end and never reserves memory for more than the bytes that are there can hold. A reader is
/// valid as long as the bytes under it: during the handling of one frame.
struct WireReader {
    private let bytes: UnsafeRawBufferPointer
    private(set) var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var remaining: Int { bytes.count - position }

    // MARK: Numbers

    private mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type, _ name: String) throws(WireError)
        -> Value
    {
        let size = MemoryLayout<Value>.size
        guard remaining >= size else { throw WireError(name, "ends within the value") }
        let value = bytes.loadUnaligned(fromByteOffset: position, as: Value.self)
        position += size
        return Value(bigEndian: value)
    }

    mutating func bool() throws(WireError) -> Bool { try integer(UInt8.self, "bool") != 0 }
    mutating func int8() throws(WireError) -> Int8 { try integer(Int8.self, "int8") }
    mutating func int16() throws(WireError) -> Int16 { try integer(Int16.self, "int16") }
    mutating func uint16() throws(WireError) -> UInt16 { try integer(UInt16.self, "uint16") }
    mutating func int32() throws(WireError) -> Int32 { try integer(Int32.self, "int32") }
    mutating func uint32() throws(WireError) -> UInt32 { try integer(UInt32.self, "uint32") }
    mutating func int64() throws(WireError) -> Int64 { try integer(Int64.self, "int64") }
    mutating func float64() throws(WireError) -> Double { Double(bitPattern: try integer(UInt64.self, "float64")) }

    mutating func uuid() throws(WireError) -> KafkaUUID {
        KafkaUUID(high: try integer(UInt64.self, "uuid"), low: try integer(UInt64.self, "uuid"))
    }

    /// Seven bits a byte, the lowest first; at most five bytes.
    mutating func unsignedVarint() throws(WireError) -> UInt32 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 35, by: 7) {
            let byte = try integer(UInt8.self, "varint")
            value |= UInt64(byte & 0x7F) << shift
            guard byte & 0x80 != 0 else {
                guard let result = UInt32(exactly: value) else { break }
                return result
            }
        }
        throw WireError("varint", "is longer than 32 bits")
    }

    /// A signed number as records have it: zigzag, seven bits a byte; at most ten bytes.
    mutating func varint() throws(WireError) -> Int64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            let byte = try integer(UInt8.self, "varint")
            value |= UInt64(byte & 0x7F) << shift
            guard byte & 0x80 != 0 else { return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1) }
        }
        throw WireError("varint", "is longer than 64 bits")
    }

    // MARK: Lengths

    /// The length of what follows, at most what is there; nil for null.
    private mutating func length(compact: Bool, short: Bool, _ name: String) throws(WireError) -> Int? {
        let length: Int
        if compact {
            length = Int(try unsignedVarint()) - 1
        } else {
            length = short ? Int(try int16()) : Int(try int32())
        }
        guard length >= 0 else {
            guard length == -1 else { throw WireError(name, "has the length \(length)") }
            return nil
        }
        guard length <= remaining else {
            throw WireError(name, "is \(length) bytes long where \(remaining) are left")
        }
        return length
    }

    mutating func string(compact: Bool, _ name: String) throws(WireError) -> String? {
        guard let length = try length(compact: compact, short: true, name) else { return nil }
        let content = UnsafeRawBufferPointer(rebasing: bytes[position..<position + length])
        guard let text = String(validating: content, as: UTF8.self) else { throw WireError(name, "is not UTF-8") }
        position += length
        return text
    }

    mutating func bytes(compact: Bool, _ name: String) throws(WireError) -> WireSlice? {
        guard let length = try length(compact: compact, short: false, name) else { return nil }
        defer { position += length }
        return WireSlice(offset: position, count: length)
    }

    /// The number of elements of an array; nil for null.
    ///
    /// - Parameter elementSize: the least number of bytes that one element takes: a count for which bytes are missing
    ///   is refused before anything is reserved.
    mutating func count(compact: Bool, elementSize: Int, _ name: String) throws(WireError) -> Int? {
        let count = compact ? Int(try unsignedVarint()) - 1 : Int(try int32())
        guard count >= 0 else {
            guard count == -1 else { throw WireError(name, "has \(count) elements") }
            return nil
        }
        guard count <= remaining / elementSize else {
            throw WireError(name, "claims \(count) elements in \(remaining) bytes")
        }
        return count
    }

    /// The value, which must not be null.
    func required<Value>(_ value: Value?, _ name: String) throws(WireError) -> Value {
        guard let value else { throw WireError(name, "must not be null") }
        return value
    }

    /// Passes over tagged fields (KIP-482): whoever does not know one may leave it out.
    mutating func skipTags() throws(WireError) {
        let count = try unsignedVarint()
        for _ in 0..<count {
            _ = try unsignedVarint()
            let size = Int(try unsignedVarint())
            guard size <= remaining else {
                throw WireError("tagged field", "is \(size) bytes long where \(remaining) are left")
            }
            position += size
        }
    }
}
