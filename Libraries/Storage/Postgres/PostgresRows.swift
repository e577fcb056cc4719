import CLibPQ

/// What a statement returned. It stays with the connection's thread: take values out before handing them on.
public final class PostgresRows: Sequence {
    private let result: OpaquePointer
    private let operation: String

    /// Rows that the statement returned.
    public let count: Int

    /// Takes `result` over.
    init(_ result: OpaquePointer, operation: String) {
        self.result = result
        self.operation = operation
        count = Int(PQntuples(result))
    }

    deinit {
        PQclear(result)
    }

    /// Rows that the statement inserted, changed, deleted or returned.
    public var affectedCount: Int {
        Int(String(cString: PQcmdTuples(result))) ?? 0
    }

    public subscript(index: Int) -> PostgresRow {
        precondition(index >= 0 && index < count, "row \(index) of \(count)")
        return PostgresRow(rows: self, index: Int32(index))
    }

    public var first: PostgresRow? { count > 0 ? self[0] : nil }

    /// The one row of a statement that always has one.
    public func only() throws(PostgresError) -> PostgresRow {
        guard count == 1 else {
            throw PostgresError(.unexpectedValue, operation: operation, message: "\(count) rows instead of one")
        }
        return self[0]
    }

    /// A column's number, for loops over many rows.
    public func column(_ name: String) throws(PostgresError) -> Int {
        // PQfnumber folds unquoted names to lower case; quotes make the name exact.
        let quoted = "\"" + name.replacing("\"", with: "\"\"") + "\""
        let column = PQfnumber(result, quoted)
        guard column >= 0 else {
            throw PostgresError(.unexpectedValue, operation: operation, message: "no column \(name)")
        }
        return Int(column)
    }

    public func makeIterator() -> AnyIterator<PostgresRow> {
        var next = 0
        return AnyIterator {
            guard next < self.count else { return nil }
            defer { next += 1 }
            return self[next]
        }
    }

    func decode<Value: PostgresDecodable>(row: Int32, column: Int, as type: Value.Type) throws(PostgresError) -> Value {
        guard column >= 0, column < Int(PQnfields(result)) else {
            throw PostgresError(.unexpectedValue, operation: operation, message: "no column \(column)")
        }
        let column = Int32(column)
        let typeIdentifier = PQftype(result, column)
        var bytes: UnsafeRawBufferPointer?
        if PQgetisnull(result, row, column) == 0 {
            bytes = UnsafeRawBufferPointer(
                start: PQgetvalue(result, row, column), count: Int(PQgetlength(result, row, column)))
        }
        if let value = Value.decodePostgres(bytes, type: typeIdentifier) { return value }
        let name = PQfname(result, column).map { String(cString: $0) } ?? String(column)
        let found = bytes == nil ? "NULL" : "type \(typeIdentifier), \(bytes?.count ?? 0) bytes"
        throw PostgresError(
            .unexpectedValue, operation: operation, message: "column \(name): \(found) is no \(Value.self)")
    }
}

/// One row; its columns are read by name or number.
public struct PostgresRow {
    let rows: PostgresRows
    let index: Int32

    /// - Throws: `PostgresError.Kind.unexpectedValue`, naming the column, when it is missing, NULL (unless `Value` is
    ///   an optional) or of another type.
    public func get<Value: PostgresDecodable>(_ column: String, as type: Value.Type = Value.self)
        throws(PostgresError) -> Value
    {
        try rows.decode(row: index, column: rows.column(column), as: type)
    }

    public func get<Value: PostgresDecodable>(_ column: Int, as type: Value.Type = Value.self)
        throws(PostgresError) -> Value
    {
        try rows.decode(row: index, column: column, as: type)
    }
}

/// A Swift type that a column's binary form can be read as.
public protocol PostgresDecodable {
    /// - Parameters:
    ///   - bytes: the value in the server's binary format; `nil` is NULL.
    ///   - type: the object identifier of the column's type.
    /// - Returns: `nil` when the value is not of this type.
    static func decodePostgres(_ bytes: UnsafeRawBufferPointer?, type: UInt32) -> Self?
}
