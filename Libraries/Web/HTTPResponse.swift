import Network

/// Header fields of an answer or of a client's request, in order, encoded as they are sent.
public struct HTTPHeaders: Sendable, Hashable {
    var lines: [UInt8] = []

    public init() {}

    public static let none = HTTPHeaders()

    public var isEmpty: Bool { lines.isEmpty }

    /// Adds a field. Control characters of the value are sent as spaces, so that no value can add a line.
    public mutating func append(_ name: StaticString, _ value: String) {
        appendName(name)
        for byte in value.utf8 { lines.append(HTTPSyntax.isValue(byte) ? byte : 0x20) }
        lines.append(0x0d)
        lines.append(0x0a)
    }

    public mutating func append(_ name: StaticString, _ value: Int) {
        var digits = ByteBuffer(capacity: 24)
        digits.append(decimal: value)
        appendName(name)
        lines.append(contentsOf: digits.array())
        lines.append(0x0d)
        lines.append(0x0a)
    }

    private mutating func appendName(_ name: StaticString) {
        lines.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        lines.append(UInt8(ascii: ":"))
        lines.append(0x20)
    }
}

/// The media type of a body.
public enum ContentType: Sendable, Hashable {
    case json
    case text
    case html
    /// The Prometheus text exposition format.
    case prometheus
    case formURLEncoded
    case octetStream
    case other(StaticText)

    /// A literal, so that a media type never carries a received value.
    public struct StaticText: Sendable, Hashable {
        let text: StaticString
        public init(_ text: StaticString) { self.text = text }
        public static func == (left: Self, right: Self) -> Bool { left.text.description == right.text.description }
        public func hash(into hasher: inout Hasher) { hasher.combine(text.description) }
    }

    var text: StaticString {
        switch self {
        case .json: "application/json;charset=UTF-8"
        case .text: "text/plain; charset=utf-8"
        case .html: "text/html; charset=utf-8"
        case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
        case .formURLEncoded: "application/x-www-form-urlencoded"
        case .octetStream: "application/octet-stream"
        case .other(let other): other.text
        }
    }
}

/// An answer as a value, for answers that come from other threads.
public struct HTTPResponse: Sendable {
    public var status: HTTPStatus
    public var contentType: ContentType
    public var headers: HTTPHeaders
    public var body: [UInt8]

    public init(
        _ status: HTTPStatus, contentType: ContentType = .json, headers: HTTPHeaders = .none, body: [UInt8] = []
    ) {
        self.status = status
        self.contentType = contentType
        self.headers = headers
        self.body = body
    }
}

/// How an answer is framed; decided by its request.
struct AnswerFrame {
    var omitsBody = false
    var closes = false
    var date: HTTPDate
}

extension ByteBuffer {
    /// Appends a whole answer.
    mutating func append(
        _ status: HTTPStatus, _ contentType: ContentType, _ headers: HTTPHeaders, _ frame: borrowing AnswerFrame,
        body: UnsafeRawBufferPointer
    ) {
        reserve(256 + headers.lines.count + body.count)
        append("HTTP/1.1 ")
        append(decimal: UInt(status.code))
        append(UInt8(ascii: " "))
        append(status.reason)
        append("\r\nDate: ")
        append(frame.date)
        if status.hasBody {
            if body.count > 0 {
                append("\r\nContent-Type: ")
                append(contentType.text)
            }
            append("\r\nContent-Length: ")
            append(decimal: UInt(body.count))
        }
        append(frame.closes ? "\r\nConnection: close\r\n" : "\r\n")
        append(headers.lines)
        append("\r\n")
        if status.hasBody, !frame.omitsBody { append(body) }
    }
}
