import CLibPQ
import Glibc

/// Waiting for the server, with a bound on every wait.
extension PostgresConnection {
    /// The one result of one statement. All that the server says about it has been read when this returns or throws.
    func singleResult(_ operation: String) throws(PostgresError) -> PostgresRows {
        var rows: PostgresRows?
        var failure: PostgresError?
        while let result = try nextResult(operation) {
            do throws(PostgresError) {
                rows = PostgresRows(try checked(result, operation), operation: operation)
            } catch {
                guard !error.isConnectionLost else { throw error }
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        guard let rows else { throw PostgresError(.unexpectedValue, operation: operation, message: "no result") }
        return rows
    }

    /// Reads every result of a script; throws the first error.
    func drain(_ operation: String) throws(PostgresError) {
        var failure: PostgresError?
        while let result = try nextResult(operation) {
            do throws(PostgresError) {
                PQclear(try checked(result, operation))
            } catch {
                guard !error.isConnectionLost else { throw error }
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }

    /// The next result of what was sent, or `nil` when it is complete.
    func nextResult(_ operation: String) throws(PostgresError) -> OpaquePointer? {
        try flush(operation)
        while true {
            let connection = try connected(operation)
            guard PQisBusy(connection) == 1 else { return PQgetResult(connection) }
            try waitForSocket(POLLIN, operation)
            guard PQconsumeInput(connection) == 1 else { throw lost(operation) }
        }
    }

    /// `result` itself when it is a success; otherwise it is freed and its error thrown.
    func checked(_ result: OpaquePointer, _ operation: String) throws(PostgresError) -> OpaquePointer {
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_PIPELINE_SYNC, PGRES_EMPTY_QUERY:
            return result
        case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
            // The server waits for data that nobody will send or take.
            PQclear(result)
            throw lost(operation, "a statement began a copy; use copy(into:columns:)")
        default: break
        }
        let error = PostgresError.refused(operation, result: result)
        let text = PQresultErrorMessage(result).map { String(cString: $0) }
        PQclear(result)
        guard let handle, PQstatus(handle) == CONNECTION_OK else { throw lost(operation, text) }
        if error.sqlState == "25006" { isReadOnly = true }
        throw error
    }

    /// Sends what libpq has buffered, reading meanwhile so that neither side waits for the other.
    func flush(_ operation: String) throws(PostgresError) {
        while true {
            let connection = try connected(operation)
            switch PQflush(connection) {
            case 0: return
            case 1:
                let events = try waitForSocket(POLLIN | POLLOUT, operation)
                if events & Int16(POLLIN) != 0, PQconsumeInput(connection) != 1 { throw lost(operation) }
            default: throw lost(operation)
            }
        }
    }

    @discardableResult
    private func waitForSocket(_ events: Int32, _ operation: String) throws(PostgresError) -> Int16 {
        let connection = try connected(operation)
        let timeout = configuration.replyTimeoutMilliseconds
        var socket = pollfd(fd: PQsocket(connection), events: Int16(events), revents: 0)
        while true {
            let count = poll(&socket, 1, Int32(clamping: timeout))
            if count > 0 { return socket.revents }
            if count == 0 { throw lost(operation, "the server was silent for \(timeout) ms") }
            guard errno == EINTR else { throw lost(operation, String(cString: strerror(errno))) }
        }
    }
}
