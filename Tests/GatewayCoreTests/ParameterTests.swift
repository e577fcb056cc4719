import Testing

@testable import GatewayCore

@Suite struct ParameterTests {
    /// The code of the error that `body` throws; nil when it throws none.
    private func failure(_ body: () throws -> Void) -> ErrorCode? {
        do {
            try body()
            return nil
        } catch {
            return (error as? ApiError)?.code
        }
    }

    @Test func `Every name is found, and nothing else`() {
        for name in ParameterName.allCases {
            #expect(Array(name.text.utf8).withUnsafeBytes { ParameterName.named($0) } == name)
        }
        #expect(Array("Symbol".utf8).withUnsafeBytes { ParameterName.named($0) } == nil)
        #expect(Array("".utf8).withUnsafeBytes { ParameterName.named($0) } == nil)
    }

    @Test func `Values are percent-decoded`() {
        let list = Fixtures.parameters("symbol=BTC%55SDT&name=a+b%20c%C3%A9&address=a@b[1]")
        #expect(list.string(.symbol) == "BTCUSDT")
        #expect(list.string(.name) == "a b cé")
        #expect(list.string(.address) == "a@b[1]")
        #expect(failure { try list.check() } == nil)
    }

    @Test(arguments: ["symbol=%", "symbol=%4", "symbol=%zz", "symbol=%FF", "%zz=1"])
    func `A broken escape is reported`(_ query: String) {
        #expect(failure { try Fixtures.parameters(query).check() } == .illegalCharacters)
    }

    @Test(arguments: ["symbol=A&symbol=A", "x=1&x=2", "side=BUY&limit=1&side=SELL"])
    func `A parameter twice in one place is reported`(_ query: String) {
        #expect(failure { try Fixtures.parameters(query).check() } == .tooManyParameters)
        #expect(failure { try Fixtures.parameters("", body: query).check() } == .tooManyParameters)
    }

    @Test func `The query wins over the body`() {
        let list = Fixtures.parameters("limit=5&x=1", body: "limit=6&x=1&fromId=7")
        #expect(failure { try list.check() } == nil)
        #expect(list.string(.limit) == "5")
        #expect(list.string(.fromId) == "7")
    }

    @Test func `Empty pairs and names without a value are taken as they are`() {
        let list = Fixtures.parameters("&&symbol&limit=&=5")
        #expect(list.has(.symbol) && list.isEmpty(.symbol))
        #expect(list.has(.limit) && list.isEmpty(.limit))
    }

    @Test func `A list is empty after it was cleared`() {
        var list = Fixtures.parameters("symbol=A&symbol=B")
        list.removeAll()
        #expect(!list.has(.symbol))
        #expect(failure { try list.check() } == nil)
    }

    @Test func `Members of a request are parameters in the text in which they were sent`() throws {
        let text = #"{"price":44999.95,"symbol":"BTC\u0055SDT","orderId":"28","limit":null,"symbols":["A","B"]}"#
        var scanner = JSONScanner()
        var list = ParameterList()
        try Array(text.utf8).withUnsafeBytes { source in
            try scanner.scan(source)
            list.add(scanner, object: 0, in: source)
        }
        #expect(list.string(.price) == "44999.95")
        #expect(list.string(.symbol) == "BTCUSDT")
        #expect(try list.identifier(.orderId) == 28)
        #expect(!list.has(.limit))
        #expect(list.string(.symbols) == #"["A","B"]"#)
    }

    @Test func `Integers are strict`() throws {
        #expect(try Fixtures.parameters("orderId=123").integer(.orderId) == 123)
        #expect(try Fixtures.parameters("orderId=-5").integer(.orderId) == -5)
        for text in ["1.5", "1e3", "abc", "--1", "-", "99999999999999999999", " 1"] {
            #expect(failure { _ = try Fixtures.parameters("orderId=\(text)").integer(.orderId) } == .illegalCharacters)
        }
        #expect(failure { _ = try Fixtures.parameters("orderId=").integer(.orderId) } == .mandatoryParameter)
        #expect(failure { _ = try Fixtures.parameters("orderId=0").identifier(.orderId) } == .invalidParameter)
    }

