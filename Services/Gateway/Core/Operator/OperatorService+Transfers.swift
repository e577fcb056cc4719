import Records
import TradingCore
import Web

struct DepositDocument: Codable, Sendable {
    var account: UInt32?
    var asset: String?
    var amount: String?
    var reference: String?
    var transactionId: String?
    var network: String?
    var reason: String?
    /// The reference was taken before; this is the first deposit under it.
    var repeated: Bool?
    var time: Int64?
}

struct WithdrawalDocument: Codable, Sendable {
    var id: String?
    var account: UInt32?
    var asset: String?
    var amount: String?
    var fee: String?
    var withdrawOrderId: String?
    var address: String?
    var addressTag: String?
    var network: String?
    var status: String?
    var transactionId: String?
    var reason: String?
    var repeated: Bool?
    var time: Int64?
}

extension OperatorService {
    // MARK: Deposits

    func deposit(_ request: OperatorRequest) async throws -> HTTPResponse {
        let document: DepositDocument = try request.document()
        guard let id = document.account else { throw OperatorError.missing("account") }
        guard let reference = document.reference else { throw OperatorError.missing("reference") }
        let account = try await account(String(id)).definition
        let assets = try await assets()
        let asset = try asset(document.asset, assets)
        let amount = try positive(document.amount, "amount", asset)
        let record = Deposit(
            account: account.account, asset: asset.asset, amount: amount, reference: try ascii(reference, "reference"),
            transactionId: document.transactionId ?? "",
            network: try document.network.map { try ascii($0, "network") } ?? asset.network)
        let posted: DepositPosted = try await audited(request, document.reason, "account/\(id)") {
            let event = try await submit(.deposit(record), partition: Int(account.partition))
            guard let posted = event.deposit else { throw OperatorError.outcomeUnknown }
            return posted
        }
        var answer = DepositDocument()
        answer.account = id
        // Of a repetition, what was deposited first.
        let first = assets.first { $0.asset == posted.asset }
        answer.asset = first?.code.description
        answer.amount = DecimalText.string(posted.amount.rawValue, decimals: Int(first?.decimals ?? 0))
        answer.reference = posted.reference.description
        answer.transactionId = posted.transactionId
        answer.network = posted.network.description
        answer.repeated = posted.repeatedReference
        return OperatorService.response(answer)
    }

    func listDeposits(_ request: OperatorRequest) async throws -> HTTPResponse {
        let assets = try await assets()
        let entries = try await books.deposits(
            account: try number(request.query["account"], "account"), limit: try limit(request))
        let documents = entries.map { entry in
            let asset = assets.first { $0.asset == entry.asset }
            var document = DepositDocument()
            document.account = UInt32(truncatingIfNeeded: entry.account)
            document.asset = asset?.code.description
            document.amount = DecimalText.string(entry.amount, decimals: Int(asset?.decimals ?? 0))
            document.reference = entry.reference
            document.transactionId = entry.transactionID
            document.network = entry.network
            document.time = entry.time
            return document
        }
        return OperatorService.response(documents)
    }

    // MARK: Withdrawals

    func requestWithdrawal(_ request: OperatorRequest) async throws -> HTTPResponse {
        let document: WithdrawalDocument = try request.document()
        guard let id = document.account else { throw OperatorError.missing("account") }
        guard let withdrawOrderId = document.withdrawOrderId else { throw OperatorError.missing("withdrawOrderId") }
        let account = try await account(String(id)).definition
        let assets = try await assets()
        let asset = try asset(document.asset, assets)
        let amount = try positive(document.amount, "amount", asset)
        let fee = try decimal(document.fee, "fee", decimals: Int(asset.decimals)) ?? asset.withdrawalFee.rawValue
        let record = RequestWithdrawal(
            account: account.account, asset: asset.asset, amount: amount, fee: Amount(fee),
            withdrawOrderId: try ascii(withdrawOrderId, "withdrawOrderId"), address: document.address ?? "",
            addressTag: document.addressTag ?? "",
            network: try document.network.map { try ascii($0, "network") } ?? asset.network)
        let update: WithdrawalUpdate = try await audited(request, document.reason, "account/\(id)") {
            let event = try await submit(.requestWithdrawal(record), partition: Int(account.partition))
            guard let update = event.withdrawal else { throw OperatorError.outcomeUnknown }
            return update
        }
        return OperatorService.response(withdrawal(update, assets))
    }

