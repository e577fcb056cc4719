import Crypto

/// The parameters of one execution, as libpq takes them: pointers, lengths and formats.
struct PostgresParameters {
    private var bytes: [UInt8] = []
    /// Where each value begins; -1 is NULL.
    private var offsets: [Int] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    private static let textFormat: Int32 = 0
    private static let binaryFormat: Int32 = 1

    /// - Parameter types: what the server expects, one for each parameter.
    init(_ values: [PostgresValue], types: [UInt32], operation: String) throws(PostgresError) {
        guard values.count == types.count else {
            throw .misuse(operation, "\(values.count) parameters given, \(types.count) expected")
        }
        offsets.reserveCapacity(values.count)
        lengths.reserveCapacity(values.count)
        formats.reserveCapacity(values.count)
        for (value, type) in zip(values, types) {
            guard value != .null else {
                offsets.append(-1)
                lengths.append(0)
                formats.append(PostgresParameters.binaryFormat)
                continue
            }
            let start = bytes.count
            offsets.append(start)
            if value.appendBinary(as: type, to: &bytes) {
                formats.append(PostgresParameters.binaryFormat)
                lengths.append(Int32(clamping: bytes.count - start))
            } else {
                let text = value.text
                guard !text.utf8.contains(0) else { throw .misuse(operation, "a parameter holds a zero byte") }
                bytes.append(contentsOf: text.utf8)
                bytes.append(0)
                formats.append(PostgresParameters.textFormat)
                lengths.append(0)
            }
        }
    }

    func withPointers<Result>(
        _ body: (
            _ count: Int32, _ values: [UnsafePointer<CChar>?], _ lengths: [Int32], _ formats: [Int32]
        ) -> Result
    ) -> Result {
        // An empty value still needs an address, or it would be NULL.
        let placeholder: [UInt8] = bytes.isEmpty ? [0] : bytes
        return placeholder.withUnsafeBytes { memory in
            let base = memory.baseAddress?.assumingMemoryBound(to: CChar.self)
            let values = offsets.map { offset in offset < 0 ? nil : base.map { $0 + offset } }
            return body(Int32(clamping: values.count), values, lengths, formats)
        }
    }
}

extension PostgresValue {
    /// - Returns: false, with nothing written, when this value's own form is not the one of `type`.
    func appendBinary(as type: UInt32, to bytes: inout [UInt8]) -> Bool {
        switch (self, type) {
        case (.int64(let value), PostgresType.int8): bytes.appendBigEndian(value)
        case (.int32(let value), PostgresType.int4): bytes.appendBigEndian(value)
        case (.int32(let value), PostgresType.int8): bytes.appendBigEndian(Int64(value))
        case (.bool(let value), PostgresType.bool): bytes.append(value ? 1 : 0)
        case (.text(let value), _) where PostgresType.isText(type): bytes.append(contentsOf: value.utf8)
        case (.bytes(let value), PostgresType.bytea): bytes.append(contentsOf: value)
        case (.numeric(let value), PostgresType.numeric): PostgresNumeric.append(value, to: &bytes)
        case (.int64Array(let values), PostgresType.int8Array):
            bytes.appendArray(values, of: PostgresType.int8) { $1.appendBigEndian($0) }
        case (.int32Array(let values), PostgresType.int4Array):
            bytes.appendArray(values, of: PostgresType.int4) { $1.appendBigEndian($0) }
        case (.boolArray(let values), PostgresType.boolArray):
            bytes.appendArray(values, of: PostgresType.bool) { $1.append($0 ? 1 : 0) }
        case (.textArray(let values), PostgresType.textArray):
            bytes.appendArray(values, of: PostgresType.text) { $1.append(contentsOf: $0.utf8) }
        case (.bytesArray(let values), PostgresType.byteaArray):
            bytes.appendArray(values, of: PostgresType.bytea) { $1.append(contentsOf: $0) }
        case (.optionalInt64Array(let values), PostgresType.int8Array):
            bytes.appendArray(values, of: PostgresType.int8) { $1.appendBigEndian($0) }
        case (.optionalTextArray(let values), PostgresType.textArray):
            bytes.appendArray(values, of: PostgresType.text) { $1.append(contentsOf: $0.utf8) }
        default: return false
        }
        return true
    }

    /// The form that every type of the server can read.
    var text: String {
        switch self {
        case .null: ""
        case .int64(let value): String(value)
        case .int32(let value): String(value)
        case .bool(let value): value ? "t" : "f"
        case .text(let value): value
        case .bytes(let value): PostgresValue.hexText(value)
        case .numeric(let value): String(value)
        case .int64Array(let values): PostgresValue.arrayText(values.map { String($0) })
        case .int32Array(let values): PostgresValue.arrayText(values.map { String($0) })
        case .boolArray(let values): PostgresValue.arrayText(values.map { $0 ? "t" : "f" })
        case .textArray(let values): PostgresValue.arrayText(values.map(PostgresValue.quoted))
        case .bytesArray(let values):
            PostgresValue.arrayText(values.map { PostgresValue.quoted(PostgresValue.hexText($0)) })
        case .numericArray(let values): PostgresValue.arrayText(values.map { String($0) })
        case .optionalInt64Array(let values):
            PostgresValue.arrayText(values.map { $0.map { String($0) } ?? "NULL" })
        case .optionalTextArray(let values):
            PostgresValue.arrayText(values.map { $0.map(PostgresValue.quoted) ?? "NULL" })
        }
    }

    private static func arrayText(_ elements: [String]) -> String {
        "{" + elements.joined(separator: ",") + "}"
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for character in text.unicodeScalars {
            if character == "\"" || character == "\\" { quoted += "\\" }
            quoted.unicodeScalars.append(character)
        }
        return quoted + "\""
    }

    private static func hexText(_ bytes: [UInt8]) -> String {
        "\\x" + Hex.encode(bytes)
    }
}

extension [UInt8] {
    mutating func appendBigEndian<Number: FixedWidthInteger>(_ number: Number) {
        Swift.withUnsafeBytes(of: number.bigEndian) { append(contentsOf: $0) }
    }

    /// PostgreSQL's binary array: one dimension that begins at 1 (`array_send`).
    fileprivate mutating func appendArray<Item>(
        _ elements: [Item], of type: UInt32, append: (Item, inout [UInt8]) -> Void
    ) {
        appendArrayHead(count: elements.count, hasNull: false, of: type)
        for element in elements { appendSized { append(element, &$0) } }
    }

    fileprivate mutating func appendArray<Item>(
        _ elements: [Item?], of type: UInt32, append: (Item, inout [UInt8]) -> Void
    ) {
        appendArrayHead(count: elements.count, hasNull: true, of: type)
        for element in elements {
            if let element { appendSized { append(element, &$0) } } else { appendBigEndian(Int32(-1)) }
        }
    }

    private mutating func appendArrayHead(count: Int, hasNull: Bool, of type: UInt32) {
        appendBigEndian(Int32(count == 0 ? 0 : 1))
        appendBigEndian(Int32(hasNull ? 1 : 0))
        appendBigEndian(type)
        guard count > 0 else { return }
        appendBigEndian(Int32(clamping: count))
        appendBigEndian(Int32(1))
    }

    /// A value behind its length, which is known once it is written.
    private mutating func appendSized(_ append: (inout [UInt8]) -> Void) {
        let start = count
        appendBigEndian(Int32(0))
        append(&self)
        let length = Int32(clamping: count - start - 4).bigEndian
        Swift.withUnsafeBytes(of: length) { length in
            for index in 0..<4 { self[start + index] = length[index] }
        }
    }
}
