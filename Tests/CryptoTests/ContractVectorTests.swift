import Crypto
import Testing

/// The signatures that the client API's documentation prints, under the key `testkey` and the secret `testsecret`.
@Suite struct ContractVectorTests {
    static let payloadA =
        "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=50000.00&newClientOrderId=my-1"
        + "&recvWindow=5000&timestamp=1700000000000"

    static let signed: [(payload: String, signature: String)] = [
        (payloadA, "adba235e6f141e3aa763297f4ef6b200fd59b5ef1d698440328bd2d2ea7a06cb"),
        (
            "timestamp=1700000000000", "dd273985d88b32eaeeb19cafcc2dbaa9ac658e274cd4095d474395560c4b09b7"
        ),
        (
            "symbols=%5B%22BTCUSDT%22%5D&timestamp=1700000000000",
            "a16f41f634e9f0fa836cac2e7e87a5c86aa27290edf699546712ee551080b817"
        ),
        (
            "apiKey=testkey&newClientOrderId=ws-1&price=50000.00&quantity=0.01&recvWindow=5000&side=BUY"
                + "&symbol=BTCUSDT&timeInForce=GTC&timestamp=1700000000000&type=LIMIT",
            "4e3daf97940ab8fc85da2fd5b221f89c04200df9efe15b81034088fdc6600829"
        ),
        (
            "apiKey=testkey&timestamp=1700000000000",
            "48cbcce71a191f99c246d525914cd0cd234b643d77e0870e96742a910350ba70"
        ),
    ]

    @Test func `A reused context signs every documented payload as documented`() throws {
        let mac = try HMACSHA256(key: Array("testsecret".utf8))
        for _ in 0..<3 {
            for (payload, signature) in Self.signed {
                #expect(try mac.authenticate(Array(payload.utf8)).hex == signature)
            }
        }
    }

    @Test func `A query and a body are signed joined with nothing between`() throws {
        let query = Array("symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC".utf8)
        let body = Array(
            "quantity=0.01&price=50000.00&newClientOrderId=my-1&recvWindow=5000&timestamp=1700000000000".utf8)
        let mac = try HMACSHA256(key: Array("testsecret".utf8))
        let expected = "8677180d37647acb4c06ea88171484a1e6922549b0e02039872d95fbe7cb2748"
        #expect(try mac.authenticate(query.span.bytes, body.span.bytes).hex == expected)
        #expect(try HMACSHA256.authenticate(query + body, key: Array("testsecret".utf8)).hex == expected)
    }

    @Test func `The documented Ed25519 signature is made and verified`() throws {
        let seed = try #require(Hex.decode("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))
        let message = Array(Self.payloadA.utf8)
        let key = try Ed25519.PrivateKey(seed: seed)
        let signature = try key.sign(message)
        #expect(
            Base64.encode(signature)
                == "ZsY8T1M2P8CaWBFNpIaQwPDdPDt9s3J/oT/LUhFK6KWNzQs5W4ADn1usHgfx0laYXTcXt0xMIwpS0uJa1EZrAg==")
        let spki = "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
        #expect(try key.publicKey().spkiBase64 == spki)
        let imported = try Ed25519.PublicKey(spkiBase64: spki)
        #expect(try imported.isValid(signature: signature, of: message))
        #expect(try !imported.isValid(signature: signature, of: message + [0]))
        #expect(try !imported.isValid(signature: Array(signature.dropLast()), of: message))
        let fromPEM = try Ed25519.PublicKey(
            spkiBase64: "-----BEGIN PUBLIC KEY-----\n\(spki)\n-----END PUBLIC KEY-----\n")
        #expect(fromPEM.raw == imported.raw)
    }
}
