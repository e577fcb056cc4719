import Network

// One timer a connection. Deadlines mostly move later (each request moves the idle one), which costs nothing: the
// timer looks when it fires and is set again.
extension HTTPConnection {
    /// Waits for whatever has to come next.
    func settleWait(hasPartialHead: Bool) {
        guard let server, connection.isOpen else { return }
        let limits = server.limits
        if connection.backlogBytes > 0, unanswered == 0 {
            setWait(.write, limits.stalledWriteMilliseconds)
        } else if hasPendingBody {
            if wait != .body { setWait(.body, limits.bodyMilliseconds) }
        } else if unanswered > 0 {
            setWait(.answer, limits.answerMilliseconds)
        } else if hasPartialHead {
            if wait != .head { setWait(.head, limits.headMilliseconds) }
        } else {
            setWait(.idle, limits.idleMilliseconds)
        }
    }

    func setWait(_ wait: Wait, _ milliseconds: Int) {
        self.wait = wait
        deadline = connection.loop.now + UInt64(max(milliseconds, 1))
        if let timer, timerDeadline > deadline {
            connection.loop.cancel(timer)
            self.timer = nil
        }
        if timer == nil { setTimer() }
    }

    func stopTimer() {
        if let timer { connection.loop.cancel(timer) }
        timer = nil
    }

    private func setTimer() {
        let delay = deadline > connection.loop.now ? Int(deadline - connection.loop.now) : 1
        timerDeadline = deadline
        timer = connection.loop.schedule(afterMilliseconds: delay) { [unowned self] in timerFired() }
    }

    private func timerFired() {
        timer = nil
        guard connection.isOpen, let server else { return }
        if wait == .idle, connection.backlogBytes > 0 { wait = .write }
        if wait == .write {
            if connection.backlogBytes == 0 { return settleWait(hasPartialHead: false) }
            deadline = max(
                deadline, connection.lastProgress + UInt64(server.limits.stalledWriteMilliseconds))
        }
        guard connection.loop.now >= deadline else { return setTimer() }
        switch wait {
        case .idle: connection.finish()
        case .head, .body: timeOut()
        case .answer, .write: connection.close()
        }
    }

    /// A request that does not arrive in time is answered 408 when its turn has come, else the connection just ends.
    private func timeOut() {
        guard unanswered == 0, let server else { return connection.close() }
        let frame = AnswerFrame(omitsBody: false, closes: true, date: server.currentDate())
        connection.write {
            $0.append(.requestTimeout, .text, .none, frame, body: UnsafeRawBufferPointer(start: nil, count: 0))
        }
        readsNoMore = true
        connection.finish()
    }
}
