import COpenSSL
import Glibc

/// Certificates and rules that the TLS sessions of one listener or one destination share. TLS 1.2 or later.
///
/// It never changes once it is made, so any thread may open sessions on it. The first one makes the process ignore
/// SIGPIPE, because OpenSSL writes to sockets without `MSG_NOSIGNAL`.
public final class TLSContext: @unchecked Sendable {
    /// What a client asks of the server's certificate.
    public enum Verification: Sendable, Hashable {
        /// Anything goes: encryption without knowing with whom.
        case off
        /// Signed by a trusted authority, whoever it names.
        case authority
        /// Signed by a trusted authority for the name or address that the session connects to.
        case full
    }

    /// Which authorities a client trusts.
    public enum Trust: Sendable, Hashable {
        case system
        /// A PEM file with one or more certificates.
        case file(String)
    }

    enum Role: Sendable { case server, client(Verification) }

    let role: Role
    let handle: OpaquePointer

    /// A listener's context.
    ///
    /// - Parameters:
    ///   - certificateFile: PEM, the server's certificate first, then the chain.
    ///   - privateKeyFile: PEM, not encrypted.
    /// - Throws: `CryptoError` naming the file that cannot be read or does not fit.
    public init(certificateFile: String, privateKeyFile: String) throws(CryptoError) {
        role = .server
        handle = try TLSContext.makeHandle(TLS_server_method())
        try useCertificate(certificateFile, privateKeyFile)
    }

    /// A client's context.
    ///
    /// - Parameters:
    ///   - verification: how much the server has to prove.
    ///   - trust: whose signature counts.
    ///   - certificate: what the client shows a server that asks who it is: PEM files as for a listener.
    public init(
        verification: Verification, trust: Trust = .system,
        certificate: (certificateFile: String, privateKeyFile: String)? = nil
    ) throws(CryptoError) {
        role = .client(verification)
        handle = try TLSContext.makeHandle(TLS_client_method())
        if verification != .off {
            SSL_CTX_set_verify(handle, SSL_VERIFY_PEER, nil)
            switch trust {
            case .system:
                guard SSL_CTX_set_default_verify_paths(handle) == 1 else { throw .fromOpenSSL("system authorities") }
            case .file(let path):
                guard SSL_CTX_load_verify_file(handle, path) == 1 else {
                    throw .fromOpenSSL("authorities in \(path)")
                }
            }
        }
        if let certificate { try useCertificate(certificate.certificateFile, certificate.privateKeyFile) }
    }

    deinit {
        SSL_CTX_free(handle)
    }

    private func useCertificate(_ certificateFile: String, _ privateKeyFile: String) throws(CryptoError) {
        guard SSL_CTX_use_certificate_chain_file(handle, certificateFile) == 1 else {
            throw .fromOpenSSL("certificate in \(certificateFile)")
        }
        guard SSL_CTX_use_PrivateKey_file(handle, privateKeyFile, SSL_FILETYPE_PEM) == 1,
            SSL_CTX_check_private_key(handle) == 1
        else { throw .fromOpenSSL("private key in \(privateKeyFile)") }
    }

    private static func makeHandle(_ method: OpaquePointer?) throws(CryptoError) -> OpaquePointer {
        ignoreBrokenPipes
        ERR_clear_error()
        guard let handle = SSL_CTX_new(method) else { throw .fromOpenSSL("create TLS context") }
        guard shim_set_minimum_tls12(handle) == 1 else {
            SSL_CTX_free(handle)
            throw .fromOpenSSL("TLS versions")
        }
        shim_set_nonblocking_modes(handle)
        shim_set_safe_options(handle)
        shim_disable_session_cache(handle)
        return handle
    }

    private static let ignoreBrokenPipes: Void = {
        signal(SIGPIPE, SIG_IGN)
    }()
}
