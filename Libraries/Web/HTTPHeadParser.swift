import Glibc

/// Parses the head of a request where it lies, without allocating.
///
/// It refuses whatever two parsers could read differently: bare LF, folded lines, white space before a colon,
/// repeated or malformed Content-Length, Content-Length beside Transfer-Encoding, a missing or second Host
/// (RFC 9112, sections 2.2, 3.2, 5.1, 5.2, 6.3). One parser serves all connections of a loop: a head that has not
/// arrived whole is parsed again from its start, which costs a microsecond at most.
final class HTTPHeadParser {
    enum Outcome {
        case incomplete
        case complete
    }

    let limits: HTTPLimits
    private(set) var head = HTTPHead()
    let fields: UnsafeMutablePointer<HeaderField>
    private let lineEnds: UnsafeMutablePointer<UInt32>

    init(limits: HTTPLimits) {
        self.limits = limits
        fields = .allocate(capacity: limits.headerCount)
        fields.initialize(repeating: HeaderField(), count: limits.headerCount)
        lineEnds = .allocate(capacity: limits.headerCount + 2)
        lineEnds.initialize(repeating: 0, count: limits.headerCount + 2)
    }

    deinit {
        fields.deallocate()
        lineEnds.deallocate()
    }

    /// - Returns: `.complete` when `bytes` starts with a whole head, then in `head` and `fields`.
    func parse(_ bytes: UnsafeRawBufferPointer) throws(HTTPRefusal) -> Outcome {
        guard let base = bytes.baseAddress, bytes.count > 0 else { return .incomplete }
        // One empty line before a request is passed over (RFC 9112, 2.2).
        var start = 0
        if bytes[0] == 0x0d {
            guard bytes.count > 1 else { return .incomplete }
            guard bytes[1] == 0x0a else { throw .malformed }
            start = 2
            guard bytes.count > 2 else { return .incomplete }
        }
        guard HTTPSyntax.isToken(bytes[start]) else { throw .malformed }
        guard let lines = try findLines(base, start, bytes.count) else { return .incomplete }
        head = HTTPHead()
        try parseRequestLine(base, start, Int(lineEnds[0]))
        for line in 1..<max(lines, 1) {
            try parseField(base, Int(lineEnds[line - 1]) + 2, Int(lineEnds[line]))
        }
        head.byteCount = Int(lineEnds[lines - 1]) + 4
        try settle()
        return .complete
    }

    /// Finds the ends of all lines up to the empty one.
    ///
    /// - Returns: how many there are, nil when the empty line has not arrived.
    private func findLines(_ base: UnsafeRawPointer, _ start: Int, _ count: Int) throws(HTTPRefusal) -> Int? {
        var lines = 0
        var lineStart = start
        let limit = min(count, start + limits.headBytes)
        while lineStart < limit, let found = memchr(base + lineStart, 0x0a, limit - lineStart) {
            let feed = base.distance(to: UnsafeRawPointer(found))
            guard feed > lineStart, base.load(fromByteOffset: feed - 1, as: UInt8.self) == 0x0d else {
                throw .malformed
            }
            let end = feed - 1
            if end == lineStart {
                guard lines > 0 else { throw .malformed }
                return lines
            }
            if lines == 0, end - start > limits.requestLineBytes { throw HTTPRefusal(.uriTooLong) }
            guard lines <= limits.headerCount else { throw HTTPRefusal(.requestHeaderFieldsTooLarge) }
            lineEnds[lines] = UInt32(end)
            lines += 1
            lineStart = feed + 1
        }
        if lines == 0, limit - start > limits.requestLineBytes { throw HTTPRefusal(.uriTooLong) }
        if count - start >= limits.headBytes { throw HTTPRefusal(.requestHeaderFieldsTooLarge) }
        return nil
    }

    // MARK: Request line

