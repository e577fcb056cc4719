import Records
import Storage
import TradingCore

/// A definition with what the state machines have confirmed of it.
public struct StoredDefinition: Sendable, Equatable {
    public var definition: ReferenceDefinition
    public var confirmedRevision: UInt64
    public var confirmedPartitions: Int

    public var isConfirmed: Bool { confirmedRevision >= definition.revision }
}

/// Definitions in PostgreSQL: revisions rise by compare-and-set, each change with its audit row in one transaction.
public struct ReferenceStore: Sendable {
    private let pool: PostgresPool

    public init(pool: PostgresPool) { self.pool = pool }

    /// Adds a definition under the next free id of its kind, with revision 1.
    ///
    /// - Parameter assign: completes the definition once its id is known (its partition).
    /// - Returns: the stored definition; an existing one of the same name when it says the same.
    /// - Throws: `OperatorError.conflict` when another definition has the name.
    public func create(
        _ definition: ReferenceDefinition, audit: AuditEntry,
        assign: @escaping @Sendable (inout ReferenceDefinition) -> Void
    ) async throws -> StoredDefinition {
        try await pool.run { connection in
            try connection.withTransaction { connection in
                try connection.run("LOCK TABLE reference.definitions IN SHARE ROW EXCLUSIVE MODE")
                if let existing = try ReferenceStore.find(definition.kind, name: definition.name, connection) {
                    var expected = definition
                    expected.id = existing.definition.id
                    assign(&expected)
                    guard expected.hasSameContent(as: existing.definition) else {
                        throw OperatorError.conflict("\(definition.kind) \(definition.name) exists and differs")
                    }
                    return existing
                }
                var created = definition
                if definition.kind != .venue {
                    created.id = try ReferenceStore.nextID(definition.kind, connection)
                }
                created.revision = 1
                assign(&created)
                try connection.query(
                    """
                    INSERT INTO reference.definitions (kind, id, name, revision, content) VALUES ($1, $2, $3, 1, $4)
                    """,
                    [
                        .int64(Int64(created.kind.rawValue)), .int64(Int64(created.id)), .text(created.name),
                        .bytes(created.content),
                    ])
                try audit.insert(connection, subject: created.key)
                return StoredDefinition(definition: created, confirmedRevision: 0, confirmedPartitions: 0)
            }
        }
    }

    /// Changes a definition and raises its revision by one.
    ///
    /// - Parameters:
    ///   - expectedRevision: the revision that the change was made for; nil takes whichever stands.
    ///   - change: changes the definition; when it leaves it as it is nothing is written.
    /// - Throws: `OperatorError` when there is none of the name or its revision is another.
    public func update(
        _ kind: DefinitionKind, name: String, expectedRevision: UInt64?, audit: AuditEntry,
        change: @escaping @Sendable (inout ReferenceDefinition) throws -> Void
    ) async throws -> StoredDefinition {
        try await pool.run { connection in
            try connection.withTransaction { connection in
                guard var stored = try ReferenceStore.find(kind, name: name, connection, locking: true) else {
                    throw OperatorError.unknown("\(kind)", name)
                }
                let current = stored.definition
                if let expectedRevision, expectedRevision != current.revision {
                    throw OperatorError.conflict(
                        "the revision is \(current.revision), not \(expectedRevision)", field: "revision")
                }
                try change(&stored.definition)
                guard stored.definition != current else { return stored }
                stored.definition.revision = current.revision + 1
                let changed = try connection.query(
                    """
                    UPDATE reference.definitions
                    SET revision = $3, content = $4, name = $5, changed_at = now()
                    WHERE kind = $1 AND id = $2 AND revision = $6
                    """,
                    [
                        .int64(Int64(kind.rawValue)), .int64(Int64(current.id)),
                        .int64(Int64(stored.definition.revision)), .bytes(stored.definition.content),
                        .text(stored.definition.name), .int64(Int64(current.revision)),
                    ])
                guard changed.affectedCount == 1 else { throw OperatorError.conflict("changed by somebody else") }
                try audit.insert(connection, subject: current.key)
                return stored
            }
        }
    }

    public func find(_ kind: DefinitionKind, name: String) async throws -> StoredDefinition? {
        try await pool.run { try ReferenceStore.find(kind, name: name, $0) }
    }

