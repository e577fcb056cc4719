/// A statement's parameter. The server says which type it expects; a value of another type goes as text, which the
/// server reads as its own, so `.int64` also fills `integer` and `numeric`, and `.text` fills `jsonb` or `uuid`.
public enum PostgresValue: Sendable, Hashable {
    case null
    case int64(Int64)
    case int32(Int32)
    case bool(Bool)
    case text(String)
    case bytes([UInt8])
    /// For `numeric` columns of whole numbers.
    case numeric(Int128)
    case int64Array([Int64])
    case int32Array([Int32])
    case boolArray([Bool])
    case textArray([String])
    case bytesArray([[UInt8]])
    case numericArray([Int128])
    case optionalInt64Array([Int64?])
    case optionalTextArray([String?])
}

extension PostgresValue: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByNilLiteral
{
    public init(integerLiteral value: Int64) { self = .int64(value) }
    public init(stringLiteral value: String) { self = .text(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(nilLiteral: ()) { self = .null }

    /// NULL for `nil`.
    public init(_ value: Int64?) { self = value.map { .int64($0) } ?? .null }
    /// NULL for `nil`.
    public init(_ value: String?) { self = value.map { .text($0) } ?? .null }
    /// NULL for `nil`.
    public init(_ value: Int128?) { self = value.map { .numeric($0) } ?? .null }
    /// NULL for `nil`.
    public init(_ value: [UInt8]?) { self = value.map { .bytes($0) } ?? .null }
}

/// A statement with its parameters, `$1` first.
public struct PostgresStatement: Sendable, Hashable {
    public var sql: String
    public var parameters: [PostgresValue]

    public init(_ sql: String, _ parameters: [PostgresValue] = []) {
        self.sql = sql
        self.parameters = parameters
    }
}

/// Object identifiers of PostgreSQL's built-in types (`pg_type.dat`).
enum PostgresType {
    static let bool: UInt32 = 16
    static let bytea: UInt32 = 17
    static let name: UInt32 = 19
    static let int8: UInt32 = 20
    static let int2: UInt32 = 21
    static let int4: UInt32 = 23
    static let text: UInt32 = 25
    static let json: UInt32 = 114
    static let bpchar: UInt32 = 1042
    static let varchar: UInt32 = 1043
    static let numeric: UInt32 = 1700
    static let void: UInt32 = 2278
    static let boolArray: UInt32 = 1000
    static let byteaArray: UInt32 = 1001
    static let int4Array: UInt32 = 1007
    static let textArray: UInt32 = 1009
    static let int8Array: UInt32 = 1016
    static let varcharArray: UInt32 = 1015

    static func isText(_ type: UInt32) -> Bool {
        type == text || type == varchar || type == bpchar || type == name || type == json
    }
}
