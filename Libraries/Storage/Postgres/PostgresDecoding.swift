extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
    public static func decodePostgres(_ bytes: UnsafeRawBufferPointer?, type: UInt32) -> Wrapped?? {
        guard bytes != nil else { return .some(nil) }
        return Wrapped.decodePostgres(bytes, type: type).map { .some($0) }
    }
}

/// Reads `smallint`, `integer` and `bigint`.
extension Int64: PostgresDecodable {
    public static func decodePostgres(_ bytes: UnsafeRawBufferPointer?, type: UInt32) -> Int64? {
        guard let bytes else { return nil }
        switch (type, bytes.count) {
        case (PostgresType.int8, 8): return bytes.bigEndian(as: Int64.self)
        case (PostgresType.int4, 4): return Int64(bytes.bigEndian(as: Int32.self))
        case (PostgresType.int2, 2): return Int64(bytes.bigEndian(as: Int16.self))
        default: return nil
        }
    }
}

/// Reads `smallint` and `integer`.
extension Int32: PostgresDecodable {
    public static func decodePostgres(_ bytes: UnsafeRawBufferPointer?, type: UInt32) -> Int32? {
        guard type != PostgresType.int8 else { return nil }
        return Int64.decodePostgres(bytes, type: type).flatMap { Int32(exactly: $0) }
    }
}

/// Reads `smallint`, `integer` and `bigint`.
extension Int: PostgresDecodable {
    public static func decodePostgres(_ bytes: UnsafeRawBufferPointer?, type: UInt32) -> Int? {
        Int64.decodePostgres(bytes, type: type).map { Int($0) }
    }
}

/// Reads whole numbers that fit: `numeric` without a fraction, and the integer types.
extension Int128: PostgresDecodable {
    public static func decodePostgres(_ bytes: UnsafeRawBufferPointer?, type: UInt32) -> Int128? {
        guard let bytes else { return nil }
        guard type == PostgresType.numeric else { return Int64.decodePostgres(bytes, type: type).map { Int128($0) } }
        return PostgresNumeric.decode(bytes)
    }
}

extension Bool: PostgresDecodable {
    public static func decodePostgres(_ bytes: UnsafeRawBufferPointer?, type: UInt32) -> Bool? {
        guard let bytes, type == PostgresType.bool, bytes.count == 1 else { return nil }
        return bytes[0] != 0
    }
}

/// Reads `text`, `varchar`, `char`, `name` and `json`; cast other types to `text` in the statement.
extension String: PostgresDecodable {
    public static func decodePostgres(_ bytes: UnsafeRawBufferPointer?, type: UInt32) -> String? {
        guard let bytes, PostgresType.isText(type) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// `bytea` as `[UInt8]`, and arrays of `bigint`, `integer` and `text` without NULLs.
extension Array: PostgresDecodable where Element: PostgresArrayElement {
    public static func decodePostgres(_ bytes: UnsafeRawBufferPointer?, type: UInt32) -> [Element]? {
        guard let bytes else { return nil }
        return Element.decodePostgresArray(bytes, type: type)
    }
}

/// What an array that is read from a column may hold.
public protocol PostgresArrayElement {
    static func decodePostgresArray(_ bytes: UnsafeRawBufferPointer, type: UInt32) -> [Self]?
}

extension UInt8: PostgresArrayElement {
    public static func decodePostgresArray(_ bytes: UnsafeRawBufferPointer, type: UInt32) -> [UInt8]? {
        type == PostgresType.bytea ? Array(bytes) : nil
    }
}

extension Int64: PostgresArrayElement {
    public static func decodePostgresArray(_ bytes: UnsafeRawBufferPointer, type: UInt32) -> [Int64]? {
        guard type == PostgresType.int8Array || type == PostgresType.int4Array else { return nil }
        return bytes.arrayElements()
    }
}

extension String: PostgresArrayElement {
    public static func decodePostgresArray(_ bytes: UnsafeRawBufferPointer, type: UInt32) -> [String]? {
        guard type == PostgresType.textArray || type == PostgresType.varcharArray else { return nil }
        return bytes.arrayElements()
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func bigEndian<Number: FixedWidthInteger>(_ offset: Int = 0, as type: Number.Type) -> Number {
        Number(bigEndian: loadUnaligned(fromByteOffset: offset, as: Number.self))
    }

    /// The elements of a binary array of at most one dimension; `nil` when it is anything else.
    fileprivate func arrayElements<Element: PostgresDecodable>() -> [Element]? {
        let headLength = 12
        let dimensionLength = 8
        guard self.count >= headLength else { return nil }
        let dimensions = bigEndian(as: Int32.self)
        let elementType = bigEndian(8, as: UInt32.self)
        guard dimensions == 1, self.count >= headLength + dimensionLength else { return dimensions == 0 ? [] : nil }
        var elements: [Element] = []
        var offset = headLength + dimensionLength
        for _ in 0..<Swift.max(bigEndian(headLength, as: Int32.self), 0) {
            guard offset + 4 <= self.count else { return nil }
            let length = Int(bigEndian(offset, as: Int32.self))
            offset += 4
            guard length >= 0, offset + length <= self.count,
                let element = Element.decodePostgres(
                    UnsafeRawBufferPointer(rebasing: self[offset..<(offset + length)]), type: elementType)
            else { return nil }
            elements.append(element)
            offset += length
        }
        return elements
    }
}