    public func find(_ kind: DefinitionKind, id: UInt32) async throws -> StoredDefinition? {
        try await pool.run { connection in
            let rows = try connection.query(
                ReferenceStore.selection + " WHERE kind = $1 AND id = $2",
                [.int64(Int64(kind.rawValue)), .int64(Int64(id))])
            return try rows.first.map(ReferenceStore.definition(from:))
        }
    }

    /// All definitions of a kind, by id.
    public func all(_ kind: DefinitionKind) async throws -> [StoredDefinition] {
        try await pool.run { connection in
            let rows = try connection.query(
                ReferenceStore.selection + " WHERE kind = $1 ORDER BY id", [.int64(Int64(kind.rawValue))])
            return try rows.map(ReferenceStore.definition(from:))
        }
    }

    /// Definitions that some state machine has not confirmed, in the order in which they depend on one another.
    ///
    /// - Parameter partitions: how many partitions every definition should have reached.
    public func unconfirmed(partitions: Int, limit: Int = 1_000) async throws -> [StoredDefinition] {
        try await pool.run { connection in
            let rows = try connection.query(
                ReferenceStore.selection
                    + """
                     WHERE confirmed_revision < revision OR confirmed_partitions < $1
                    ORDER BY array_position(ARRAY[1, 4, 5, 2, 3], kind::integer), id LIMIT $2
                    """,
                [.int64(Int64(partitions)), .int64(Int64(limit))])
            return try rows.map(ReferenceStore.definition(from:))
        }
    }

    /// Notes that every state machine concerned has reported `revision` or a higher one.
    public func confirm(_ definition: ReferenceDefinition, partitions: Int) async throws {
        try await pool.run { connection in
            try connection.query(
                """
                UPDATE reference.definitions
                SET confirmed_revision = greatest(confirmed_revision, $3),
                    confirmed_partitions = greatest(confirmed_partitions, $4)
                WHERE kind = $1 AND id = $2
                """,
                [
                    .int64(Int64(definition.kind.rawValue)), .int64(Int64(definition.id)),
                    .int64(Int64(definition.revision)), .int64(Int64(partitions)),
                ])
            return
        }
    }

    private static let selection =
        "SELECT kind::integer, id, content, confirmed_revision, confirmed_partitions FROM reference.definitions"

    private static func find(
        _ kind: DefinitionKind, name: String, _ connection: PostgresConnection, locking: Bool = false
    ) throws -> StoredDefinition? {
        let rows = try connection.query(
            selection + " WHERE kind = $1 AND name = $2" + (locking ? " FOR UPDATE" : ""),
            [.int64(Int64(kind.rawValue)), .text(name)])
        return try rows.first.map(definition(from:))
    }

    private static func nextID(_ kind: DefinitionKind, _ connection: PostgresConnection) throws -> UInt32 {
        let id: Int64 = try connection.query(
            "SELECT coalesce(max(id), 0) + 1 FROM reference.definitions WHERE kind = $1",
            [.int64(Int64(kind.rawValue))]
        ).only().get(0)
        guard let id = UInt32(exactly: id) else { throw OperatorError.conflict("no id is free") }
        return id
    }

    private static func definition(from row: PostgresRow) throws -> StoredDefinition {
        let raw: Int32 = try row.get(0)
        guard let kind = UInt8(exactly: raw).flatMap(DefinitionKind.init(rawValue:)) else {
            throw OperatorError.conflict("kind \(raw) in the database is not known to this release")
        }
        return StoredDefinition(
            definition: try ReferenceDefinition(kind: kind, content: try row.get(2)),
            confirmedRevision: UInt64(try row.get(3, as: Int64.self)),
            confirmedPartitions: Int(try row.get(4, as: Int32.self)))
    }
}

/// Who did what, and why.
public struct AuditEntry: Sendable, Equatable {
    /// The name of the operator's token.
    public var `operator`: String
    /// Method and path.
    public var action: String
    public var reason: String
    /// The request's body.
    public var request: String

    public init(operator name: String, action: String, reason: String, request: String) {
        `operator` = name
        self.action = action
        self.reason = reason
        self.request = request
    }

    /// Adds the row, in the transaction of what it tells of where there is one.
    func insert(_ connection: PostgresConnection, subject: String, outcome: String = "done") throws {
        try connection.query(
            """
            INSERT INTO reference.audit (operator, action, subject, reason, request, outcome)
            VALUES ($1, $2, $3, $4, $5, $6)
            """,
            [.text(`operator`), .text(action), .text(subject), .text(reason), .text(request), .text(outcome)])
    }
}
