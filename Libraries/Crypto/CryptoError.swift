import COpenSSL

/// A cryptographic operation that could not be done: what was tried, and why it failed.
///
/// Reasons name no key material.
public struct CryptoError: Error, Hashable, Sendable, CustomStringConvertible {
    public let operation: String
    public let reason: String

    public init(operation: String, reason: String) {
        self.operation = operation
        self.reason = reason
    }

    public var description: String { "\(operation): \(reason)" }

    /// The newest error of this thread's OpenSSL queue, which is empty afterwards.
    static func fromOpenSSL(_ operation: String) -> CryptoError {
        CryptoError(operation: operation, reason: takeReason())
    }

    static func takeReason() -> String {
        let code = ERR_peek_last_error()
        ERR_clear_error()
        guard code != 0 else { return "no reason given" }
        if let text = ERR_reason_error_string(code) { return String(cString: text) }
        return "OpenSSL error \(code)"
    }
}
