import Network

extension WebSocket: ConnectionDelegate {
    public func connection(_ connection: Connection, received bytes: UnsafeMutableRawBufferPointer) -> Int {
        var consumed = 0
        do throws(WebSocketRefusal) {
            while consumed < bytes.count, phase != .ended {
                let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[consumed...])
                let isInFrame = (assembly?.rest ?? 0) > 0
                let used = try isInFrame ? takeRest(rest) : takeFrame(rest)
                if used == 0 { break }
                consumed += used
            }
        } catch {
            fail(error)
        }
        return phase == .ended ? bytes.count : consumed
    }

    public func connectionReachedEnd(_ connection: Connection) { connection.finish() }

    public func connectionDrained(_ connection: Connection) { handler?.drained(self) }

    public func connectionEnded(_ connection: Connection, _ reason: ConnectionEnd) { ended() }

    /// Goes on with a frame whose payload has not arrived whole.
    private func takeRest(_ bytes: UnsafeMutableRawBufferPointer) throws(WebSocketRefusal) -> Int {
        guard var current = assembly else { return 0 }
        assembly = nil
        let count = min(current.rest, bytes.count)
        let part = UnsafeMutableRawBufferPointer(rebasing: bytes[..<count])
        if role == .server {
            WebSocketMask.apply(current.mask, to: part)
            current.mask = WebSocketMask.rotated(current.mask, by: count)
        }
        current.bytes.append(contentsOf: part)
        current.rest -= count
        if current.rest == 0, current.isFinal {
            try current.bytes.withUnsafeBufferPointer { bytes throws(WebSocketRefusal) in
                try hand(current.opcode, UnsafeRawBufferPointer(bytes))
            }
        } else {
            assembly = current
        }
        return count
    }

    private func takeFrame(_ bytes: UnsafeMutableRawBufferPointer) throws(WebSocketRefusal) -> Int {
        guard let head = try WebSocketFrameHead.parse(UnsafeRawBufferPointer(bytes), role: role) else { return 0 }
        if head.opcode.isControl { return try takeControl(head, bytes) }
        try checkSequence(head)
        let available = bytes.count - head.byteCount
        let payload = UnsafeMutableRawBufferPointer(
            rebasing: bytes[head.byteCount..<head.byteCount + min(available, head.payloadBytes)])
        if let mask = head.mask { WebSocketMask.apply(mask, to: payload) }
        if assembly == nil, head.isFinal, available >= head.payloadBytes {
            try hand(head.opcode, UnsafeRawBufferPointer(payload))
            return head.byteCount + head.payloadBytes
        }
        try assemble(head, payload)
        return head.byteCount + payload.count
    }

    /// A message's first frame names its kind, the others continue it, and no other message comes in between.
    private func checkSequence(_ head: WebSocketFrameHead) throws(WebSocketRefusal) {
        if (head.opcode == .continuation) != (assembly != nil) {
            throw WebSocketRefusal(
                .protocolError, assembly == nil ? "nothing to continue" : "a message inside a message")
        }
        guard head.payloadBytes <= limits.messageBytes - (assembly?.bytes.count ?? 0) else {
            throw WebSocketRefusal(.messageTooBig, "message too big")
        }
        if let assembly, assembly.fragments >= limits.fragments {
            throw WebSocketRefusal(.policyViolation, "too many fragments")
        }
    }

    private func assemble(
        _ head: WebSocketFrameHead, _ payload: UnsafeMutableRawBufferPointer
    ) throws(WebSocketRefusal) {
        var current = assembly ?? Assembly(opcode: head.opcode)
        assembly = nil
        current.bytes.append(contentsOf: payload)
        current.fragments += 1
        current.isFinal = head.isFinal
        current.rest = head.payloadBytes - payload.count
        current.mask = WebSocketMask.rotated(head.mask ?? 0, by: payload.count)
        if current.rest == 0, current.isFinal {
            return try current.bytes.withUnsafeBufferPointer { bytes throws(WebSocketRefusal) in
                try hand(current.opcode, UnsafeRawBufferPointer(bytes))
            }
        }
        assembly = current
    }

    private func takeControl(
        _ head: WebSocketFrameHead, _ bytes: UnsafeMutableRawBufferPointer
    ) throws(WebSocketRefusal) -> Int {
        let end = head.byteCount + head.payloadBytes
        guard bytes.count >= end else { return 0 }
        let payload = UnsafeMutableRawBufferPointer(rebasing: bytes[head.byteCount..<end])
        if let mask = head.mask { WebSocketMask.apply(mask, to: payload) }
        switch head.opcode {
        case .close: try receiveClose(UnsafeRawBufferPointer(payload))
        case .ping: receivePing(UnsafeRawBufferPointer(payload))
        default: receivePong()
        }
        return end
    }

    private func hand(_ opcode: WebSocketOpcode, _ bytes: UnsafeRawBufferPointer) throws(WebSocketRefusal) {
        if opcode == .text, !UTF8Validation.isValid(bytes) {
            throw WebSocketRefusal(.invalidPayload, "text is not UTF-8")
        }
        // After a close frame has been sent, what still comes is read over.
        guard phase == .open else { return }
        handler?.received(self, WebSocketMessage(isText: opcode == .text, bytes: bytes))
    }
}
