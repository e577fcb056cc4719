import CLibPQ
import Glibc

/// One connection to PostgreSQL, of one thread.
///
/// A lost connection stays lost until `connect` makes it again: session locks and an open transaction went with it, and
/// their owner has to know. Every wait ends after `PostgresConfiguration.replyTimeoutMilliseconds` of silence.
public final class PostgresConnection {
    /// Distinct statements that a connection keeps prepared; one more drops them all.
    public static let preparedStatementLimit = 256

    /// Statements that one call of `pipeline` takes.
    public static let pipelineLimit = 16_384

    public let configuration: PostgresConfiguration

    /// libpq's connection while there is one.
    var handle: OpaquePointer?

    /// What the server knows of each prepared statement, by its SQL.
    var prepared: [String: PreparedStatement] = [:]
    var preparedCount = 0

    /// Inside `withTransaction` or a copy, where some calls make no sense.
    var isInTransaction = false
    var isCopying = false

    /// The server has said that it takes no writes: another one has taken over.
    var isReadOnly = false

    /// Connects at the first `connect`; until then every call throws `notConnected`.
    public init(_ configuration: PostgresConfiguration) {
        self.configuration = configuration
    }

    deinit {
        if let handle { PQfinish(handle) }
    }

    public var isConnected: Bool { handle != nil }

    /// Makes a new connection, after closing the old one if there is one.
    ///
    /// - Throws: `PostgresError.Kind.notConnected` with libpq's reason.
    public func connect() throws(PostgresError) {
        close()
        let keywords = configuration.keywords
        let names = CStringArray(keywords.map(\.name))
        let values = CStringArray(keywords.map(\.value))
        let expandURL: Int32 = 1
        guard let handle = PQconnectdbParams(names.pointers, values.pointers, expandURL) else {
            throw PostgresError(.notConnected, operation: "connect", message: "out of memory")
        }
        guard PQstatus(handle) == CONNECTION_OK, PQsetnonblocking(handle, 1) == 0 else {
            let message = String(cString: PQerrorMessage(handle))
            PQfinish(handle)
            throw PostgresError(
                .notConnected, operation: "connect", message: PostgresConnection.oneLine(message))
        }
        // Notices are for people at a terminal; libpq would print them.
        _ = PQsetNoticeProcessor(handle, { _, _ in }, nil)
        self.handle = handle
        do throws(PostgresError) {
            try run("SET statement_timeout = \(configuration.statementTimeoutMilliseconds)")
        } catch {
            close()
            throw error
        }
    }

    /// Connects, trying again with growing pauses.
    ///
    /// - Parameters:
    ///   - backoff: the pauses, and how many there are at most.
    ///   - isCancelled: asked before every attempt; true ends the attempts.
    /// - Throws: the last attempt's error.
    public func connect(
        retrying backoff: Backoff, isCancelled: () -> Bool = { false }
    ) throws(PostgresError) {
        var backoff = backoff
        while true {
            do throws(PostgresError) {
                return try connect()
            } catch {
                guard !isCancelled(), let pause = backoff.next() else { throw error }
                Backoff.sleep(milliseconds: pause)
            }
        }
    }

    public func close() {
        if let handle { PQfinish(handle) }
        handle = nil
        prepared = [:]
        isInTransaction = false
        isCopying = false
        isReadOnly = false
    }

    /// Whether the connection is of use, as far as one can tell without asking the server: it notices a server that has
    /// said goodbye, and one that has refused a write because it is a replica now. Such a connection is closed.
    public func checkAlive() -> Bool {
        guard let handle else { return false }
        guard !isReadOnly else {
            close()
            return false
        }
        var socket = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
        guard poll(&socket, 1, 0) > 0 else { return true }
        // Something came unasked: a notice, or a goodbye. Only an answer tells which.
        do throws(PostgresError) {
            try run("")
            return true
        } catch {
            close()
            return false
        }
    }

    /// Runs one statement that has parameters or returns rows. It is prepared at its first use and kept.
    ///
    /// - Parameter sql: write casts where the server cannot infer a parameter's type, as in `UNNEST($1::bigint[])`.
    @discardableResult
    public func query(_ sql: String, _ parameters: [PostgresValue] = []) throws(PostgresError) -> PostgresRows {
        let operation = PostgresError.name(of: sql)
        let statement = try prepare(sql, operation: operation)
        let connection = try ready(operation)
        let values = try PostgresParameters(parameters, types: statement.types, operation: operation)
        try send(statement, values, on: connection, operation: operation)
        do throws(PostgresError) {
            return try singleResult(operation)
        } catch {
            forgetIfStale(sql, error)
            throw error
        }
    }

    /// Runs a script of any number of statements without parameters, in one transaction unless it holds its own.
    public func run(_ script: String) throws(PostgresError) {
        let operation = PostgresError.name(of: script)
        let connection = try ready(operation)
        guard PQsendQuery(connection, script) == 1 else { throw lost(operation) }
        try drain(operation)
    }

    /// The handle, when a new command may be sent.
    func ready(_ operation: String) throws(PostgresError) -> OpaquePointer {
        guard !isCopying else { throw .misuse(operation, "a copy is under way") }
        return try connected(operation)
    }

    func connected(_ operation: String) throws(PostgresError) -> OpaquePointer {
        guard let handle else { throw PostgresError(.notConnected, operation: operation, message: "not connected") }
        return handle
    }

    /// Closes a connection that broke and says why.
    func lost(_ operation: String, _ reason: String? = nil) -> PostgresError {
        let message = reason ?? handle.map { String(cString: PQerrorMessage($0)) } ?? "connection lost"
        close()
        return PostgresError(.connectionLost, operation: operation, message: PostgresConnection.oneLine(message))
    }

    private static func oneLine(_ message: String) -> String {
        message.split(whereSeparator: \.isNewline).map { $0.drop { $0 == "\t" } }.joined(separator: "; ")
    }
}

/// C strings behind an array that a null pointer ends.
private final class CStringArray {
    let pointers: [UnsafePointer<CChar>?]

    init(_ strings: [String]) {
        pointers = strings.map { UnsafePointer(strdup($0)) } + [nil]
    }

    deinit {
        for pointer in pointers { free(UnsafeMutablePointer(mutating: pointer)) }
    }
}
