import CLinux
import Crypto

/// How a transfer ended.
enum TransferOutcome {
    /// More may be possible at once.
    case ready
    /// The socket has to become ready first.
    case blocked
    /// The other side sends no more.
    case ended
    case failed(ConnectionEnd)
}

// The socket below a connection, in the clear or through TLS.
extension Connection {
    static func makeSession(
        _ context: TLSContext, _ descriptor: Int32, _ serverName: String?
    ) throws(NetworkError) -> TLSSession {
        do throws(CryptoError) {
            return try TLSSession(context: context, descriptor: descriptor, serverName: serverName)
        } catch {
            throw NetworkError(operation: error.description, code: 0)
        }
    }

    /// Goes on with the TLS handshake.
    func secure() {
        guard let tls else { return }
        readWantsWrite = false
        switch tls.handshake() {
        case .bytes: opened()
        case .wantRead: updateInterest()
        case .wantWrite:
            readWantsWrite = true
            updateInterest()
        case .closed: end(.closedByPeer)
        case .failed(let reason): end(.failed(reason))
        }
    }

    /// Reads what there is, up to the size of `space`.
    func receive(into space: UnsafeMutableRawBufferPointer) -> (count: Int, outcome: TransferOutcome) {
        guard let tls else {
            let count = clinux_receive(descriptor, space.baseAddress, space.count)
            if count > 0 { return (Int(count), .ready) }
            if count == 0 { return (0, .ended) }
            return (0, SocketFault.wouldBlock(Int32(-count)) ? .blocked : .failed(.closedByPeer))
        }
        readWantsWrite = false
        var filled = 0
        while filled < space.count {
            switch tls.read(into: UnsafeMutableRawBufferPointer(rebasing: space[filled...])) {
            case .bytes(let count): filled += count
            case .wantRead: return (filled, .blocked)
            case .wantWrite:
                readWantsWrite = true
                return (filled, .blocked)
            case .closed: return (filled, .ended)
            case .failed(let reason): return (filled, .failed(.failed(reason)))
            }
        }
        return (filled, .ready)
    }

    /// Sends as much as the socket takes. What was not taken must come first at the next call.
    func send(_ bytes: UnsafeRawBufferPointer) -> (count: Int, outcome: TransferOutcome) {
        guard let tls else { return Self.outcome(ofSending: clinux_send(descriptor, bytes.baseAddress, bytes.count)) }
        writeWantsRead = false
        var sent = 0
        while sent < bytes.count {
            switch tls.write(UnsafeRawBufferPointer(rebasing: bytes[sent...])) {
            case .bytes(let written): sent += written
            case .wantWrite: return (sent, .blocked)
            case .wantRead:
                writeWantsRead = true
                return (sent, .blocked)
            case .closed: return (sent, .failed(.closedByPeer))
            case .failed(let reason): return (sent, .failed(.failed(reason)))
            }
        }
        return (sent, .ready)
    }

    static func outcome(ofSending result: Int64) -> (count: Int, outcome: TransferOutcome) {
        if result >= 0 { return (Int(result), .ready) }
        return (0, SocketFault.wouldBlock(Int32(-result)) ? .blocked : .failed(.closedByPeer))
    }
}