    private func parseRequestLine(_ base: UnsafeRawPointer, _ start: Int, _ end: Int) throws(HTTPRefusal) {
        var position = start
        while position < end, HTTPSyntax.isToken(byte(base, position)) { position += 1 }
        guard position > start, position < end, byte(base, position) == 0x20 else { throw .malformed }
        head.methodName = ByteRange(start, position)
        head.method = Self.method(head.methodName.bytes(base))
        // The version is the last nine bytes, with the space before it.
        let targetStart = position + 1
        let targetEnd = end - 9
        guard targetEnd > targetStart, byte(base, targetEnd) == 0x20 else { throw .malformed }
        try parseVersion(UnsafeRawBufferPointer(start: base + targetEnd + 1, count: 8))
        try parseTarget(base, targetStart, targetEnd)
    }

    private func parseVersion(_ version: UnsafeRawBufferPointer) throws(HTTPRefusal) {
        if StaticBytes.equal(version, "HTTP/1.1") { return }
        if StaticBytes.equal(version, "HTTP/1.0") {
            head.isVersion11 = false
            return
        }
        let isNamed = StaticBytes.equal(UnsafeRawBufferPointer(rebasing: version[0..<5]), "HTTP/")
        let isNumbered = isDigit(version[5]) && version[6] == UInt8(ascii: ".") && isDigit(version[7])
        throw isNamed && isNumbered ? HTTPRefusal(.httpVersionNotSupported) : .malformed
    }

    private func parseTarget(_ base: UnsafeRawPointer, _ start: Int, _ end: Int) throws(HTTPRefusal) {
        var question = -1
        for position in start..<end {
            let byte = byte(base, position)
            guard HTTPSyntax.isTarget(byte) else { throw .malformed }
            if byte == UInt8(ascii: "?"), question < 0 { question = position }
        }
        var pathStart = start
        if byte(base, start) != UInt8(ascii: "/") {
            if head.method == .options, end - start == 1, byte(base, start) == UInt8(ascii: "*") {
                head.path = ByteRange(start, end)
                return
            }
            pathStart = try skipAuthority(base, start, question < 0 ? end : question)
        }
        head.hasQuery = question >= 0
        head.path = ByteRange(pathStart, question < 0 ? end : question)
        head.query = question < 0 ? ByteRange(end, end) : ByteRange(question + 1, end)
    }

    /// An absolute target (`http://host/path`) must be accepted (RFC 9112, 3.2.2); its path counts.
    private func skipAuthority(_ base: UnsafeRawPointer, _ start: Int, _ end: Int) throws(HTTPRefusal) -> Int {
        let bytes = UnsafeRawBufferPointer(start: base + start, count: end - start)
        var position: Int
        if bytes.count > 7, StaticBytes.equal(UnsafeRawBufferPointer(rebasing: bytes[0..<7]), "http://") {
            position = start + 7
        } else if bytes.count > 8, StaticBytes.equal(UnsafeRawBufferPointer(rebasing: bytes[0..<8]), "https://") {
            position = start + 8
        } else {
            throw .malformed
        }
        let authority = position
        while position < end, byte(base, position) != UInt8(ascii: "/") {
            guard HTTPSyntax.isHost(byte(base, position)) else { throw .malformed }
            position += 1
        }
        guard position > authority, position < end else { throw .malformed }
        return position
    }

    private static func method(_ name: UnsafeRawBufferPointer) -> HTTPMethod {
        switch name.count {
        case 3:
            if StaticBytes.equal(name, "GET") { return .get }
            if StaticBytes.equal(name, "PUT") { return .put }
        case 4:
            if StaticBytes.equal(name, "POST") { return .post }
            if StaticBytes.equal(name, "HEAD") { return .head }
        case 5: if StaticBytes.equal(name, "PATCH") { return .patch }
        case 6: if StaticBytes.equal(name, "DELETE") { return .delete }
        case 7: if StaticBytes.equal(name, "OPTIONS") { return .options }
        default: break
        }
        return .other
    }

    // MARK: Fields