    /// Settles or releases the withdrawal that the path names.
    func resolveWithdrawal(_ request: OperatorRequest) async throws -> HTTPResponse {
        let document: WithdrawalDocument = try request.document()
        let status: WithdrawalStatus
        switch request.path[2] {
        case "settle": status = .settled
        case "release": status = .released
        default: throw OperatorError.unknown("route", request.path.joined(separator: "/"))
        }
        guard let id = Int64(request.path[1]) else { throw OperatorError.unknown("withdrawal", request.path[1]) }
        let accountID: UInt32
        if let given = document.account {
            accountID = given
        } else {
            // The books may lag a withdrawal that was requested a moment ago; naming the account does without them.
            let entry = try await books.withdrawals(id: id, account: nil, status: nil, limit: 1).first
            guard let entry else { throw OperatorError.unknown("withdrawal", request.path[1]) }
            accountID = UInt32(truncatingIfNeeded: entry.account)
        }
        let account = try await account(String(accountID)).definition
        let record = ResolveWithdrawal(
            account: account.account, withdrawalId: WithdrawalID(id), status: status,
            transactionId: document.transactionId ?? "")
        let update: WithdrawalUpdate = try await audited(request, document.reason, "withdrawal/\(id)") {
            let event = try await submit(.resolveWithdrawal(record), partition: Int(account.partition))
            guard let update = event.withdrawal else { throw OperatorError.outcomeUnknown }
            return update
        }
        return OperatorService.response(withdrawal(update, try await assets()))
    }

    func listWithdrawals(_ request: OperatorRequest) async throws -> HTTPResponse {
        let assets = try await assets()
        let status = try request.query["status"].map { name in
            guard let status = WithdrawalStatus.allCases.first(where: { OperatorService.name(of: $0) == name }) else {
                throw OperatorError.invalid("status", "status must be HELD, SETTLED or RELEASED")
            }
            return status
        }
        let entries = try await books.withdrawals(
            account: try number(request.query["account"], "account"), status: status, limit: try limit(request))
        let documents = entries.map { entry in
            var document = withdrawal(
                WithdrawalUpdate(
                    withdrawalId: WithdrawalID(entry.id), account: AccountID(UInt32(truncatingIfNeeded: entry.account)),
                    asset: entry.asset, amount: Amount(entry.amount), fee: Amount(entry.fee), status: entry.status,
                    address: entry.address, transactionId: entry.transactionID), assets)
            document.withdrawOrderId = entry.withdrawOrderID
            document.network = entry.network
            document.time = entry.requestedAt
            document.repeated = nil
            return document
        }
        return OperatorService.response(documents)
    }

    private func withdrawal(_ update: WithdrawalUpdate, _ assets: [AssetDefinition]) -> WithdrawalDocument {
        let asset = assets.first { $0.asset == update.asset }
        let decimals = Int(asset?.decimals ?? 0)
        var document = WithdrawalDocument()
        document.id = update.withdrawalId.description
        document.account = update.account.rawValue
        document.asset = asset?.code.description
        document.amount = DecimalText.string(update.amount.rawValue, decimals: decimals)
        document.fee = DecimalText.string(update.fee.rawValue, decimals: decimals)
        document.withdrawOrderId = update.withdrawOrderId.description
        document.address = update.address
        document.addressTag = update.addressTag
        document.network = update.network.description
        document.status = OperatorService.name(of: update.status)
        document.transactionId = update.transactionId
        document.repeated = update.repeatedId
        return document
    }

    private static func name(of status: WithdrawalStatus) -> String {
        switch status {
        case .held: "HELD"
        case .settled: "SETTLED"
        case .released: "RELEASED"
        }
    }

    // MARK: The audit trail

    func listAudit(_ request: OperatorRequest) async throws -> HTTPResponse {
        OperatorService.response(try await books.audit(limit: try limit(request)))
    }

    /// Does `work` and adds its audit row, whether it succeeded or not.
    private func audited<Value>(
        _ request: OperatorRequest, _ reason: String?, _ subject: String, _ work: () async throws -> Value
    ) async throws -> Value {
        let audit = try request.audit(reason: reason)
        do {
            let value = try await work()
            try await books.record(audit, subject: subject, outcome: "done")
            return value
        } catch {
            try await books.record(audit, subject: subject, outcome: OperatorError.from(error).code)
            throw error
        }
    }

    // MARK: Members

    private func asset(_ code: String?, _ assets: [AssetDefinition]) throws -> AssetDefinition {
        guard let code else { throw OperatorError.missing("asset") }
        guard let asset = assets.first(where: { $0.code.description == code }) else {
            throw OperatorError.invalid("asset", "there is no asset \(code)")
        }
        return asset
    }

    private func positive(_ text: String?, _ field: String, _ asset: AssetDefinition) throws -> Amount {
        guard let value = try decimal(text, field, decimals: Int(asset.decimals)) else {
            throw OperatorError.missing(field)
        }
        guard value > 0 else { throw OperatorError.invalid(field, "\(field) must be above 0") }
        return Amount(value)
    }

    private func number(_ text: String?, _ field: String) throws -> Int64? {
        guard let text else { return nil }
        guard let value = Int64(text) else { throw OperatorError.invalid(field, "\(field) must be a whole number") }
        return value
    }

    private func limit(_ request: OperatorRequest) throws -> Int {
        guard let value = try number(request.query["limit"], "limit") else { return OperatorService.listLimit }
        guard value > 0 else { throw OperatorError.invalid("limit", "limit must be above 0") }
        return min(Int(clamping: value), OperatorService.listLimit)
    }
}
