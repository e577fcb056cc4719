import Crypto
import Records
import TradingCore
import Web

extension OperatorService {
    func accountNames() async throws -> AccountNames {
        var schedules: [FeeScheduleID: String] = [:]
        for stored in try await store.all(.feeSchedule) {
            if case .feeSchedule(let schedule) = stored.definition { schedules[schedule.schedule] = schedule.name }
        }
        return AccountNames(schedules: schedules, assets: try await assets())
    }

    /// All accounts, or the one that the path names.
    func listAccounts(_ request: OperatorRequest) async throws -> HTTPResponse {
        if request.path.count == 2 {
            return try await response(try await account(request.path[1]).stored)
        }
        let names = try await accountNames()
        let documents = try await store.all(.account).compactMap { stored -> AccountDocument? in
            guard case .account(let account) = stored.definition else { return nil }
            return AccountDocument(stored, account, names)
        }
        return OperatorService.response(documents)
    }

    func createAccount(_ request: OperatorRequest) async throws -> HTTPResponse {
        let document: AccountDocument = try request.document()
        let account = try document.created(try await accountNames())
        let partitions = UInt32(line.accountPartitions)
        guard document.partition ?? 0 < partitions else {
            throw OperatorError.invalid("partition", "partition must be below \(partitions)")
        }
        return try await create(.account(account), request, document.reason) { definition in
            guard case .account(var account) = definition, account.partition == UInt32.max else { return }
            account.partition = (account.account.rawValue &- 1) % partitions
            definition = .account(account)
        }
    }

    func updateAccount(_ request: OperatorRequest) async throws -> HTTPResponse {
        let document: AccountDocument = try request.document()
        let names = try await accountNames()
        return try await changeAccount(request, document.revision, document.reason) { account in
            try document.change(&account, names)
        }
    }

    func killAccount(_ request: OperatorRequest) async throws -> HTTPResponse {
        let document: KillDocument = try request.document()
        return try await changeAccount(request, nil, document.reason) { $0.killed = document.engaged }
    }

    private func changeAccount(
        _ request: OperatorRequest, _ revision: UInt64?, _ reason: String?,
        _ change: @escaping @Sendable (inout AccountDefinition) throws -> Void
    ) async throws -> HTTPResponse {
        let name = try await account(request.path[1]).definition.name
        let stored = try await store.update(
            .account, name: name, expectedRevision: revision, audit: request.audit(reason: reason)
        ) { definition in
            guard case .account(var account) = definition else { return }
            try change(&account)
            definition = .account(account)
        }
        return try await response(try await settled(stored))
    }

    /// The account of an id as text.
    func account(_ text: String) async throws -> (stored: StoredDefinition, definition: AccountDefinition) {
        guard let id = UInt32(text), let stored = try await store.find(.account, id: id),
            case .account(let definition) = stored.definition
        else { throw OperatorError.unknown("account", text) }
        return (stored, definition)
    }

    // MARK: Keys

    func listKeys(_ request: OperatorRequest) async throws -> HTTPResponse {
        let account = try await account(request.path[1]).definition
        return OperatorService.response(try await keys.all(of: account.account).map(KeyDocument.init))
    }

    func createKey(_ request: OperatorRequest) async throws -> HTTPResponse {
        let account = try await account(request.path[1]).definition
        let document: KeyDocument = try request.document()
        let made = try await keys.create(
            account: account.account, label: document.label ?? "", publicKey: try document.rawPublicKey(),
            permissions: try document.permissionSet(), ipAllowList: try document.addresses(),
            audit: request.audit(reason: document.reason))
        guard let stored = try await keys.find(made.key) else { throw OperatorError.unknown("API key", made.key) }
        try await announce(stored)
        var answer = KeyDocument(stored)
        answer.secretKey = made.secret
        return OperatorService.response(answer)
    }

    func revokeKey(_ request: OperatorRequest) async throws -> HTTPResponse {
        let stored = try await keys.revoke(request.path[1], audit: request.audit(reason: request.query["reason"]))
        try await announce(stored)
        return OperatorService.response(KeyDocument(stored))
    }

    /// Tells every gateway that a key has changed.
    private func announce(_ key: StoredApiKey) async throws {
        let notice = ApiKeyNotice(key: key.key, revision: key.revision, account: key.account, revoked: key.isRevoked)
        guard await line.publish(.apiKey(notice), key: "apiKey/\(key.key)") else { throw OperatorError.outcomeUnknown }
    }
}

struct KeyDocument: Codable, Sendable {
    var apiKey: String?
    var secretKey: String?
    var account: UInt32?
    var label: String?
    var type: String?
    /// Ed25519: the SubjectPublicKeyInfo in base64, or its PEM text.
    var publicKey: String?
    var permissions: [String]?
    var ipAllowList: [String]?
    var revoked: Bool?
    var reason: String?

    init(_ stored: StoredApiKey) {
        apiKey = stored.key
        account = stored.account.rawValue
        label = stored.label
        switch stored.credential {
        case .hmac: type = "HMAC"
        case .ed25519: type = "ED25519"
        }
        permissions = stored.permissions.names
        ipAllowList = stored.ipAllowList
        revoked = stored.isRevoked
    }

    /// The raw key of an Ed25519 document; nil for HMAC.
    func rawPublicKey() throws -> [UInt8]? {
        switch type ?? "HMAC" {
        case "HMAC":
            guard publicKey == nil else { throw OperatorError.invalid("publicKey", "an HMAC key has no publicKey") }
            return nil
        case "ED25519":
            guard let publicKey else { throw OperatorError.missing("publicKey") }
            let base64 = publicKey.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
            do {
                return try Ed25519.PublicKey(spkiBase64: base64).raw
            } catch {
                throw OperatorError.invalid("publicKey", "publicKey must be an Ed25519 SubjectPublicKeyInfo in base64")
            }
        default:
            throw OperatorError.invalid("type", "type must be HMAC or ED25519")
        }
    }

    /// A key that is bound to what is no address could never be used.
    func addresses() throws -> [String] {
        for text in ipAllowList ?? [] where AddressText.parse(text) == nil {
            throw OperatorError.invalid("ipAllowList", "ipAllowList has IPv4 and IPv6 addresses, not \(text)")
        }
        return ipAllowList ?? []
    }

    func permissionSet() throws -> KeyPermissions {
        var set: KeyPermissions = []
        for name in permissions ?? ["READ", "TRADE"] {
            guard let permission = KeyPermissions.names.first(where: { $0.1 == name })?.0 else {
                throw OperatorError.invalid("permissions", "permissions are READ, TRADE and WITHDRAW, not \(name)")
            }
            set.insert(permission)
        }
        return set
    }
}
