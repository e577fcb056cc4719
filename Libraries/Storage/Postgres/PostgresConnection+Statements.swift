import CLibPQ

/// A statement that the server has parsed: its name there, and the types of its parameters.
struct PreparedStatement {
    let name: String
    let types: [UInt32]
}

extension PostgresConnection {
    /// Runs many statements in one round trip and one transaction: all of them happen or none does.
    ///
    /// - Parameter statements: up to `pipelineLimit`, of at most `preparedStatementLimit` different texts.
    /// - Returns: their results in order.
    /// - Throws: the first statement's error that failed, with its number in `operation`.
    @discardableResult
    public func pipeline(_ statements: [PostgresStatement]) throws(PostgresError) -> [PostgresRows] {
        guard !statements.isEmpty else { return [] }
        let operation = "pipeline of \(statements.count)"
        guard statements.count <= PostgresConnection.pipelineLimit else {
            throw .misuse(operation, "more than \(PostgresConnection.pipelineLimit) statements")
        }
        let encoded = try encode(statements, operation)
        let connection = try ready(operation)
        guard PQenterPipelineMode(connection) == 1 else { throw lost(operation) }
        for (statement, values) in encoded {
            try send(statement, values, on: connection, operation: operation)
        }
        guard PQpipelineSync(connection) == 1 else { throw lost(operation) }
        let outcome = try pipelineResults(statements, operation)
        guard PQexitPipelineMode(connection) == 1 else { throw lost(operation) }
        return try outcome.get()
    }

    /// Prepares what is new among `statements` and lays out their parameters; sends none of them.
    private func encode(
        _ statements: [PostgresStatement], _ operation: String
    ) throws(PostgresError) -> [(PreparedStatement, PostgresParameters)] {
        let missing = Set(statements.lazy.map(\.sql).filter { self.prepared[$0] == nil })
        if prepared.count + missing.count > PostgresConnection.preparedStatementLimit {
            guard Set(statements.map(\.sql)).count <= PostgresConnection.preparedStatementLimit else {
                throw .misuse(operation, "more than \(PostgresConnection.preparedStatementLimit) different statements")
            }
            try forgetStatements()
        }
        var encoded: [(PreparedStatement, PostgresParameters)] = []
        encoded.reserveCapacity(statements.count)
        for statement in statements {
            let prepared = try prepare(statement.sql, operation: PostgresError.name(of: statement.sql))
            let values = try PostgresParameters(statement.parameters, types: prepared.types, operation: operation)
            encoded.append((prepared, values))
        }
        return encoded
    }

    /// Reads each statement's result and the one of the sync behind them; the outer errors are lost connections.
    private func pipelineResults(
        _ statements: [PostgresStatement], _ operation: String
    ) throws(PostgresError) -> Result<[PostgresRows], PostgresError> {
        var rows: [PostgresRows] = []
        rows.reserveCapacity(statements.count)
        var failure: PostgresError?
        for (index, statement) in statements.enumerated() {
            while let result = try nextResult(operation) {
                guard failure == nil else {
                    PQclear(result)
                    continue
                }
                let name = "statement \(index + 1) of \(statements.count): \(PostgresError.name(of: statement.sql))"
                do throws(PostgresError) {
                    rows.append(PostgresRows(try checked(result, name), operation: name))
                } catch {
                    guard !error.isConnectionLost else { throw error }
                    forgetIfStale(statement.sql, error)
                    failure = error
                }
            }
        }
        guard let sync = try nextResult(operation) else { throw lost(operation, "the pipeline has no end") }
        PQclear(try checked(sync, operation))
        if let failure { return .failure(failure) }
        return .success(rows)
    }

    func send(
        _ statement: PreparedStatement, _ values: PostgresParameters, on connection: OpaquePointer, operation: String
    ) throws(PostgresError) {
        let binaryResults: Int32 = 1
        let sent = values.withPointers { count, values, lengths, formats in
            PQsendQueryPrepared(connection, statement.name, count, values, lengths, formats, binaryResults)
        }
        guard sent == 1 else { throw lost(operation) }
    }

    /// The prepared form of `sql`, which the first use asks the server for.
    func prepare(_ sql: String, operation: String) throws(PostgresError) -> PreparedStatement {
        if let known = prepared[sql] { return known }
        if prepared.count >= PostgresConnection.preparedStatementLimit { try forgetStatements() }
        let connection = try ready(operation)
        preparedCount += 1
        let name = "s\(preparedCount)"
        guard PQsendPrepare(connection, name, sql, 0, nil) == 1 else { throw lost(operation) }
        try drain(operation)
        guard PQsendDescribePrepared(connection, name) == 1 else { throw lost(operation) }
        var types: [UInt32] = []
        while let result = try nextResult(operation) {
            let description = try checked(result, operation)
            types = (0..<PQnparams(description)).map { PQparamtype(description, $0) }
            PQclear(description)
        }
        let statement = PreparedStatement(name: name, types: types)
        prepared[sql] = statement
        return statement
    }

    private func forgetStatements() throws(PostgresError) {
        try run("DEALLOCATE ALL")
        prepared = [:]
    }

    /// A statement whose tables have changed, or that the server no longer has, is prepared anew the next time.
    func forgetIfStale(_ sql: String, _ error: PostgresError) {
        let isPlanStale = error.sqlState == "0A000"
        let isUnknown = error.sqlState == "26000"
        if isPlanStale || isUnknown { prepared[sql] = nil }
    }
}
