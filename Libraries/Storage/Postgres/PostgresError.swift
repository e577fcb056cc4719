import CLibPQ

/// An operation on PostgreSQL that did not succeed.
public struct PostgresError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: Sendable, Hashable {
        /// No connection could be made, or none has been made yet.
        case notConnected
        /// The connection broke or fell silent. What was under way may have happened or not, a commit too.
        case connectionLost
        /// The server refused; `sqlState` says why.
        case refused
        /// A value that the server sent is not what was asked for.
        case unexpectedValue
        /// The call itself is wrong: nothing was sent.
        case misuse
    }

    public let kind: Kind

    /// What was tried: a statement's beginning, or a verb such as `connect`.
    public let operation: String

    /// Five characters of PostgreSQL's appendix A, when the server refused.
    public let sqlState: String?

    public let message: String

    /// The constraint that was violated, when it was one.
    public let constraint: String?

    public init(
        _ kind: Kind, operation: String, message: String, sqlState: String? = nil, constraint: String? = nil
    ) {
        self.kind = kind
        self.operation = operation
        self.message = message
        self.sqlState = sqlState
        self.constraint = constraint
    }

    public var description: String {
        let state = sqlState.map { " [\($0)]" } ?? ""
        return "PostgreSQL, \(operation): \(message)\(state)"
    }

    /// Whether the connection is gone and has to be made again before anything else.
    public var isConnectionLost: Bool { kind == .connectionLost || kind == .notConnected }

    /// Two transactions got in each other's way: the whole transaction may succeed when it is run again.
    public var isSerializationFailure: Bool { sqlState == "40001" || sqlState == "40P01" }

    public var isUniqueViolation: Bool { sqlState == "23505" }

    /// Whether the same work may succeed later, unchanged: a lost connection, a conflict with another transaction, a
    /// server that is short of something, shutting down, or read-only because another has taken over.
    public var isRetryable: Bool {
        if isConnectionLost { return true }
        guard let sqlState else { return false }
        let retryableClasses = ["08", "40", "53", "57", "58"]
        return retryableClasses.contains { sqlState.hasPrefix($0) } || sqlState == "55P03" || sqlState == "25006"
    }
}

extension PostgresError {
    static func misuse(_ operation: String, _ message: String) -> PostgresError {
        PostgresError(.misuse, operation: operation, message: message)
    }

    /// What a failed result says.
    static func refused(_ operation: String, result: OpaquePointer) -> PostgresError {
        PostgresError(
            .refused, operation: operation,
            message: field(shim_diag_message, of: result) ?? "no reason given",
            sqlState: field(shim_diag_sqlstate, of: result),
            constraint: field(shim_diag_constraint, of: result))
    }

    private static func field(_ code: Int32, of result: OpaquePointer) -> String? {
        PQresultErrorField(result, code).map { String(cString: $0) }
    }

    /// The beginning of a statement on one line, long enough to recognise it.
    static func name(of sql: String) -> String {
        let longestName = 60
        let words = sql.prefix(4 * longestName).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return words.count <= longestName ? words : words.prefix(longestName) + "…"
    }
}
