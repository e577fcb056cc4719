import Crypto
import Foundation
import GatewayCore
import Records
import Storage
import Testing
import TradingCore
import Web

/// State machines that report every revision, unless told to be silent.
private actor ReportingLine: OperatorLine {
    nonisolated let accountPartitions = 2
    nonisolated let marketPartitions = 1
    var isSilent = false
    private(set) var sent: [String] = []
    private(set) var published: [ReferenceDataRecord] = []

    func silence(_ silent: Bool) { isSilent = silent }

    func submit(_ record: OrdersRecord, partition: Int) async -> OperatorAnswer {
        sent.append("orders/\(partition)")
        if isSilent { return .outcomeUnknown }
        return .event(event(for: record))
    }

    func submit(_ record: MatchingRecord, partition: Int) async -> OperatorAnswer {
        sent.append("matching/\(partition)")
        guard !isSilent, case .instrument(let market) = record else { return .outcomeUnknown }
        return .execution(
            Execution(
                instrument: market.instrument,
                report: InstrumentReport(revision: market.revision, status: market.status)))
    }

    func publish(_ record: ReferenceDataRecord, key: String) async -> Bool {
        published.append(record)
        return true
    }

    private func event(for record: OrdersRecord) -> AccountEvent {
        func report(_ kind: DefinitionKind, _ id: UInt32, _ revision: UInt64) -> AccountEvent {
            AccountEvent(revisionReport: RevisionReport(kind: kind, id: id, revision: revision))
        }
        switch record {
        case .asset(let asset): return report(.asset, asset.asset.rawValue, asset.revision)
        case .instrument(let market): return report(.instrument, market.instrument.rawValue, market.revision)
        case .account(let account): return report(.account, account.account.rawValue, account.revision)
        case .feeSchedule(let schedule): return report(.feeSchedule, schedule.schedule.rawValue, schedule.revision)
        case .venue(let venue): return report(.venue, 0, venue.revision)
        case .deposit(let deposit):
            return AccountEvent(
                deposit: DepositPosted(
                    account: deposit.account, asset: deposit.asset, amount: deposit.amount, reference: deposit.reference
                ))
        default: return AccountEvent(refusal: Refusal(reason: .unreadable))
        }
    }
}

/// Runs against the database of `DATABASE_URL`, whose schema `reference` it makes anew; skipped without one.
@Suite(
    .serialized, .enabled(if: ProcessInfo.processInfo.environment["DATABASE_URL"] != nil, "DATABASE_URL is not set"),
    .timeLimit(.minutes(3)))
struct OperatorServiceTests {
    let pool: PostgresPool
    private let line = ReportingLine()
    private let service: OperatorService

    init() async throws {
        let url = try #require(ProcessInfo.processInfo.environment["DATABASE_URL"])
        pool = PostgresPool(
            PostgresConfiguration(url: url, applicationName: "tests"), limits: PostgresPool.Limits(connections: 1))
        try await pool.run { connection in
            try connection.run("DROP SCHEMA IF EXISTS reference CASCADE")
            _ = try Migrator(schema: ReferenceSchema.name, migrations: ReferenceSchema.migrations).migrate(connection)
        }
        let cipher = try AESGCM(key: [UInt8](repeating: 7, count: AESGCM.keyLength))
        service = OperatorService(pool: pool, cipher: cipher, line: line)
    }

