/// Why a text is not accepted as JSON.
public enum JSONError: Error, Equatable, Sendable {
    case malformed(at: Int)
    case tooDeep
    case tooLarge
}

/// Reads JSON (RFC 8259) strictly into flat nodes that point into the source, so that a scalar keeps the text in which it was sent.
///
/// One scanner is used again and again: its nodes keep their memory. The nodes mean nothing without the bytes they came from.
public struct JSONScanner: Sendable {
    public static let maximumDepth = 8
    public static let maximumBytes = 64 << 10
    public static let maximumNodes = 4096

    public enum Kind: UInt8, Sendable {
        case null, bool, number, string, array, object
    }

    public struct Node: Sendable {
        public var kind: Kind
        /// A string with at least one backslash.
        public var hasEscapes = false
        /// The member's name between its quotes; empty for elements.
        public var key: Range<Int> = 0..<0
        public var keyHasEscapes = false
        /// The lexeme; of a string what is between its quotes.
        public var text: Range<Int>
        /// The index of the node after this one and all within it.
        public var next: Int
    }

    public private(set) var nodes: [Node] = []
    private var position = 0

    public init() {}

    /// Reads one JSON text; white space may stand around it, nothing else.
    public mutating func scan(_ source: UnsafeRawBufferPointer) throws(JSONError) {
        nodes.removeAll(keepingCapacity: true)
        position = 0
        guard source.count <= JSONScanner.maximumBytes else { throw .tooLarge }
        skipSpace(source)
        try value(source, key: 0..<0, keyHasEscapes: false, depth: 1)
        skipSpace(source)
        guard position == source.count else { throw .malformed(at: position) }
    }

    /// The member of the object at `node` with the name `name`, the last one when it is there twice; nil when there is none.
    public func member(_ name: StaticString, of node: Int, in source: UnsafeRawBufferPointer) -> Int? {
        guard nodes[node].kind == .object else { return nil }
        var found: Int?
        var child = node + 1
        while child < nodes[node].next {
            let key = nodes[child].key
            if key.count == name.utf8CodeUnitCount {
                let same = name.withUTF8Buffer { $0.elementsEqual(source[key]) }
                if same { found = child }
            }
            child = nodes[child].next
        }
        return found
    }

    private mutating func value(
        _ source: UnsafeRawBufferPointer, key: Range<Int>, keyHasEscapes: Bool, depth: Int
    ) throws(JSONError) {
        guard position < source.count else { throw .malformed(at: position) }
        guard nodes.count < JSONScanner.maximumNodes else { throw .tooLarge }
        let index = nodes.count
        var node = Node(
            kind: .null, key: key, keyHasEscapes: keyHasEscapes, text: position..<position, next: index + 1)
        switch source[position] {
        case UInt8(ascii: "\""):
            node.kind = .string
            (node.text, node.hasEscapes) = try string(source)
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            guard depth <= JSONScanner.maximumDepth else { throw .tooDeep }
            let isObject = source[position] == UInt8(ascii: "{")
            node.kind = isObject ? .object : .array
            let start = position
            nodes.append(node)
            try container(source, isObject: isObject, depth: depth)
            nodes[index].text = start..<position
            nodes[index].next = nodes.count
            return
        case UInt8(ascii: "t"):
            node.kind = .bool
            try word("true", source)
        case UInt8(ascii: "f"):
            node.kind = .bool
            try word("false", source)
        case UInt8(ascii: "n"): try word("null", source)
        default:
            node.kind = .number
            try number(source)
        }
        if node.kind != .string { node.text = node.text.lowerBound..<position }
        nodes.append(node)
    }

    private mutating func container(_ source: UnsafeRawBufferPointer, isObject: Bool, depth: Int) throws(JSONError) {
        let closing = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
        position += 1
        skipSpace(source)
        if position < source.count, source[position] == closing {
            position += 1
            return
        }
        while true {
            var key = 0..<0
            var keyHasEscapes = false
            if isObject {
                guard position < source.count, source[position] == UInt8(ascii: "\"") else {
                    throw .malformed(at: position)
                }
                (key, keyHasEscapes) = try string(source)
                skipSpace(source)
                guard position < source.count, source[position] == UInt8(ascii: ":") else {
                    throw .malformed(at: position)
                }
                position += 1
                skipSpace(source)
            }
            try value(source, key: key, keyHasEscapes: keyHasEscapes, depth: depth + 1)
            skipSpace(source)
            guard position < source.count else { throw .malformed(at: position) }
            let byte = source[position]
            position += 1
            if byte == closing { return }
            guard byte == UInt8(ascii: ",") else { throw .malformed(at: position - 1) }
            skipSpace(source)
        }
    }

