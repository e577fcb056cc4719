import Network

/// A request as it lies in the connection's buffer: nothing is copied until asked for. It is lent to the handler for
/// the call and cannot be kept.
public struct HTTPRequest: ~Copyable {
    let base: UnsafeRawPointer
    let parser: HTTPHeadParser
    let bodyBytes: UnsafeRawBufferPointer
    /// The other end of the connection.
    public let peer: PeerAddress

    private var head: HTTPHead { parser.head }

    public var method: HTTPMethod { parser.head.method }

    public var methodName: String { String(decoding: parser.head.methodName.bytes(base), as: UTF8.self) }

    /// The path, as sent: starting with `/`, not percent-decoded.
    public var path: RawSpan {
        @_lifetime(borrow self)
        get { span(parser.head.path.bytes(base)) }
    }

    /// What follows the `?`, as sent; empty without one.
    public var query: RawSpan {
        @_lifetime(borrow self)
        get { span(parser.head.query.bytes(base)) }
    }

    /// The body, chunks joined.
    public var body: RawSpan {
        @_lifetime(borrow self)
        get { span(bodyBytes) }
    }

    public var pathText: String { String(decoding: parser.head.path.bytes(base), as: UTF8.self) }
    public var queryText: String { String(decoding: parser.head.query.bytes(base), as: UTF8.self) }
    public var bodyText: String { String(decoding: bodyBytes, as: UTF8.self) }

    /// Whether the path is exactly this.
    public func isPath(_ path: StaticString) -> Bool { StaticBytes.equal(parser.head.path.bytes(base), path) }

    /// Whether the path starts with this.
    public func pathStarts(with prefix: StaticString) -> Bool {
        let path = parser.head.path.bytes(base)
        let count = prefix.utf8CodeUnitCount
        return path.count >= count && StaticBytes.equal(UnsafeRawBufferPointer(rebasing: path[0..<count]), prefix)
    }

    /// Calls `body` with path, query and body as raw bytes.
    public func withBytes<Result>(
        _ body: (_ path: UnsafeRawBufferPointer, _ query: UnsafeRawBufferPointer, _ body: UnsafeRawBufferPointer) ->
            Result
    ) -> Result {
        body(parser.head.path.bytes(base), parser.head.query.bytes(base), bodyBytes)
    }

    /// How many header fields there are.
    public var headerCount: Int { parser.head.fieldCount }

    /// The name of a field, as sent.
    public func headerName(at index: Int) -> String {
        precondition(index < parser.head.fieldCount)
        return String(decoding: parser.fields[index].name.bytes(base), as: UTF8.self)
    }

    /// The value of a field, without the white space around it.
    public func headerText(at index: Int) -> String {
        precondition(index < parser.head.fieldCount)
        return String(decoding: parser.fields[index].value.bytes(base), as: UTF8.self)
    }

    /// The first value of a field, by a name without regard to case; nil without such a field.
    @_lifetime(borrow self)
    public func header(_ name: StaticString) -> RawSpan? {
        guard let bytes = field(name) else { return nil }
        return span(bytes)
    }

    /// The same as a new string.
    public func headerText(_ name: StaticString) -> String? {
        guard let bytes = field(name) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    func field(_ name: StaticString) -> UnsafeRawBufferPointer? {
        for index in 0..<parser.head.fieldCount {
            let field = parser.fields[index]
            if StaticBytes.equalIgnoringCase(field.name.bytes(base), name) { return field.value.bytes(base) }
        }
        return nil
    }

    @_lifetime(borrow self)
    private func span(_ bytes: UnsafeRawBufferPointer) -> RawSpan {
        _overrideLifetime(RawSpan(_unsafeBytes: bytes), borrowing: self)
    }
}
