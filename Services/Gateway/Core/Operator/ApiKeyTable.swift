import Crypto
import Storage
import TradingCore

/// What a key may do.
public struct KeyPermissions: OptionSet, Sendable, Hashable {
    public let rawValue: Int16

    public init(rawValue: Int16) { self.rawValue = rawValue }

    public static let read = KeyPermissions(rawValue: 1)
    public static let trade = KeyPermissions(rawValue: 2)
    public static let withdraw = KeyPermissions(rawValue: 4)

    static let names: [(KeyPermissions, String)] = [(.read, "READ"), (.trade, "TRADE"), (.withdraw, "WITHDRAW")]

    var names: [String] { KeyPermissions.names.filter { contains($0.0) }.map(\.1) }
}

/// How a key's signatures are checked.
public enum KeyCredential: Sendable, Equatable {
    /// The shared secret's text.
    case hmac(secret: [UInt8])
    /// 32 raw bytes.
    case ed25519(publicKey: [UInt8])
}

/// An API key with everything that authentication needs.
public struct StoredApiKey: Sendable, Equatable {
    public var key: String
    public var account: AccountID
    public var label: String
    public var credential: KeyCredential
    public var permissions: KeyPermissions
    /// Empty: any address.
    public var ipAllowList: [String]
    public var revision: UInt64
    public var isRevoked: Bool
}

/// API keys in PostgreSQL; secrets are sealed with AES-256-GCM and bound to their key.
public struct ApiKeyTable: Sendable {
    /// Characters of a key and of a secret.
    public static let length = 64
    /// Keys that one account may have.
    public static let perAccount = 30

    private let pool: PostgresPool
    private let cipher: AESGCM

    public init(pool: PostgresPool, cipher: AESGCM) {
        self.pool = pool
        self.cipher = cipher
    }

    /// Makes a key; its secret is shown here and never again.
    ///
    /// - Parameters:
    ///   - publicKey: an Ed25519 key's raw 32 bytes; nil makes an HMAC key.
    /// - Returns: the key, and the secret of an HMAC key.
    public func create(
        account: AccountID, label: String, publicKey: [UInt8]?, permissions: KeyPermissions, ipAllowList: [String],
        audit: AuditEntry
    ) async throws -> (key: String, secret: String?) {
        let key = try ApiKeyTable.randomText()
        let secret = publicKey == nil ? try ApiKeyTable.randomText() : nil
        let sealed = try secret.map { try cipher.seal(Array($0.utf8), associatedData: Array(key.utf8)) }
        try await pool.run { connection in
            try connection.withTransaction { connection in
                let count: Int64 = try connection.query(
                    "SELECT count(*) FROM reference.api_keys WHERE account = $1 AND NOT revoked",
                    [.int64(Int64(account.rawValue))]
                ).only().get(0)
                guard count < Int64(ApiKeyTable.perAccount) else {
                    throw OperatorError.conflict("the account has \(ApiKeyTable.perAccount) keys already")
                }
                try connection.query(
                    """
                    INSERT INTO reference.api_keys
                        (key, account, label, type, secret, public_key, permissions, ip_allow_list, revision)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)
                    """,
                    [
                        .text(key), .int64(Int64(account.rawValue)), .text(label),
                        .text(publicKey == nil ? "HMAC" : "ED25519"), PostgresValue(sealed), PostgresValue(publicKey),
                        .int64(Int64(permissions.rawValue)), .textArray(ipAllowList),
                    ])
                try audit.insert(connection, subject: "key/\(key)")
            }
        }
        return (key, secret)
    }

    /// Revokes a key for good.
    ///
    /// - Returns: the revoked key.
    /// - Throws: `OperatorError` when there is no such key.
    public func revoke(_ key: String, audit: AuditEntry) async throws -> StoredApiKey {
        let cipher = cipher
        return try await pool.run { connection in
            try connection.withTransaction { connection in
                try connection.query(
                    "UPDATE reference.api_keys SET revoked = true, revision = revision + 1 WHERE key = $1 AND NOT revoked",
                    [.text(key)])
                guard let stored = try ApiKeyTable.find(key, cipher, connection) else {
                    throw OperatorError.unknown("API key", key)
                }
                try audit.insert(connection, subject: "key/\(key)")
                return stored
            }
        }
    }

    /// The key, revoked or not; nil when there is none.
    public func find(_ key: String) async throws -> StoredApiKey? {
        let cipher = cipher
        return try await pool.run { try ApiKeyTable.find(key, cipher, $0) }
    }

    /// An account's keys, the oldest first.
    public func all(of account: AccountID) async throws -> [StoredApiKey] {
        let cipher = cipher
        return try await pool.run { connection in
            let rows = try connection.query(
                ApiKeyTable.selection + " WHERE account = $1 ORDER BY created_at, key",
                [.int64(Int64(account.rawValue))])
            return try rows.map { try ApiKeyTable.key(from: $0, cipher) }
        }
    }

    private static let selection = """
        SELECT key, account, label, secret, public_key, permissions::integer, array_to_string(ip_allow_list, ','),
            revision, revoked
        FROM reference.api_keys
        """

    private static func find(
        _ key: String, _ cipher: AESGCM, _ connection: PostgresConnection
    ) throws -> StoredApiKey? {
        let rows = try connection.query(selection + " WHERE key = $1", [.text(key)])
        return try rows.first.map { try ApiKeyTable.key(from: $0, cipher) }
    }

    private static func key(from row: PostgresRow, _ cipher: AESGCM) throws -> StoredApiKey {
        let key: String = try row.get(0)
        let sealed: [UInt8]? = try row.get(3)
        let publicKey: [UInt8]? = try row.get(4)
        let credential: KeyCredential
        if let sealed {
            credential = .hmac(secret: try cipher.open(sealed, associatedData: Array(key.utf8)))
        } else if let publicKey {
            credential = .ed25519(publicKey: publicKey)
        } else {
            throw OperatorError.conflict("key \(key) has neither a secret nor a public key")
        }
        let addresses: String = try row.get(6)
        return StoredApiKey(
            key: key, account: AccountID(UInt32(truncatingIfNeeded: try row.get(1, as: Int64.self))),
            label: try row.get(2), credential: credential,
            permissions: KeyPermissions(rawValue: Int16(truncatingIfNeeded: try row.get(5, as: Int32.self))),
            ipAllowList: addresses.isEmpty ? [] : addresses.split(separator: ",").map(String.init),
            revision: UInt64(try row.get(7, as: Int64.self)), isRevoked: try row.get(8))
    }

    /// 64 characters of 62: 380 bits.
    private static func randomText() throws -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
        var text: [UInt8] = []
        while text.count < length {
            // Bytes beyond the last whole multiple of 62 would favour the first letters.
            for byte in try SecureRandom.bytes(count: length) where byte < 248 && text.count < length {
                text.append(alphabet[Int(byte) % alphabet.count])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
