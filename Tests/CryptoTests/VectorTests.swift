import Testing

@testable import Crypto

private func bytes(_ hex: String) throws -> [UInt8] {
    try #require(Hex.decode(hex))
}

@Suite struct VectorTests {
    @Test func `HMAC-SHA256 gives the codes of RFC 4231`() throws {
        let long = [UInt8](repeating: 0xAA, count: 131)
        let cases: [(key: [UInt8], message: [UInt8], code: String)] = [
            (
                [UInt8](repeating: 0x0B, count: 20), Array("Hi There".utf8),
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
            (
                [UInt8](repeating: 0xAA, count: 20), [UInt8](repeating: 0xDD, count: 50),
                "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
            ),
            (
                Array(1...25), [UInt8](repeating: 0xCD, count: 50),
                "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
            ),
            (
                long, Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
            ),
            (
                long,
                Array(
                    ("This is a test using a larger than block-size key and a larger than block-size data. "
                        + "The key needs to be hashed before being used by the HMAC algorithm.").utf8),
                "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
            ),
        ]
        for (key, message, code) in cases {
            #expect(try HMACSHA256.authenticate(message, key: key).hex == code)
        }
    }

    @Test func `HMAC-SHA256 takes an empty key and an empty message`() throws {
        #expect(
            try HMACSHA256.authenticate([], key: []).hex
                == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    }

    @Test func `SHA-256 gives the digests of FIPS 180-4, at once and in pieces`() throws {
        #expect(
            try SHA256.digest(of: []).hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(try SHA256.digest(of: Array("abc".utf8)).hex == abc)
        let hash = try SHA256()
        for _ in 0..<2 {
            try hash.update(Array("a".utf8))
            try hash.update(Array("bc".utf8))
            #expect(try hash.finish().hex == abc)
        }
    }

    @Test func `SHA-1 gives the WebSocket accept value of RFC 6455`() throws {
        let key = "dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        #expect(try Base64.encode(SHA1.digest(of: Array(key.utf8))) == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    }

    @Test func `Ed25519 gives the signatures of RFC 8032`() throws {
        let cases: [(seed: String, publicKey: String, message: String, signature: String)] = [
            (
                "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
                    + "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
            ),
            (
                "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                    + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
            ),
            (
                "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
                "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
                "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                    + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
            ),
        ]
        for (seed, publicKey, message, signature) in cases {
            let key = try Ed25519.PrivateKey(seed: bytes(seed))
            #expect(try key.publicKey().raw == bytes(publicKey))
            #expect(try key.sign(bytes(message)) == bytes(signature))
            #expect(try key.publicKey().isValid(signature: bytes(signature), of: bytes(message)))
        }
    }

    @Test func `A key that is no Ed25519 SubjectPublicKeyInfo is refused`() throws {
        #expect(throws: CryptoError.self) { try Ed25519.PublicKey(spkiBase64: "bm90IGEga2V5") }
        #expect(throws: CryptoError.self) { try Ed25519.PublicKey(spkiBase64: "not base64") }
        #expect(throws: CryptoError.self) { try Ed25519.PublicKey(raw: [1, 2, 3]) }
        #expect(throws: CryptoError.self) { try Ed25519.PrivateKey(seed: []) }
    }

    @Test func `AES-256-GCM gives test cases 13 to 16 of the GCM specification`() throws {
        let zeroKey = String(repeating: "0", count: 64)
        let zeroNonce = String(repeating: "0", count: 24)
        let key = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"
        let plaintext =
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
            + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255"
        let ciphertext =
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
            + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"
        let cases = [
            (zeroKey, zeroNonce, "", "", "", "530f8afbc74536b9a963b4f1c4cb738b"),
            (
                zeroKey, zeroNonce, String(repeating: "0", count: 32), "", "cea7403d4d606b6e074ec5d3baf39d18",
                "d0d1c8a799996bf0265b98b5d48ab919"
            ),
            (key, "cafebabefacedbaddecaf888", plaintext, "", ciphertext, "b094dac5d93471bdec1a502270e3cc6c"),
            (
                key, "cafebabefacedbaddecaf888", String(plaintext.dropLast(8)),
                "feedfacedeadbeeffeedfacedeadbeefabaddad2", String(ciphertext.dropLast(8)),
                "76fc6ece0f4e1768cddf8853bb2d551b"
            ),
        ]
        for (key, nonce, plaintext, associatedData, ciphertext, tag) in cases {
            let cipher = try AESGCM(key: bytes(key))
            let sealed = try cipher.seal(
                bytes(plaintext), associatedData: bytes(associatedData), nonce: bytes(nonce))
            #expect(Hex.encode(sealed) == nonce + ciphertext + tag)
            #expect(try cipher.open(sealed, associatedData: bytes(associatedData)) == bytes(plaintext))
        }
    }

    @Test func `A sealed message opens only unchanged, under the same key and associated data`() throws {
        let cipher = try AESGCM(key: SecureRandom.bytes(count: 32))
        let secret = Array("a secret".utf8)
        let sealed = try cipher.seal(secret, associatedData: [1])
        #expect(try cipher.open(sealed, associatedData: [1]) == secret)
        #expect(throws: CryptoError.self) { try cipher.open(sealed, associatedData: [2]) }
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            #expect(throws: CryptoError.self) { try cipher.open(changed, associatedData: [1]) }
        }
        for length in 0..<sealed.count {
            #expect(throws: CryptoError.self) { try cipher.open(Array(sealed[..<length]), associatedData: [1]) }
        }
        let other = try AESGCM(key: SecureRandom.bytes(count: 32))
        #expect(throws: CryptoError.self) { try other.open(sealed, associatedData: [1]) }
        #expect(try cipher.seal(secret) != cipher.seal(secret))
        #expect(throws: CryptoError.self) { try AESGCM(key: [UInt8](repeating: 0, count: 16)) }
    }
}
