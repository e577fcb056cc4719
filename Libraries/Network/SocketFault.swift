import Glibc

/// What an error number of a socket call means for what to do next.
enum SocketFault {
    static func wouldBlock(_ code: Int32) -> Bool { code == EAGAIN || code == EWOULDBLOCK || code == EINPROGRESS }

    /// No descriptor or memory left; it passes when something closes.
    static func isExhausted(_ code: Int32) -> Bool {
        code == EMFILE || code == ENFILE || code == ENOBUFS || code == ENOMEM
    }
}
