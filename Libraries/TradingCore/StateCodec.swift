/// Writes a state machine's state: fixed-width little-endian fields, one after the other. Equal states give equal bytes.
public struct StateWriter: Sendable {
    public private(set) var bytes: [UInt8]

    /// - Parameter capacity: bytes to reserve.
    public init(capacity: Int = 4096) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    public mutating func write<Value: FixedWidthInteger>(_ value: Value) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    public mutating func write(_ value: Bool) { bytes.append(value ? 1 : 0) }

    public mutating func write<Value: RawRepresentable>(_ value: Value) where Value.RawValue: FixedWidthInteger {
        write(value.rawValue)
    }

    public mutating func write(_ text: ASCIIText) {
        bytes.append(UInt8(text.count))
        text.withBytes { bytes.append(contentsOf: $0) }
    }

    /// A count of bytes, then the bytes.
    public mutating func write(_ value: [UInt8]) {
        write(UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    public mutating func write(_ text: String) { write(Array(text.utf8)) }
}

/// Why a saved state could not be read.
public struct StateError: Error, Equatable, CustomStringConvertible {
    public var description: String

    public init(_ description: String) { self.description = description }
}

/// Reads what `StateWriter` wrote.
public struct StateReader: Sendable {
    private let bytes: [UInt8]
    private var position = 0

    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    public var remaining: Int { bytes.count - position }

    public mutating func read<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) throws(StateError) -> Value {
        let size = MemoryLayout<Value>.size
        guard remaining >= size else {
            throw StateError("the state ends at byte \(bytes.count), \(size) more expected")
        }
        var value: Value = 0
        bytes.withUnsafeBytes { source in
            withUnsafeMutableBytes(of: &value) { $0.copyBytes(from: source[position..<position + size]) }
        }
        position += size
        return Value(littleEndian: value)
    }

    public mutating func readBool() throws(StateError) -> Bool {
        let byte: UInt8 = try read()
        guard byte <= 1 else { throw StateError("\(byte) is no truth value, at byte \(position - 1)") }
        return byte == 1
    }

    public mutating func read<Value: RawRepresentable>(
        _ type: Value.Type = Value.self
    ) throws(StateError) -> Value where Value.RawValue: FixedWidthInteger {
        let raw: Value.RawValue = try read()
        guard let value = Value(rawValue: raw) else {
            throw StateError("\(raw) is no \(Value.self), at byte \(position)")
        }
        return value
    }

    public mutating func readText() throws(StateError) -> ASCIIText {
        let count = Int(try read(UInt8.self))
        guard count <= remaining else { throw StateError("a text of \(count) bytes goes beyond the state's end") }
        let text = bytes.withUnsafeBytes {
            ASCIIText(UnsafeRawBufferPointer(rebasing: $0[position..<position + count]))
        }
        guard let text else {
            throw StateError("a text at byte \(position) is not ASCII or longer than \(ASCIIText.capacity)")
        }
        position += count
        return text
    }

    public mutating func readBytes() throws(StateError) -> [UInt8] {
        let count: UInt64 = try read()
        guard count <= UInt64(remaining) else { throw StateError("\(count) bytes go beyond the state's end") }
        position += Int(count)
        return Array(bytes[position - Int(count)..<position])
    }

    public mutating func readString() throws(StateError) -> String { String(decoding: try readBytes(), as: UTF8.self) }

    /// The number of elements that follow, each of at least `elementSize` bytes.
    public mutating func readCount(elementSize: Int = 1) throws(StateError) -> Int {
        let count: UInt64 = try read()
        guard count <= UInt64(remaining / max(1, elementSize)) else {
            throw StateError("\(count) elements go beyond the state's end")
        }
        return Int(count)
    }
}