    private func parseField(_ base: UnsafeRawPointer, _ start: Int, _ end: Int) throws(HTTPRefusal) {
        var position = start
        while position < end, HTTPSyntax.isToken(byte(base, position)) { position += 1 }
        // A name that is empty, folded or followed by white space ends elsewhere than at the colon.
        guard position > start, position < end, byte(base, position) == UInt8(ascii: ":") else { throw .malformed }
        let name = ByteRange(start, position)
        var valueStart = position + 1
        var valueEnd = end
        while valueStart < valueEnd, StaticBytes.isBlank(byte(base, valueStart)) { valueStart += 1 }
        while valueEnd > valueStart, StaticBytes.isBlank(byte(base, valueEnd - 1)) { valueEnd -= 1 }
        guard HTTPSyntax.isFieldValue(base + valueStart, valueEnd - valueStart) else { throw .malformed }
        let value = ByteRange(valueStart, valueEnd)
        guard head.fieldCount < limits.headerCount else { throw HTTPRefusal(.requestHeaderFieldsTooLarge) }
        fields[head.fieldCount] = HeaderField(name: name, value: value)
        head.fieldCount += 1
        try interpret(name.bytes(base), value, base)
    }

    private func interpret(
        _ name: UnsafeRawBufferPointer, _ range: ByteRange, _ base: UnsafeRawPointer
    ) throws(HTTPRefusal) {
        let value = range.bytes(base)
        switch name.count {
        case 4 where StaticBytes.equalIgnoringCase(name, "Host"):
            head.hostCount += 1
            guard value.allSatisfy(HTTPSyntax.isHost) else { throw .malformed }
        case 6 where StaticBytes.equalIgnoringCase(name, "Expect"):
            guard StaticBytes.equalIgnoringCase(value, "100-continue") else { throw HTTPRefusal(.expectationFailed) }
            head.expectsContinue = true
        case 7 where StaticBytes.equalIgnoringCase(name, "Upgrade"):
            StaticBytes.forEachListMember(value) {
                if StaticBytes.equalIgnoringCase($0, "websocket") { head.upgradeWebSocket = true }
            }
        case 10 where StaticBytes.equalIgnoringCase(name, "Connection"):
            StaticBytes.forEachListMember(value) {
                if StaticBytes.equalIgnoringCase($0, "close") { head.connectionClose = true }
                if StaticBytes.equalIgnoringCase($0, "upgrade") { head.connectionUpgrade = true }
            }
        case 14 where StaticBytes.equalIgnoringCase(name, "Content-Length"):
            guard !head.sawContentLength, let length = HTTPSyntax.decimal(value) else { throw .malformed }
            head.sawContentLength = true
            head.framing = .sized(length)
        case 17 where StaticBytes.equalIgnoringCase(name, "Transfer-Encoding"):
            guard !head.sawTransferEncoding, head.isVersion11 else { throw .malformed }
            guard StaticBytes.equalIgnoringCase(value, "chunked") else { throw HTTPRefusal(.notImplemented) }
            head.sawTransferEncoding = true
        case 17 where StaticBytes.equalIgnoringCase(name, "Sec-WebSocket-Key"):
            head.webSocketKey = range
            head.webSocketKeyCount += 1
        case 21 where StaticBytes.equalIgnoringCase(name, "Sec-WebSocket-Version"):
            head.webSocketVersion = range
        default: break
        }
    }

    /// What follows from all fields together.
    private func settle() throws(HTTPRefusal) {
        if head.hostCount > 1 || (head.hostCount == 0 && head.isVersion11) { throw .malformed }
        if head.sawTransferEncoding {
            guard !head.sawContentLength else { throw .malformed }
            head.framing = .chunked
        }
        if case .sized(0) = head.framing { head.framing = .none }
        if case .sized(let length) = head.framing, length > limits.bodyBytes {
            throw HTTPRefusal(.contentTooLarge)
        }
    }

    @inline(__always)
    private func byte(_ base: UnsafeRawPointer, _ position: Int) -> UInt8 {
        base.load(fromByteOffset: position, as: UInt8.self)
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
}
