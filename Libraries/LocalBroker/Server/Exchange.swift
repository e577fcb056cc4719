/// One request and its answer. Answers leave a connection in the order of their requests, whenever they are made.
final class Exchange {
    let header: RequestHeader
    /// The host of the other side, without its port.
    let peer: String
    /// The answer's frame; nil as long as it is waited for.
    private(set) var frame: [UInt8]?
    private weak var connection: BrokerConnection?

    init(_ header: RequestHeader, on connection: BrokerConnection) {
        self.header = header
        self.connection = connection
        peer = connection.peer
    }

    /// Whether there is still somebody who waits for it.
    var isOpen: Bool { connection?.isOpen ?? false }

    /// Answers. Only the first answer counts.
    ///
    /// - Parameter attachments: what the response's records point into; it is copied here.
    func answer(
        _ body: some ResponseBody, version: Int16? = nil,
        attachments: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0)
    ) {
        guard frame == nil, let connection else { return }
        frame = connection.encode(body, self, version: version ?? header.version, attachments: attachments)
        connection.sendAnswers()
    }

    /// A produce request that asked for no acknowledgement gets no answer at all.
    func answerNothing() {
        guard frame == nil, let connection else { return }
        frame = []
        connection.sendAnswers()
    }

    /// Ends the connection, as Kafka does where the protocol has no error to give.
    func abort(_ reason: String) { connection?.abort(reason) }
}
