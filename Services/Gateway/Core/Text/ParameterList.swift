import TradingCore

/// The parameters of one request, decoded, whichever way they came: query, form body or the `params` of a JSON request.
///
/// One list is used again and again; it keeps its memory. A fault found while reading is kept and raised when the parameters' turn comes,
/// after the signature (`ParameterList.check`).
public struct ParameterList: Sendable {
    /// Parameters in one request, known or not.
    public static let maximumCount = 128

    private struct Value {
        var start: Int32 = -1
        var end: Int32 = 0
        var source: Source = .query
    }

    private enum Source: UInt8 { case query, body }

    private var values = [Value](repeating: Value(), count: ParameterName.allCases.count)
    private var storage: [UInt8] = []
    private var unknownNames: [(name: Range<Int>, source: Source)] = []
    private var count = 0
    private var fault: ApiError?

    public init() {}

    public mutating func removeAll() {
        for index in values.indices { values[index] = Value() }
        storage.removeAll(keepingCapacity: true)
        unknownNames.removeAll(keepingCapacity: true)
        count = 0
        fault = nil
    }

    /// Raises what reading found: a parameter twice, or characters that are not allowed.
    public func check() throws(ApiError) {
        if let fault { throw fault }
    }

    public func has(_ name: ParameterName) -> Bool { values[Int(name.rawValue)].start >= 0 }

    /// Calls `body` with the value's bytes; nil when the parameter was not sent.
    @inline(__always)
    public func withBytes<Result>(_ name: ParameterName, _ body: (UnsafeRawBufferPointer) -> Result) -> Result? {
        let value = values[Int(name.rawValue)]
        guard value.start >= 0 else { return nil }
        return storage.withUnsafeBytes {
            body(UnsafeRawBufferPointer(rebasing: $0[Int(value.start)..<Int(value.end)]))
        }
    }

    public func string(_ name: ParameterName) -> String? { withBytes(name) { String(decoding: $0, as: UTF8.self) } }

    public func isEmpty(_ name: ParameterName) -> Bool {
        let value = values[Int(name.rawValue)]
        return value.start >= 0 && value.start == value.end
    }

    // MARK: Reading

    /// Adds the pairs of a query string, still percent-encoded.
    public mutating func addQuery(_ bytes: UnsafeRawBufferPointer) { addForm(bytes, source: .query) }

    /// Adds the pairs of an `application/x-www-form-urlencoded` body; a name that the query has keeps the query's value.
    public mutating func addBody(_ bytes: UnsafeRawBufferPointer) { addForm(bytes, source: .body) }

    private mutating func addForm(_ bytes: UnsafeRawBufferPointer, source: Source) {
        var start = 0
        while start < bytes.count {
            var end = start
            var equals = -1
            while end < bytes.count, bytes[end] != UInt8(ascii: "&") {
                if equals < 0, bytes[end] == UInt8(ascii: "=") { equals = end }
                end += 1
            }
            if end > start {
                let nameEnd = equals < 0 ? end : equals
                let valueStart = equals < 0 ? end : equals + 1
                addPair(
                    UnsafeRawBufferPointer(rebasing: bytes[start..<nameEnd]),
                    UnsafeRawBufferPointer(rebasing: bytes[valueStart..<end]), source: source)
            }
            start = end + 1
        }
    }

    private mutating func addPair(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, source: Source) {
        guard reserve() else { return }
        let nameStart = storage.count
        guard appendDecoded(name) else { return fail(.illegalCharacters(in: "name")) }
        let nameEnd = storage.count
        let known = storage.withUnsafeBytes {
            ParameterName.named(UnsafeRawBufferPointer(rebasing: $0[nameStart..<nameEnd]))
        }
        guard let known else { return noteUnknown(nameStart..<nameEnd, source) }
        let valueStart = storage.count
        guard appendDecoded(value) else { return fail(.illegalCharacters(in: known.text)) }
        set(known, valueStart, source)
    }

    /// Adds the members of a JSON request's `params`: scalars by the text they were sent in, arrays as their JSON.
    public mutating func add(_ scanner: JSONScanner, object: Int, in source: UnsafeRawBufferPointer) {
        var child = object + 1
        let end = scanner.nodes[object].next
        while child < end {
            let node = scanner.nodes[child]
            child = node.next
            guard reserve() else { return }
            let nameStart = storage.count
            append(source[node.key], hasEscapes: node.keyHasEscapes)
            let nameEnd = storage.count
            let known = storage.withUnsafeBytes {
                ParameterName.named(UnsafeRawBufferPointer(rebasing: $0[nameStart..<nameEnd]))
            }
            guard let known else {
                noteUnknown(nameStart..<nameEnd, .query)
                continue
            }
            guard node.kind != .null else { continue }
            let valueStart = storage.count
            append(source[node.text], hasEscapes: node.kind == .string && node.hasEscapes)
            set(known, valueStart, .query)
        }
    }

    private mutating func append(_ text: Slice<UnsafeRawBufferPointer>, hasEscapes: Bool) {
        if hasEscapes {
            JSONText.appendUnescaped(UnsafeRawBufferPointer(rebasing: text), to: &storage)
        } else {
            storage.append(contentsOf: text)
        }
    }

    private mutating func reserve() -> Bool {
        count += 1
        guard count <= ParameterList.maximumCount else {
            fail(.duplicateParameter)
            return false
        }
        return true
    }

    private mutating func set(_ name: ParameterName, _ start: Int, _ source: Source) {
        let old = values[Int(name.rawValue)]
        if old.start >= 0 {
            if old.source == source { fail(.duplicateParameter) }
            // The query came first, and it wins over the body.
            return
        }
        values[Int(name.rawValue)] = Value(start: Int32(start), end: Int32(storage.count), source: source)
    }

    private mutating func noteUnknown(_ name: Range<Int>, _ source: Source) {
        for other in unknownNames where other.source == source && other.name.count == name.count {
            if storage[other.name].elementsEqual(storage[name]) { fail(.duplicateParameter) }
        }
        unknownNames.append((name, source))
    }

    private mutating func fail(_ error: ApiError) {
        if fault == nil { fault = error }
    }

    /// Percent-decodes; false when an escape is not two hexadecimal digits, or the result is not UTF-8.
    private mutating func appendDecoded(_ text: UnsafeRawBufferPointer) -> Bool {
        let start = storage.count
        var isPlain = true
        var index = 0
        while index < text.count {
            var byte = text[index]
            if byte == UInt8(ascii: "%") {
                guard index + 2 < text.count, let high = hexValue(text[index + 1]), let low = hexValue(text[index + 2])
                else { return false }
                byte = high << 4 | low
                index += 2
            } else if byte == UInt8(ascii: "+") {
                byte = UInt8(ascii: " ")
            }
            if byte >= 0x80 { isPlain = false }
            storage.append(byte)
            index += 1
        }
        return isPlain
            || storage.withUnsafeBytes { UTF8Text.isValid(UnsafeRawBufferPointer(rebasing: $0[start...])) }
    }
}
