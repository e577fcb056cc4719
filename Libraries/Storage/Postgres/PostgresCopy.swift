import CLibPQ

extension PostgresConnection {
    /// Inserts many rows by `COPY … FROM STDIN` in binary: all of them or none.
    ///
    /// - Parameters:
    ///   - table: as it stands in SQL, such as `ledger.postings`.
    ///   - columns: the columns that every row gives, in this order.
    ///   - write: writes the rows. The type of each value must be exactly its column's.
    /// - Returns: how many rows the server inserted.
    /// - Throws: the server's error, or what `write` threw, after which nothing is inserted.
    @discardableResult
    public func copy(
        into table: String, columns: [String], _ write: (PostgresCopyWriter) throws -> Void
    ) throws -> Int {
        let operation = "COPY \(table)"
        let connection = try ready(operation)
        let list = columns.joined(separator: ", ")
        guard PQsendQuery(connection, "COPY \(table) (\(list)) FROM STDIN (FORMAT binary)") == 1 else {
            throw lost(operation)
        }
        guard let started = try nextResult(operation) else { throw lost(operation, "no answer to COPY") }
        guard PQresultStatus(started) == PGRES_COPY_IN else {
            let failure = Result { () throws(PostgresError) in PQclear(try checked(started, operation)) }
            try drain(operation)
            try failure.get()
            throw PostgresError(.unexpectedValue, operation: operation, message: "the server expects no copy")
        }
        PQclear(started)
        isCopying = true
        defer { isCopying = false }
        let writer = PostgresCopyWriter(self, columns: columns.count, operation: operation)
        do {
            try write(writer)
            try writer.finish()
        } catch {
            try abandonCopy(operation)
            throw error
        }
        return try endCopy(operation)
    }

    private func endCopy(_ operation: String) throws(PostgresError) -> Int {
        guard PQputCopyEnd(try connected(operation), nil) == 1 else { throw lost(operation) }
        return try singleResult(operation).affectedCount
    }

    /// Tells the server to insert nothing. Its error about that is expected; a lost connection has nothing to tell.
    private func abandonCopy(_ operation: String) throws(PostgresError) {
        guard isConnected else { return }
        guard PQputCopyEnd(try connected(operation), "given up by the client") == 1 else { throw lost(operation) }
        while let result = try nextResult(operation) { PQclear(result) }
    }
}

/// Writes rows in COPY's binary format. It belongs to the call of `copy` that made it.
///
/// Every row is begun, then gets one value for each column. Values gather in a buffer that is sent when it is full.
public final class PostgresCopyWriter {
    private static let chunkLength = 256 * 1_024
    private static let signature: [UInt8] = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00]

    private let connection: PostgresConnection
    private let operation: String
    private let columns: Int
    private var missing = 0
    private var buffer: UnsafeMutableRawBufferPointer
    private var count = 0

    init(_ connection: PostgresConnection, columns: Int, operation: String) {
        self.connection = connection
        self.columns = columns
        self.operation = operation
        buffer = .allocate(byteCount: 2 * PostgresCopyWriter.chunkLength, alignment: 16)
        append(PostgresCopyWriter.signature[...])
        append(Int32(0))  // no flags
        append(Int32(0))  // no header extension
    }

    deinit {
        buffer.deallocate()
    }

    /// Begins a row, and sends what has gathered when it is much.
    ///
    /// - Throws: `PostgresError.Kind.misuse` when the row before is not complete; errors of the connection.
    public func beginRow() throws(PostgresError) {
        try checkRow()
        if count >= PostgresCopyWriter.chunkLength { try send() }
        missing = columns
        append(Int16(truncatingIfNeeded: columns))
    }

    public func null() {
        missing -= 1
        append(Int32(-1))
    }

    /// For a `bigint` column.
    public func int64(_ value: Int64) {
        missing -= 1
        reserve(12)
        append(Int32(8))
        append(value)
    }

    /// For an `integer` column.
    public func int32(_ value: Int32) {
        missing -= 1
        append(Int32(4))
        append(value)
    }

    /// For a `smallint` column.
    public func int16(_ value: Int16) {
        missing -= 1
        append(Int32(2))
        append(value)
    }

    public func bool(_ value: Bool) {
        missing -= 1
        append(Int32(1))
        append(UInt8(value ? 1 : 0))
    }

    /// For a `text` or `varchar` column.
    public func text(_ value: String) {
        missing -= 1
        var value = value
        value.withUTF8 { utf8 in
            append(Int32(clamping: utf8.count))
            append(UnsafeRawBufferPointer(utf8))
        }
    }

    /// For a `text` or `varchar` column: UTF-8, which the server checks.
    public func text(utf8 value: RawSpan) {
        bytes(value)
    }

    /// For a `bytea` column.
    public func bytes(_ value: RawSpan) {
        missing -= 1
        append(Int32(clamping: value.byteCount))
        value.withUnsafeBytes { append($0) }
    }

    /// For a `bytea` column.
    public func bytes(_ value: [UInt8]) {
        bytes(value.span.bytes)
    }

    /// For a `numeric` column.
    public func numeric(_ value: Int128) {
        var encoded: [UInt8] = []
        PostgresNumeric.append(value, to: &encoded)
        bytes(encoded)
    }

    /// Ends the last row and sends what is left.
    func finish() throws(PostgresError) {
        try checkRow()
        append(Int16(-1))
        try send()
    }

    private func checkRow() throws(PostgresError) {
        guard missing == 0 else {
            throw .misuse(operation, "a row has \(columns - missing) values for \(columns) columns")
        }
    }

    private func send() throws(PostgresError) {
        let handle = try connection.connected(operation)
        let bytes = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
        guard PQputCopyData(handle, bytes, Int32(clamping: count)) == 1 else { throw connection.lost(operation) }
        count = 0
        try connection.flush(operation)
    }

    private func append<Number: FixedWidthInteger>(_ number: Number) {
        reserve(MemoryLayout<Number>.size)
        buffer.storeBytes(of: number.bigEndian, toByteOffset: count, as: Number.self)
        count += MemoryLayout<Number>.size
    }

    private func append(_ bytes: ArraySlice<UInt8>) {
        bytes.withUnsafeBytes { append($0) }
    }

    private func append(_ bytes: UnsafeRawBufferPointer) {
        reserve(bytes.count)
        UnsafeMutableRawBufferPointer(rebasing: buffer[count...]).copyMemory(from: bytes)
        count += bytes.count
    }

    private func reserve(_ length: Int) {
        guard count + length > buffer.count else { return }
        let larger = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(2 * buffer.count, count + length), alignment: 16)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        buffer.deallocate()
        buffer = larger
    }
}