    /// Sends a request; a change without a reason of its own gets one, unless `reason` is nil.
    private func call(
        _ method: String, _ path: String, _ body: String = "", reason: String? = "a test"
    ) async throws -> (Int, [String: Any]) {
        var body = body
        var query: [String: String] = [:]
        if let reason, method == "DELETE" { query["reason"] = reason }
        if let reason, ["POST", "PUT"].contains(method), !body.contains(#""reason""#), let end = body.lastIndex(of: "}")
        {
            body.replaceSubrange(end..., with: (body.count > 2 ? "," : "") + #""reason":"\#(reason)"}"#)
        }
        let response = await service.answer(
            OperatorRequest(
                method: method, path: path.split(separator: "/").map(String.init), query: query,
                body: Array(body.utf8), operatorName: "tester"))
        let json = try JSONSerialization.jsonObject(with: Data(response.body))
        if let object = json as? [String: Any] { return (Int(response.status.code), object) }
        return (Int(response.status.code), ["list": json])
    }

    private func listDemo() async throws {
        _ = try await call("POST", "assets", #"{"code":"BTC"}"#)
        _ = try await call("POST", "assets", #"{"code":"USDT","decimals":8}"#)
        _ = try await call("POST", "fee-schedules", #"{"name":"standard","makerBasisPoints":8,"takerBasisPoints":10}"#)
    }

    private static let market = """
        {"symbol":"BTCUSDT","baseAsset":"BTC","quoteAsset":"USDT","tickSize":"0.01","stepSize":"0.00001",
        "maxQty":"1000","minNotional":"5","bidMultiplierUp":"1.2","firstReferencePrice":"50000.00"}
        """

    @Test func `A listing goes to the engine, then to every orders partition, then to the gateways`() async throws {
        try await listDemo()
        let before = await line.sent.count
        let (status, market) = try await call("POST", "instruments", Self.market)
        #expect(status == 200)
        #expect(market["confirmed"] as? Bool == true)
        #expect(market["tickSize"] as? String == "0.01000000")
        #expect(market["partition"] as? Int == 0)
        let sent = await Array(line.sent.dropFirst(before))
        #expect(sent == ["matching/0", "orders/0", "orders/1"])
        guard case .instrument(let published) = await line.published.last else {
            Issue.record("not published")
            return
        }
        #expect(published.tickSize == 1_000_000 && published.bidMultiplierUp == 12_000)
    }

    @Test func `A text that the database does not take is refused before anything is done`() async throws {
        try await listDemo()
        let before = await line.sent.count
        let bodies = [
            #"{"code":"E\u0000H"}"#, #"{"code":"E\nH"}"#, #"{"code":"ETH\u007f"}"#,
            #"{"code":"ETH","name":"\\\u0000"}"#,
        ]
        for body in bodies {
            let (status, answer) = try await call("POST", "assets", body)
            #expect(status == 400 && answer["code"] as? String == "INVALID_FIELD", "\(body)")
        }
        let (status, _) = try await call("PUT", "assets/B\0", "{}")
        #expect(status == 400)
        #expect(await line.sent.count == before)
        let (created, asset) = try await call("POST", "assets", #"{"code":"ETH","name":"\\u0000"}"#)
        #expect(created == 200 && asset["name"] as? String == #"\u0000"#)
    }

    @Test func `Creating the same again changes nothing, another definition of the name is a conflict`() async throws {
        try await listDemo()
        let (again, asset) = try await call("POST", "assets", #"{"code":"BTC"}"#)
        #expect(again == 200 && asset["revision"] as? Int == 1)
        let (conflict, error) = try await call("POST", "assets", #"{"code":"BTC","decimals":6}"#)
        #expect(conflict == 409 && error["code"] as? String == "CONFLICT")
    }

    @Test(arguments: [
        ("assets", #"{"code":"BTC","decimals":11}"#, "decimals"),
        ("assets", #"{"code":"BTC","withdrawalFee":"0.000000001"}"#, "withdrawalFee"),
        ("assets", #"{"name":"x"}"#, "code"),
        ("fee-schedules", #"{"name":"x","makerBasisPoints":10001,"takerBasisPoints":1}"#, "makerBasisPoints"),
        ("fee-schedules", #"{"name":"x","makerBasisPoints":"8"}"#, "makerBasisPoints"),
        ("instruments", #"{"symbol":"X","baseAsset":"NONE","quoteAsset":"USDT"}"#, "baseAsset"),
        ("accounts", #"{"name":"x","feeSchedule":"none"}"#, "feeSchedule"),
        ("deposits", #"{"account":1,"asset":"BTC","amount":"1"}"#, "reference"),
    ])
    func `Bad input names its field`(path: String, body: String, field: String) async throws {
        let (status, error) = try await call("POST", path, body)
        #expect(status == 400 && error["field"] as? String == field)
    }

    @Test func `An inexact listing is refused before anybody hears of it`() async throws {
        try await listDemo()
        let (status, error) = try await call(
            "POST", "instruments",
            #"{"symbol":"X","baseAsset":"BTC","quoteAsset":"USDT","tickSize":"0.00000001","stepSize":"0.00000001","firstReferencePrice":"1"}"#
        )
        #expect(status == 400 && error["field"] as? String == "tickSize")
        let (_, list) = try await call("GET", "instruments")
        #expect((list["list"] as? [Any])?.isEmpty == true)
    }

    @Test func `A change raises the revision, and one made for an older revision is a conflict`() async throws {
        try await listDemo()
        _ = try await call("POST", "instruments", Self.market)
        let (halted, market) = try await call(
            "POST", "instruments/BTCUSDT/status", #"{"status":"HALT","reason":"drill"}"#)
        #expect(halted == 200 && market["revision"] as? Int == 2 && market["status"] as? String == "HALT")
        let (stale, error) = try await call("PUT", "instruments/BTCUSDT", #"{"maxNumOrders":5,"revision":1}"#)
        #expect(stale == 409 && error["field"] as? String == "revision")
        let (fixed, _) = try await call("PUT", "instruments/BTCUSDT", #"{"tickSize":"0.02"}"#)
        #expect(fixed == 400)
    }

    @Test func `What was not confirmed is sent again by the reconciler`() async throws {
        await line.silence(true)
        let (status, error) = try await call("POST", "assets", #"{"code":"BTC"}"#)
        #expect(status == 504 && error["code"] as? String == "OUTCOME_UNKNOWN")
        let store = ReferenceStore(pool: pool)
        let distributor = ReferenceDistributor(store: store, line: line)
        #expect(try await distributor.reconcile() == 1)
        await line.silence(false)
        #expect(try await distributor.reconcile() == 0)
        #expect(try await store.unconfirmed(partitions: 2).isEmpty)
        #expect(try await store.unconfirmed(partitions: 3).count == 1, "a new partition gets every definition")
    }

    @Test func `Keys: the secret is shown once, kept sealed, and revoked for good`() async throws {
        try await listDemo()
        let (made, account) = try await call("POST", "accounts", #"{"name":"alice","feeSchedule":"standard"}"#)
        #expect(made == 200 && account["id"] as? Int == 1)
        let (_, key) = try await call("POST", "accounts/1/keys", #"{"label":"bot","permissions":["READ","TRADE"]}"#)
        let name = try #require(key["apiKey"] as? String)
        let secret = try #require(key["secretKey"] as? String)
        #expect(name.count == 64 && secret.count == 64)
        let (_, listed) = try await call("GET", "accounts/1/keys")
        #expect((listed["list"] as? [[String: Any]])?.first?["secretKey"] == nil)
        let table = ApiKeyTable(pool: pool, cipher: try AESGCM(key: [UInt8](repeating: 7, count: 32)))
        #expect(try await table.find(name)?.credential == .hmac(secret: Array(secret.utf8)))
        let stored: [UInt8] = try await pool.run { connection in
            try connection.query("SELECT secret FROM reference.api_keys").only().get(0)
        }
        #expect(!String(decoding: stored, as: UTF8.self).contains(secret))
        let (revoked, _) = try await call("DELETE", "keys/\(name)")
        #expect(revoked == 200)
        #expect(try await table.find(name)?.isRevoked == true)
        guard case .apiKey(let notice) = await line.published.last else {
            Issue.record("no notice")
            return
        }
        #expect(notice.revoked && notice.revision == 2)
    }

    @Test func `Every change has its audit row with who, what and why`() async throws {
        try await listDemo()
        _ = try await call("POST", "accounts", #"{"name":"alice","feeSchedule":"standard","reason":"new client"}"#)
        _ = try await call("POST", "accounts/1/kill", #"{"engaged":true,"reason":"runaway"}"#)
        _ = try await call(
            "POST", "deposits", #"{"account":1,"asset":"BTC","amount":"1.5","reference":"d-1","reason":"wire"}"#)
        let (_, audit) = try await call("GET", "audit")
        let rows = try #require(audit["list"] as? [[String: Any]])
        #expect(rows.compactMap { $0["reason"] as? String }.prefix(3) == ["wire", "runaway", "new client"])
        #expect(rows.allSatisfy { $0["operator"] as? String == "tester" })
        #expect(rows[1]["action"] as? String == "POST /operator/v1/accounts/1/kill")
    }

    @Test func `No change is made without a reason`() async throws {
        try await listDemo()
        _ = try await call("POST", "accounts", #"{"name":"alice","feeSchedule":"standard"}"#)
        let (_, key) = try await call("POST", "accounts/1/keys", #"{"label":"bot","permissions":["READ"]}"#)
        let name = try #require(key["apiKey"] as? String)
        let before = await line.sent.count
        let changes = [
            ("POST", "assets", #"{"code":"ETH"}"#), ("PUT", "assets/BTC", #"{"name":"x"}"#),
            ("POST", "fee-schedules", #"{"name":"x","makerBasisPoints":1,"takerBasisPoints":1}"#),
            ("PUT", "fee-schedules/standard", #"{"makerBasisPoints":1}"#), ("POST", "instruments", Self.market),
            ("PUT", "venue", #"{"ordersPerDay":5}"#), ("POST", "kill-switch", #"{"engaged":true}"#),
            ("POST", "accounts", #"{"name":"bob","feeSchedule":"standard"}"#),
            ("PUT", "accounts/1", #"{"mayTrade":false}"#), ("POST", "accounts/1/kill", #"{"engaged":true}"#),
            ("POST", "accounts/1/keys", #"{"label":"x","permissions":["READ"]}"#), ("DELETE", "keys/\(name)", ""),
            ("POST", "deposits", #"{"account":1,"asset":"BTC","amount":"1","reference":"d"}"#),
            ("POST", "withdrawals", #"{"account":1,"asset":"BTC","amount":"1","withdrawOrderId":"w"}"#),
        ]
        for (method, path, body) in changes {
            let (status, error) = try await call(method, path, body, reason: nil)
            #expect(status == 400 && error["code"] as? String == "MISSING_FIELD", "\(method) \(path)")
            #expect(error["field"] as? String == "reason")
            #expect((error["message"] as? String)?.contains("1 to 500 characters") == true)
        }
        for reason in [" \\n", String(repeating: "x", count: 501)] {
            let (status, error) = try await call("POST", "accounts/1/kill", #"{"engaged":true}"#, reason: reason)
            #expect(status == 400 && error["field"] as? String == "reason")
        }
        #expect(await line.sent.count == before)
    }

    @Test func `A deposit's amount keeps every decimal`() async throws {
        try await listDemo()
        _ = try await call("POST", "accounts", #"{"name":"alice","feeSchedule":"standard"}"#)
        let (status, deposit) = try await call(
            "POST", "deposits", #"{"account":1,"asset":"BTC","amount":"0.00000001","reference":"d-1"}"#)
        #expect(status == 200 && deposit["amount"] as? String == "0.00000001")
        let (zero, error) = try await call(
            "POST", "deposits", #"{"account":1,"asset":"BTC","amount":"0","reference":"d-2"}"#)
        #expect(zero == 400 && error["field"] as? String == "amount")
    }
}

@Suite struct OperatorTokenTests {
    @Test func `A token has a name and a minimum length`() throws {
        #expect(try OperatorToken("alice:0123456789abcdef").name == "alice")
        #expect(throws: OperatorError.self) { try OperatorToken("alice:short") }
        #expect(throws: OperatorError.self) { try OperatorToken("0123456789abcdef0123") }
    }
}
