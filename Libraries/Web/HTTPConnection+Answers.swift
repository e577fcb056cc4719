import Network

extension HTTPConnection {
    /// Whether this request is still to be answered and the client still there.
    func isWaiting(for sequence: UInt32) -> Bool {
        let position = Int(sequence &- firstUnanswered)
        guard connection.isOpen, position < unanswered else { return false }
        return position >= held.count || held[position] == nil
    }

    func answer(
        _ exchange: HTTPExchange, _ status: HTTPStatus, _ contentType: ContentType, _ headers: HTTPHeaders,
        _ body: UnsafeRawBufferPointer
    ) {
        guard let server, isWaiting(for: exchange.sequence) else { return }
        let closes = exchange.closes || server.isDraining
        let frame = AnswerFrame(omitsBody: exchange.omitsBody, closes: closes, date: server.currentDate())
        let position = Int(exchange.sequence &- firstUnanswered)
        if position > 0 {
            // Its turn has not come: an answer before it is missing.
            var buffer = ByteBuffer(capacity: 256 + body.count)
            buffer.append(status, contentType, headers, frame, body: body)
            while held.count <= position { held.append(nil) }
            held[position] = buffer.array()
            return
        }
        connection.write { $0.append(status, contentType, headers, frame, body: body) }
        advance()
        sendHeld()
        afterAnswers()
    }

    private func advance() {
        firstUnanswered &+= 1
        if !held.isEmpty { held.removeFirst() }
    }

    private func sendHeld() {
        while let next = held.first, let answer = next {
            connection.write { $0.append(answer) }
            advance()
        }
    }

    private func afterAnswers() {
        if unanswered == 0, readsNoMore {
            stopTimer()
            return connection.finish()
        }
        sendContinueIfDue()
        unblockIfPossible()
        if isIdleCaller { settleWait(hasPartialHead: wait == .head) }
    }
}
