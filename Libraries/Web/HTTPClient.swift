import Crypto
import Network

public enum HTTPClientError: Error, Hashable, Sendable {
    /// The connection could not be made, or ended before the answer.
    case connectionEnded(String)
    case malformedAnswer(String)
    /// The server answered the WebSocket handshake with this status.
    case notUpgraded(UInt16)
}

/// A server's answer, as a client sees it.
public struct HTTPClientResponse: Sendable {
    public var status: UInt16
    /// Names in lower case, in order.
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]

    /// - Parameter name: in lower case.
    public func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    public var text: String { String(decoding: body, as: UTF8.self) }
}

/// A small HTTP/1.1 client: one connection, requests pipelined, on an event loop. For load generators, tests and calls
/// between an operator's tools and a service.
public final class HTTPClient: ConnectionDelegate {
    public typealias Completion = (Result<HTTPClientResponse, HTTPClientError>) -> Void

    private struct Waiting {
        let isHead: Bool
        let completion: Completion
    }

    /// Of an answer's body.
    public static let bodyBytes = 64 << 20

    private let connection: Connection
    private let host: String
    private var waiting: [Waiting] = []
    private var parser = HTTPResponseParser(bodyLimit: bodyBytes)
    private var failure = HTTPClientError.connectionEnded("closed")

    /// Starts to connect; requests may be sent at once.
    ///
    /// - Parameters:
    ///   - address: numeric.
    ///   - tls: a client's context, to speak TLS.
    public init(
        to address: String, port: UInt16, on loop: EventLoop, tls: TLSContext? = nil, serverName: String? = nil
    ) throws(NetworkError) {
        connection = try Connection.connect(to: address, port: port, on: loop, tls: tls, serverName: serverName)
        host = "\(address.contains(":") ? "[\(address)]" : address):\(port)"
        connection.delegate = self
    }

    public var isOpen: Bool { connection.isOpen }
    /// Requests whose answers have not come.
    public var unanswered: Int { waiting.count }

    /// Sends a request. `completion` is called on the loop, in the order of the requests.
    public func send(
        _ method: String = "GET", _ target: String, headers: HTTPHeaders = .none, body: [UInt8] = [],
        _ completion: @escaping Completion
    ) {
        guard connection.isOpen else { return completion(.failure(failure)) }
        waiting.append(Waiting(isHead: method == "HEAD", completion: completion))
        connection.write {
            $0.append(method)
            $0.append(UInt8(ascii: " "))
            $0.append(target)
            $0.append(" HTTP/1.1\r\nHost: ")
            $0.append(host)
            if !body.isEmpty || method == "POST" || method == "PUT" {
                $0.append("\r\nContent-Length: ")
                $0.append(decimal: body.count)
            }
            $0.append("\r\n")
            $0.append(headers.lines)
            $0.append("\r\n")
            $0.append(body)
        }
    }

    public func close() { connection.close() }

    public func connection(_ connection: Connection, received bytes: UnsafeMutableRawBufferPointer) -> Int {
        var consumed = 0
        while consumed < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[consumed...])
            do throws(HTTPClientError) {
                let isHead = waiting.first?.isHead ?? false
                let (used, response) = try parser.take(rest, isHead: isHead)
                consumed += used
                if let response {
                    guard !waiting.isEmpty else { throw .malformedAnswer("nothing was asked") }
                    waiting.removeFirst().completion(.success(response))
                } else if used == 0 {
                    break
                }
            } catch {
                failure = error
                connection.close()
                return bytes.count
            }
        }
        return consumed
    }

    public func connectionReachedEnd(_ connection: Connection) { connection.close() }

    public func connectionEnded(_ connection: Connection, _ reason: ConnectionEnd) {
        if case .failed(let text) = reason { failure = .connectionEnded(text) }
        let unfinished = waiting
        waiting = []
        for request in unfinished { request.completion(.failure(failure)) }
    }
}
