import Crypto
import Testing

@testable import GatewayCore

/// The vectors of the client API's contract, through the payloads that the gateway rebuilds.
@Suite struct SignedPayloadTests {
    static let payloadA =
        "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=50000.00&newClientOrderId=my-1"
        + "&recvWindow=5000&timestamp=1700000000000"
    static let signatureA = "adba235e6f141e3aa763297f4ef6b200fd59b5ef1d698440328bd2d2ea7a06cb"
    static let firstHalf = "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC"
    static let secondHalf = "quantity=0.01&price=50000.00&newClientOrderId=my-1&recvWindow=5000&timestamp=1700000000000"
    static let signatureB = "8677180d37647acb4c06ea88171484a1e6922549b0e02039872d95fbe7cb2748"
    static let signatureC = "dd273985d88b32eaeeb19cafcc2dbaa9ac658e274cd4095d474395560c4b09b7"
    static let signatureD = "a16f41f634e9f0fa836cac2e7e87a5c86aa27290edf699546712ee551080b817"
    static let signatureE = "4e3daf97940ab8fc85da2fd5b221f89c04200df9efe15b81034088fdc6600829"
    static let signatureF = "48cbcce71a191f99c246d525914cd0cd234b643d77e0870e96742a910350ba70"

    static let rest: [(query: String, body: String, signature: String)] = [
        (payloadA + "&signature=x", "", signatureA), ("", payloadA + "&signature=x", signatureA),
        ("signature=x&" + payloadA, "", signatureA),
        (firstHalf + "&signature=x&" + secondHalf, "", signatureA),
        (firstHalf, secondHalf + "&signature=x", signatureB), (firstHalf + "&signature=x", secondHalf, signatureB),
        (firstHalf, "signature=x&" + secondHalf, signatureB),
        ("timestamp=1700000000000&signature=x", "", signatureC),
        ("", "timestamp=1700000000000&signature=x", signatureC),
        ("timestamp=1700000000000", "signature=x", signatureC),
        ("symbols=%5B%22BTCUSDT%22%5D&timestamp=1700000000000&signature=x", "", signatureD),
    ]

    static func restPayload(_ query: String, _ body: String) -> [UInt8] {
        var payload: [UInt8] = []
        Array(query.utf8).withUnsafeBytes { query in
            Array(body.utf8).withUnsafeBytes { SignedPayload.append(query: query, body: $0, to: &payload) }
        }
        return payload
    }

    static func requestPayload(_ parameters: String) throws -> [UInt8] {
        var scanner = JSONScanner()
        var payload: [UInt8] = []
        var order: [Int] = []
        try Array(parameters.utf8).withUnsafeBytes { source in
            try scanner.scan(source)
            SignedPayload.append(scanner, object: 0, in: source, to: &payload, order: &order)
        }
        return payload
    }

    @Test(arguments: rest) func `A REST payload is what the client signed`(
        _ vector: (query: String, body: String, signature: String)
    ) throws {
        let payload = Self.restPayload(vector.query, vector.body)
        #expect(try HMACSHA256.authenticate(payload, key: Array("testsecret".utf8)).hex == vector.signature)
    }

    @Test func `A parameter whose name only ends like the signature stays`() {
        #expect(
            String(decoding: Self.restPayload("mysignature=1&a=2&signature=3", ""), as: UTF8.self)
                == "mysignature=1&a=2")
    }

    @Test func `The Ed25519 vector verifies over the rebuilt payload`() throws {
        let key = try Ed25519.PublicKey(spkiBase64: "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
        let entry = try KeyEntry(
            ApiKey(key: "k", account: Fixtures.account, secret: .ed25519(key)),
            weight: WeightCounter(name: "k", limits: RequestLimits()))
        let signature = "ZsY8T1M2P8CaWBFNpIaQwPDdPDt9s3J/oT/LUhFK6KWNzQs5W4ADn1usHgfx0laYXTcXt0xMIwpS0uJa1EZrAg=="
        let payload = Self.restPayload(Self.payloadA + "&signature=x", "")
        #expect(try Array(signature.utf8).withUnsafeBytes { try entry.verify(payload, signature: $0) } != nil)
        // Base64 is case-sensitive.
        let other = signature.lowercased()
        #expect(try Array(other.utf8).withUnsafeBytes { try entry.verify(payload, signature: $0) } == nil)
    }

    @Test func `A signature in capital hexadecimal digits is valid`() throws {
        let entry = try KeyEntry(
            ApiKey(key: "k", account: Fixtures.account, secret: .hmac(Array("testsecret".utf8))),
            weight: WeightCounter(name: "k", limits: RequestLimits()))
        let payload = Array(Self.payloadA.utf8)
        for text in [Self.signatureA, Self.signatureA.uppercased()] {
            #expect(try Array(text.utf8).withUnsafeBytes { try entry.verify(payload, signature: $0) } != nil)
        }
        for text in [Self.signatureB, "", "zz", Self.signatureA + "00"] {
            #expect(try Array(text.utf8).withUnsafeBytes { try entry.verify(payload, signature: $0) } == nil)
        }
    }

    @Test func `A WebSocket request's payload is sorted by name over the texts that were sent`() throws {
        let strings = #"""
            {"timestamp":1700000000000,"symbol":"BTCUSDT","side":"BUY","type":"LIMIT","timeInForce":"GTC","price":"50000.00",
            "quantity":"0.01","recvWindow":5000,"newClientOrderId":"ws-1","apiKey":"testkey","signature":"x"}
            """#
        let numbers = #"""
            {"apiKey":"testkey","newClientOrderId":"ws-1","price":50000.00,"quantity":0.01,"recvWindow":"5000","side":"BUY",
            "symbol":"BTCUSDT","timeInForce":"GTC","timestamp":"1700000000000","type":"LIMIT"}
            """#
        for text in [strings, numbers] {
            let payload = try Self.requestPayload(text)
            #expect(try HMACSHA256.authenticate(payload, key: Array("testsecret".utf8)).hex == Self.signatureE)
        }
        let subscribe = try Self.requestPayload(#"{"timestamp":1700000000000,"apiKey":"testkey"}"#)
        #expect(try HMACSHA256.authenticate(subscribe, key: Array("testsecret".utf8)).hex == Self.signatureF)
    }

    @Test func `Numbers keep their spelling and booleans theirs`() throws {
        let payload = try Self.requestPayload(#"{"b":1e-05,"a":false,"c":0.10,"d":"aé"}"#)
        #expect(String(decoding: payload, as: UTF8.self) == "a=false&b=1e-05&c=0.10&d=aé")
    }
}