    private mutating func string(_ source: UnsafeRawBufferPointer) throws(JSONError) -> (Range<Int>, Bool) {
        position += 1
        let start = position
        var hasEscapes = false
        var isASCII = true
        while position < source.count {
            let byte = source[position]
            if byte == UInt8(ascii: "\"") {
                let text = start..<position
                if !isASCII, !UTF8Text.isValid(UnsafeRawBufferPointer(rebasing: source[text])) {
                    throw .malformed(at: start)
                }
                position += 1
                return (text, hasEscapes)
            }
            guard byte >= 0x20 else { throw .malformed(at: position) }
            if byte >= 0x80 { isASCII = false }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                try escape(source)
            } else {
                position += 1
            }
        }
        throw .malformed(at: position)
    }

    private mutating func escape(_ source: UnsafeRawBufferPointer) throws(JSONError) {
        guard position + 1 < source.count else { throw .malformed(at: position) }
        switch source[position + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 2
        case UInt8(ascii: "u"):
            guard let unit = hexUnit(source, at: position + 2) else { throw .malformed(at: position) }
            position += 6
            guard unit & 0xF800 == 0xD800 else { return }
            // A surrogate is one half of a pair, the high one first.
            guard unit < 0xDC00, position + 1 < source.count, source[position] == UInt8(ascii: "\\"),
                source[position + 1] == UInt8(ascii: "u"), let low = hexUnit(source, at: position + 2),
                low & 0xFC00 == 0xDC00
            else { throw .malformed(at: position) }
            position += 6
        default: throw .malformed(at: position)
        }
    }

    private mutating func number(_ source: UnsafeRawBufferPointer) throws(JSONError) {
        let start = position
        if source[position] == UInt8(ascii: "-") { position += 1 }
        if position < source.count, source[position] == UInt8(ascii: "0") {
            position += 1
        } else {
            try digits(source, start: start)
        }
        if position < source.count, source[position] == UInt8(ascii: ".") {
            position += 1
            try digits(source, start: start)
        }
        if position < source.count, source[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < source.count, source[position] == UInt8(ascii: "+") || source[position] == UInt8(ascii: "-") {
                position += 1
            }
            try digits(source, start: start)
        }
    }

    private mutating func digits(_ source: UnsafeRawBufferPointer, start: Int) throws(JSONError) {
        let first = position
        while position < source.count, source[position] &- UInt8(ascii: "0") < 10 { position += 1 }
        guard position > first else { throw .malformed(at: start) }
    }

    private mutating func word(_ word: StaticString, _ source: UnsafeRawBufferPointer) throws(JSONError) {
        let end = position + word.utf8CodeUnitCount
        guard end <= source.count, word.withUTF8Buffer({ $0.elementsEqual(source[position..<end]) }) else {
            throw .malformed(at: position)
        }
        position = end
    }

    private mutating func skipSpace(_ source: UnsafeRawBufferPointer) {
        while position < source.count {
            switch source[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }
}

/// The number of four hexadecimal digits, or nil.
func hexUnit(_ source: UnsafeRawBufferPointer, at start: Int) -> UInt32? {
    guard start + 4 <= source.count else { return nil }
    var unit: UInt32 = 0
    for index in start..<start + 4 {
        guard let digit = hexValue(source[index]) else { return nil }
        unit = unit << 4 | UInt32(digit)
    }
    return unit
}

/// 0 to 15, or nil for a byte that is no hexadecimal digit.
@inline(__always)
func hexValue(_ byte: UInt8) -> UInt8? {
    let decimal = byte &- 48
    if decimal < 10 { return decimal }
    let letter = (byte | 32) &- 97
    return letter < 6 ? letter + 10 : nil
}
