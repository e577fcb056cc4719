import COpenSSL
import Glibc

/// What one step of a TLS session came to.
public enum TLSOutcome: Sendable, Hashable {
    /// Done. For reads and writes, how many bytes of the caller's buffer; 0 for handshake and shutdown.
    case bytes(Int)
    /// Call again once the descriptor is readable; a write may say so too.
    case wantRead
    /// Call again once the descriptor is writable; a read may say so too.
    case wantWrite
    /// The peer has ended the session: nothing more comes.
    case closed
    /// The session is broken and of no further use; the text says why, for a log.
    case failed(String)
}

/// TLS over one non-blocking socket, which stays the caller's to close. One thread at a time.
///
/// A read may leave decrypted bytes behind that no poll of the descriptor reports: read until `wantRead`.
public final class TLSSession {
    private let session: OpaquePointer
    private let context: TLSContext
    /// How a session that is of no further use ended: every later call says it again.
    private var end: TLSOutcome?

    /// - Parameters:
    ///   - context: a listener's makes this the server's side, a client's the client's.
    ///   - descriptor: a connected, non-blocking stream socket.
    ///   - serverName: the name or address that a client connects to: sent as SNI (names only) and, under
    ///     `Verification.full`, required in the certificate.
    public init(context: TLSContext, descriptor: Int32, serverName: String? = nil) throws(CryptoError) {
        ERR_clear_error()
        guard let session = SSL_new(context.handle) else { throw .fromOpenSSL("create TLS session") }
        self.session = session
        self.context = context
        guard SSL_set_fd(session, descriptor) == 1 else { throw .fromOpenSSL("attach TLS session") }
        switch context.role {
        case .server: SSL_set_accept_state(session)
        case .client(let verification):
            SSL_set_connect_state(session)
            try expect(serverName, verification)
        }
    }

    deinit {
        SSL_free(session)
    }

    /// The negotiated protocol, such as `TLSv1.3`.
    public var version: String { String(cString: SSL_get_version(session)) }

    /// Decrypted bytes that the next read gets without the socket.
    public var pendingBytes: Int { Int(SSL_pending(session)) }

    /// Goes on with the handshake; reads and writes would do so too.
    public func handshake() -> TLSOutcome {
        run { SSL_do_handshake(session) > 0 ? 0 : nil }
    }

    /// Reads into `buffer`, which must not be empty.
    public func read(into buffer: UnsafeMutableRawBufferPointer) -> TLSOutcome {
        run {
            var count = 0
            return SSL_read_ex(session, buffer.baseAddress, buffer.count, &count) == 1 ? count : nil
        }
    }

    /// Writes some or all of `bytes`; a repeated call must begin with the same bytes, which may have moved.
    public func write(_ bytes: UnsafeRawBufferPointer) -> TLSOutcome {
        guard !bytes.isEmpty else { return .bytes(0) }
        return run {
            var count = 0
            return SSL_write_ex(session, bytes.baseAddress, bytes.count, &count) == 1 ? count : nil
        }
    }

    /// Tells the peer that nothing more comes. It does not wait for the peer's answer: `bytes(0)` means sent.
    public func shutdown() -> TLSOutcome {
        // A session that failed must not be shut down, and one in its handshake has nobody to tell.
        guard end == nil, SSL_is_init_finished(session) == 1 else { return .closed }
        return run { SSL_shutdown(session) >= 0 ? 0 : nil }
    }

    private func run(_ step: () -> Int?) -> TLSOutcome {
        if let end { return end }
        ERR_clear_error()
        errno = 0
        if let count = step() { return .bytes(count) }
        let cause = errno
        switch SSL_get_error(session, -1) {
        case SSL_ERROR_WANT_READ: return .wantRead
        case SSL_ERROR_WANT_WRITE: return .wantWrite
        case SSL_ERROR_ZERO_RETURN: return .closed
        case SSL_ERROR_SYSCALL where ERR_peek_error() == 0: return end(with: systemFailure(cause))
        default: return end(with: .failed(failure()))
        }
    }

    private func end(with outcome: TLSOutcome) -> TLSOutcome {
        end = outcome
        return outcome
    }

    /// A peer that went away without a word has closed the connection, as far as the caller is concerned.
    private func systemFailure(_ cause: Int32) -> TLSOutcome {
        if cause == 0 || cause == ECONNRESET || cause == EPIPE { return .closed }
        return .failed(String(cString: strerror(cause)))
    }

    /// Why the last step failed, with the verdict over the certificate when that was it.
    private func failure() -> String {
        let reason = CryptoError.takeReason()
        let verdict = SSL_get_verify_result(session)
        guard verdict != Int(X509_V_OK), let text = X509_verify_cert_error_string(verdict) else { return reason }
        return "\(reason): \(String(cString: text))"
    }

    private func expect(_ serverName: String?, _ verification: TLSContext.Verification) throws(CryptoError) {
        guard let serverName, !serverName.isEmpty else {
            guard verification != .full else {
                throw CryptoError(operation: "create TLS session", reason: "full verification needs a server name")
            }
            return
        }
        let isAddress = TLSSession.isAddress(serverName)
        if !isAddress, shim_set_server_name(session, serverName) != 1 { throw .fromOpenSSL("server name") }
        guard verification == .full else { return }
        let parameters = SSL_get0_param(session)
        let set =
            isAddress
            ? X509_VERIFY_PARAM_set1_ip_asc(parameters, serverName)
            : X509_VERIFY_PARAM_set1_host(parameters, serverName, 0)
        guard set == 1 else { throw .fromOpenSSL("expected server name") }
        X509_VERIFY_PARAM_set_hostflags(parameters, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
    }

    private static func isAddress(_ name: String) -> Bool {
        var storage = in6_addr()
        return inet_pton(AF_INET, name, &storage) == 1 || inet_pton(AF_INET6, name, &storage) == 1
    }
}
