import Crypto
import Foundation
import Records
import Storage
import TradingCore
import Web

/// An operator's request, taken apart.
public struct OperatorRequest: Sendable {
    /// Of the request that the current task carries out: what it sends to the log belongs to it.
    @TaskLocal public static var trace: Records.TraceContext?

    public var method: String
    /// The path's parts behind `/operator/v1`, percent-decoded.
    public var path: [String]
    public var query: [String: String]
    public var body: [UInt8]
    /// The name of the token that signed the request.
    public var operatorName: String

    public init(method: String, path: [String], query: [String: String], body: [UInt8], operatorName: String) {
        self.method = method
        self.path = path
        self.query = query
        self.body = body
        self.operatorName = operatorName
    }

    /// Whether a text in the path, the query or the body has a zero character, which the database does not take.
    var hasZeroCharacter: Bool {
        path.contains { !$0.isStorable } || query.contains { !$1.isStorable } || bodyHasZeroCharacter
    }

    /// In JSON a zero character is either the byte itself or the escape `\u0000`; an escaped backslash in front makes it plain text.
    private var bodyHasZeroCharacter: Bool {
        let escape = Array("\\u0000".utf8)
        var index = 0
        while index < body.count {
            if body[index] == 0 || body[index...].starts(with: escape) { return true }
            index += body[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return false
    }

    /// The body as a document; an empty body is an empty object.
    func document<Document: Decodable>(_ type: Document.Type = Document.self) throws -> Document {
        guard !body.isEmpty else { return try JSONDecoder().decode(Document.self, from: Data("{}".utf8)) }
        guard isObject else { throw OperatorError.invalidJSON }
        return try JSONDecoder().decode(Document.self, from: Data(body))
    }

    private var isObject: Bool {
        var scanner = JSONScanner()
        do {
            try body.withUnsafeBytes { try scanner.scan($0) }
        } catch {
            return false
        }
        return scanner.nodes[0].kind == .object
    }

    /// The most characters of a reason.
    static let reasonLimit = 500

    /// Who changes what, and why: no change is made without a reason.
    func audit(reason: String?) throws(OperatorError) -> AuditEntry {
        let reason = (reason ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
        guard !reason.isEmpty else { throw .missingReason(limit: OperatorRequest.reasonLimit) }
        guard reason.count <= OperatorRequest.reasonLimit else {
            throw .invalid("reason", "reason is longer than \(OperatorRequest.reasonLimit) characters")
        }
        return AuditEntry(
            operator: operatorName, action: "\(method) /operator/v1/\(path.joined(separator: "/"))", reason: reason,
            request: String(decoding: body, as: UTF8.self))
    }
}

/// The operator API: reference data, keys, deposits and withdrawals, halts and the kill switch, each change with its audit row.
///
/// A change is written to PostgreSQL, distributed to the state machines and answered once they have confirmed it.
public struct OperatorService: Sendable {
    /// Rows that one listing gives.
    static let listLimit = 1_000

    let store: ReferenceStore
    let keys: ApiKeyTable
    let books: OperatorBooks
    let distributor: ReferenceDistributor
    let line: any OperatorLine

    public init(pool: PostgresPool, cipher: AESGCM, line: any OperatorLine) {
        store = ReferenceStore(pool: pool)
        keys = ApiKeyTable(pool: pool, cipher: cipher)
        books = OperatorBooks(pool: pool)
        distributor = ReferenceDistributor(store: store, line: line)
        self.line = line
    }

    /// Carries out a request.
    ///
    /// - Returns: the answer; errors are answers too.
    public func answer(_ request: OperatorRequest) async -> HTTPResponse {
        do {
            if request.hasZeroCharacter { throw OperatorError.zeroCharacter }
            return try await route(request)
        } catch {
            let failure = OperatorError.from(error)
            return OperatorService.response(
                ErrorDocument(code: failure.code, message: failure.message, field: failure.field), failure.status)
        }
    }

    private func route(_ request: OperatorRequest) async throws -> HTTPResponse {
        switch (request.method, request.path.first ?? "", request.path.count) {
        case ("GET", "assets", 1): try await listAssets()
        case ("POST", "assets", 1): try await createAsset(request)
        case ("PUT", "assets", 2): try await updateAsset(request)
        case ("GET", "fee-schedules", 1): try await listFeeSchedules()
        case ("POST", "fee-schedules", 1): try await createFeeSchedule(request)
        case ("PUT", "fee-schedules", 2): try await updateFeeSchedule(request)
        case ("GET", "instruments", 1): try await listInstruments()
        case ("POST", "instruments", 1): try await createInstrument(request)
        case ("PUT", "instruments", 2): try await updateInstrument(request)
        case ("POST", "instruments", 3) where request.path[2] == "status": try await setStatus(request)
        case ("GET", "venue", 1): try await getVenue()
        case ("PUT", "venue", 1): try await updateVenue(request)
        case ("POST", "kill-switch", 1): try await setKillSwitch(request)
        case ("GET", "accounts", 1...2): try await listAccounts(request)
        case ("POST", "accounts", 1): try await createAccount(request)
        case ("PUT", "accounts", 2): try await updateAccount(request)
        case ("POST", "accounts", 3) where request.path[2] == "kill": try await killAccount(request)
        case ("GET", "accounts", 3) where request.path[2] == "keys": try await listKeys(request)
        case ("POST", "accounts", 3) where request.path[2] == "keys": try await createKey(request)
        case ("DELETE", "keys", 2): try await revokeKey(request)
        case ("GET", "deposits", 1): try await listDeposits(request)
        case ("POST", "deposits", 1): try await deposit(request)
        case ("GET", "withdrawals", 1): try await listWithdrawals(request)
        case ("POST", "withdrawals", 1): try await requestWithdrawal(request)
        case ("POST", "withdrawals", 3): try await resolveWithdrawal(request)
        case ("GET", "audit", 1): try await listAudit(request)
        default: throw OperatorError.unknown("route", "\(request.method) /\(request.path.joined(separator: "/"))")
        }
    }

    /// Distributes what was stored unless it is confirmed already.
    func settled(_ stored: StoredDefinition) async throws -> StoredDefinition {
        guard !stored.isConfirmed else { return stored }
        try await distributor.distribute(stored.definition)
        var confirmed = stored
        confirmed.confirmedRevision = stored.definition.revision
        return confirmed
    }

    static func response(_ document: some Encodable, _ status: HTTPStatus = .ok) -> HTTPResponse {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return HTTPResponse(status, body: Array(try encoder.encode(document)))
        } catch {
            return HTTPResponse(.internalServerError, body: Array(#"{"code":"INTERNAL","message":"unencodable"}"#.utf8))
        }
    }

    /// Sends a record down an account's line.
    func submit(_ record: OrdersRecord, partition: Int) async throws -> AccountEvent {
        switch await line.submit(record, partition: partition) {
        case .event(let event):
            if let refusal = event.refusal { throw OperatorError.refused(refusal.reason) }
            return event
        case .execution, .outcomeUnknown: throw OperatorError.outcomeUnknown
        case .shed: throw OperatorError.overloaded
        }
    }
}

struct ErrorDocument: Codable {
    var code: String
    var message: String
    var field: String?
}