    @Test func `A limit is cut, not refused, and must be positive`() throws {
        #expect(try Fixtures.parameters("").limit(default: 100, maximum: 5_000) == 100)
        #expect(try Fixtures.parameters("limit=99999").limit(default: 100, maximum: 5_000) == 5_000)
        #expect(try Fixtures.parameters("limit=99999999999999999999999").limit(default: 100, maximum: 5_000) == 5_000)
        #expect(failure { _ = try Fixtures.parameters("limit=0").limit(default: 1, maximum: 2) } == .invalidParameter)
        #expect(failure { _ = try Fixtures.parameters("limit=-1").limit(default: 1, maximum: 2) } == .invalidParameter)
        #expect(failure { _ = try Fixtures.parameters("limit=x").limit(default: 1, maximum: 2) } == .mandatoryParameter)
    }

    @Test func `Decimals are exact and never negative`() throws {
        #expect(try Fixtures.parameters("price=1e-05").decimal(.price, decimals: 8) == 1_000)
        #expect(try Fixtures.parameters("price=50000.0").decimal(.price, decimals: 8) == 5_000_000_000_000)
        #expect(
            failure { _ = try Fixtures.parameters("price=0.000000001").decimal(.price, decimals: 8) } == .badPrecision)
        #expect(failure { _ = try Fixtures.parameters("price=-1").decimal(.price, decimals: 8) } == .illegalCharacters)
        #expect(failure { _ = try Fixtures.parameters("price=x").decimal(.price, decimals: 8) } == .illegalCharacters)
        #expect(failure { _ = try Fixtures.parameters("price=1e30").decimal(.price, decimals: 8) } == .invalidParameter)
    }

    @Test func `Client ids have 1 to 36 of the allowed characters`() throws {
        let longest = String(repeating: "a", count: 36)
        #expect(try Fixtures.parameters("newClientOrderId=\(longest)").clientOrderID(.newClientOrderId).count == 36)
        for text in [longest + "a", "a.b", "a%20b", "%C3%A9"] {
            let list = Fixtures.parameters("newClientOrderId=\(text)")
            #expect(failure { _ = try list.clientOrderID(.newClientOrderId) } == .illegalCharacters)
        }
    }

    @Test func `Lists of markets are found, unknown and repeated ones reported`() throws {
        let encoded = Fixtures.parameters("symbols=%5B%22BTCUSDT%22,%22ETHBTC%22%5D")
        #expect(try encoded.markets(Fixtures.reference)?.map(\.symbol) == ["BTCUSDT", "ETHBTC"])
        let plain = Fixtures.parameters(#"symbols=["BTCUSDT"]"#)
        #expect(try plain.markets(Fixtures.reference)?.count == 1)
        #expect(failure { _ = try Fixtures.parameters(#"symbols=["NO"]"#).markets(Fixtures.reference) } == .badSymbol)
        let twice = Fixtures.parameters(#"symbols=["BTCUSDT","BTCUSDT"]"#)
        #expect(failure { _ = try twice.markets(Fixtures.reference) } == .duplicateSymbol)
        #expect(
            failure { _ = try Fixtures.parameters("symbols=BTCUSDT").markets(Fixtures.reference) } == .illegalCharacters
        )
    }

    @Test func `The time window follows the contract`() throws {
        let now: Int64 = 1_700_000_000_000
        func check(_ query: String) -> ErrorCode? {
            failure { try TimeWindow(Fixtures.parameters(query)).check(now: now) }
        }
        #expect(check("timestamp=\(now)") == nil)
        #expect(check("timestamp=\(now + 999)") == nil)
        #expect(check("timestamp=\(now + 1_000)") == .invalidTimestamp)
        #expect(check("timestamp=\(now - 5_000)") == nil)
        #expect(check("timestamp=\(now - 5_001)") == .invalidTimestamp)
        #expect(check("timestamp=\(now - 60_000)&recvWindow=60000") == nil)
        #expect(check("timestamp=\(now)&recvWindow=60001") == .badReceiveWindow)
        #expect(check("timestamp=\(now * 1_000)") == nil, "microseconds")
        #expect(check("timestamp=\(now)&recvWindow=0.001") == nil)
        #expect(check("timestamp=") == .mandatoryParameter)
        for stamp in ["-1", "-9223372036854775807", "9223372036854775808", "-9223372036854775808"] {
            #expect(check("timestamp=\(stamp)") == .illegalCharacters)
        }
        #expect(check("timestamp=0") == .invalidTimestamp)
        #expect(check("timestamp=9223372036854775807&recvWindow=60000") == .invalidTimestamp)
        #expect(check("timestamp=\(now)&recvWindow=-1") == .illegalCharacters)
        #expect(try TimeWindow(Fixtures.parameters("timestamp=1&recvWindow=2.5")).deadline.rawValue == 4)
    }
}
