/// Decodes a chunked body (RFC 9112, 7.1) piece by piece.
struct ChunkedDecoder {
    private enum State {
        case size, extensions, sizeFeed, data, dataReturn, dataFeed, trailerStart, trailer, trailerFeed, endFeed, done
    }

    /// Chunk extensions and trailer fields are read over; this many bytes of each line are allowed.
    private static let lineBytes = 1_024

    private let limits: HTTPLimits
    private var state = State.size
    private var rest = 0
    private var digits = 0
    private var lineCount = 0
    private var line: [UInt8] = []
    private(set) var decodedBytes = 0

    init(limits: HTTPLimits) { self.limits = limits }

    var isDone: Bool { if case .done = state { true } else { false } }

    /// - Returns: how many bytes were used; all of them unless the body has ended.
    mutating func decode(_ bytes: UnsafeRawBufferPointer, into body: inout [UInt8]) throws(HTTPRefusal) -> Int {
        var position = 0
        while position < bytes.count, !isDone {
            if case .data = state {
                let count = min(rest, bytes.count - position)
                body.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[position..<position + count]))
                position += count
                rest -= count
                if rest == 0 { state = .dataReturn }
                continue
            }
            try step(bytes[position])
            position += 1
        }
        return position
    }

    private mutating func step(_ byte: UInt8) throws(HTTPRefusal) {
        switch state {
        case .size: try stepSize(byte)
        case .extensions:
            lineCount += 1
            if byte == 0x0d { state = .sizeFeed; return }
            guard HTTPSyntax.isValue(byte), lineCount <= Self.lineBytes else { throw .malformed }
        case .sizeFeed:
            guard byte == 0x0a else { throw .malformed }
            lineCount = 0
            state = rest == 0 ? .trailerStart : .data
        case .dataReturn:
            guard byte == 0x0d else { throw .malformed }
            state = .dataFeed
        case .dataFeed:
            guard byte == 0x0a else { throw .malformed }
            digits = 0
            state = .size
        case .trailerStart:
            if byte == 0x0d { state = .endFeed; return }
            line = [byte]
            state = .trailer
        case .trailer:
            if byte == 0x0d { state = .trailerFeed; return }
            guard line.count < Self.lineBytes else { throw HTTPRefusal(.requestHeaderFieldsTooLarge) }
            line.append(byte)
        case .trailerFeed:
            guard byte == 0x0a else { throw .malformed }
            try checkTrailer()
            state = .trailerStart
        case .endFeed:
            guard byte == 0x0a else { throw .malformed }
            line = []
            state = .done
        case .data, .done: break
        }
    }

    private mutating func stepSize(_ byte: UInt8) throws(HTTPRefusal) {
        if let digit = HTTPSyntax.hexValue(byte) {
            guard digits < 8 else { throw .malformed }
            rest = (digits == 0 ? 0 : rest) * 16 + digit
            digits += 1
            return
        }
        guard digits > 0 else { throw .malformed }
        decodedBytes += rest
        guard decodedBytes <= limits.bodyBytes else { throw HTTPRefusal(.contentTooLarge) }
        switch byte {
        case 0x0d: state = .sizeFeed
        case UInt8(ascii: ";"): state = .extensions
        default: throw .malformed
        }
    }

    /// A trailer field must be well formed; what it says is dropped (RFC 9110, 6.5.1).
    private mutating func checkTrailer() throws(HTTPRefusal) {
        lineCount += 1
        guard lineCount <= limits.headerCount else { throw HTTPRefusal(.requestHeaderFieldsTooLarge) }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0,
            line[..<colon].allSatisfy(HTTPSyntax.isToken), line[colon...].allSatisfy(HTTPSyntax.isValue)
        else { throw .malformed }
    }
}
