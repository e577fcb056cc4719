import Glibc
import Network

/// A request's method. Others than these are `other` (`HTTPRequest.methodName` says which).
public enum HTTPMethod: UInt8, Sendable {
    case get, head, post, put, delete, patch, options, other
}

/// Part of the bytes that a request was read from.
struct ByteRange {
    var offset: UInt32 = 0
    var count: UInt32 = 0

    init() {}

    init(_ start: Int, _ end: Int) {
        offset = UInt32(start)
        count = UInt32(end - start)
    }

    @inline(__always)
    func bytes(_ base: UnsafeRawPointer) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base + Int(offset), count: Int(count))
    }
}

/// How the body of a message ends.
enum BodyFraming: Equatable {
    case none
    case sized(Int)
    case chunked
}

struct HeaderField {
    var name = ByteRange()
    var value = ByteRange()
}

/// What a request's head says: references into the bytes that it was parsed from.
struct HTTPHead {
    var method = HTTPMethod.other
    var methodName = ByteRange()
    var path = ByteRange()
    var query = ByteRange()
    var hasQuery = false
    var isVersion11 = true
    var byteCount = 0
    var framing = BodyFraming.none
    var fieldCount = 0

    // The meaning of the fields that the server itself acts on.
    var hostCount = 0
    var sawContentLength = false
    var sawTransferEncoding = false
    var connectionClose = false
    var connectionUpgrade = false
    var upgradeWebSocket = false
    var expectsContinue = false
    var webSocketKey = ByteRange()
    var webSocketKeyCount = 0
    var webSocketVersion = ByteRange()

    /// Whether the connection stays open after the answer (RFC 9112, 9.3). One of HTTP/1.0 never does: its clients
    /// would need to be told otherwise.
    var keepsAlive: Bool { !connectionClose && isVersion11 }
}

/// A refused request: the status to answer, after which the connection closes.
struct HTTPRefusal: Error, Equatable {
    let status: HTTPStatus

    init(_ status: HTTPStatus) { self.status = status }

    static let malformed = HTTPRefusal(.badRequest)
}
