import Network

/// The place for the answer to one request: answer now, or keep it and answer later on the same loop. Answers leave in
/// the order of the requests whatever order they are given in. From another thread, answer through `ticket`.
public struct HTTPExchange {
    let connection: HTTPConnection
    let sequence: UInt32
    let omitsBody: Bool
    let closes: Bool

    /// Whether the client is still there to take the answer.
    public var isOpen: Bool { connection.isWaiting(for: sequence) }

    /// Answers. A second answer to the same request, or one to a client that has gone, is dropped.
    public func respond(
        _ status: HTTPStatus, contentType: ContentType = .json, headers: HTTPHeaders = .none,
        body: UnsafeRawBufferPointer
    ) {
        connection.answer(self, status, contentType, headers, body)
    }

    public func respond(
        _ status: HTTPStatus, contentType: ContentType = .json, headers: HTTPHeaders = .none, body: [UInt8] = []
    ) {
        body.withUnsafeBytes { respond(status, contentType: contentType, headers: headers, body: $0) }
    }

    public func respond(
        _ status: HTTPStatus, contentType: ContentType = .json, headers: HTTPHeaders = .none, body: String
    ) {
        var body = body
        body.withUTF8 {
            respond(status, contentType: contentType, headers: headers, body: UnsafeRawBufferPointer($0))
        }
    }

    /// Answers with a body that `fill` appends to an empty buffer of the server. `fill` must not answer other requests.
    public func respond(
        _ status: HTTPStatus, contentType: ContentType = .json, headers: HTTPHeaders = .none,
        fill: (inout ByteBuffer) -> Void
    ) {
        guard let server = connection.server else { return }
        server.scratch.removeAll(retaining: WebServer.retainedScratchBytes)
        fill(&server.scratch)
        server.scratch.withUnsafeBytes { respond(status, contentType: contentType, headers: headers, body: $0) }
    }

    public func respond(_ response: HTTPResponse) {
        respond(
            response.status, contentType: response.contentType, headers: response.headers, body: response.body)
    }

    /// For answering from another thread, or by value later.
    public var ticket: HTTPTicket? {
        guard let server = connection.server else { return nil }
        return HTTPTicket(
            answers: server.answers, connection: connection.id, sequence: sequence, omitsBody: omitsBody,
            closes: closes)
    }
}

/// Names one unanswered request from anywhere. Answers come back to the request's loop in batches.
public struct HTTPTicket: Sendable {
    let answers: Mailbox<TicketAnswer>
    let connection: ConnectionID
    let sequence: UInt32
    let omitsBody: Bool
    let closes: Bool

    /// Answers from any thread. An answer to a client that has gone is dropped.
    public func respond(_ response: HTTPResponse) {
        answers.post(TicketAnswer(ticket: self, response: response))
    }
}

struct TicketAnswer: Sendable {
    let ticket: HTTPTicket
    let response: HTTPResponse
}

/// Names a connection of a server; stale once the connection has ended.
public struct ConnectionID: Hashable, Sendable {
    let index: UInt32
    let generation: UInt32
}
