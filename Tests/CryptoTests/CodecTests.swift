import Crypto
import Foundation
import TestBasics
import Testing

@Suite struct CodecTests {
    /// Printed with every failure; `CODEC_SEED` runs one again.
    static let seed =
        ProcessInfo.processInfo.environment["CODEC_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0 ... .max)

    @Test func `Hex and base64 agree with Foundation and come back over random bytes`() throws {
        var generator = SplitMix64(seed: Self.seed)
        for length in 0..<300 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let base64 = Base64.encode(bytes)
            #expect(base64 == Data(bytes).base64EncodedString(), "CODEC_SEED=\(Self.seed)")
            #expect(Base64.decode(base64) == bytes, "CODEC_SEED=\(Self.seed)")
            let hex = Hex.encode(bytes)
            #expect(hex == bytes.map { String(format: "%02x", $0) }.joined(), "CODEC_SEED=\(Self.seed)")
            #expect(Hex.decode(hex) == bytes, "CODEC_SEED=\(Self.seed)")
            #expect(Hex.decode(hex.uppercased()) == bytes, "CODEC_SEED=\(Self.seed)")
        }
    }

    @Test func `Every byte that is no hexadecimal digit is refused`() {
        for byte in UInt8.min...UInt8.max {
            let isDigit = Character(UnicodeScalar(byte)).isHexDigit
            #expect((Hex.decode([48, byte].span.bytes) != nil) == isDigit)
            #expect((Hex.decode([byte, 48].span.bytes) != nil) == isDigit)
        }
        #expect(Hex.decode("abc") == nil)
    }

    @Test(arguments: [
        "A", "AA", "AAA", "A===", "====", "AB==", "AAB=", "AA=A", "AA==AAAA", "AAA\n", "AA-_", " AAA", "=AAA",
    ])
    func `Base64 that is not the one encoding of some bytes is refused`(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test func `Digests are read from hexadecimal digits of either case and compared`() throws {
        let digest = try SHA256.digest(of: [1])
        #expect(Digest256(hex: digest.hex) == digest)
        #expect(Digest256(hex: digest.hex.uppercased()) == digest)
        #expect(Digest256(hex: String(digest.hex.dropLast())) == nil)
        #expect(Digest256(hex: digest.hex.dropLast() + "g") == nil)
        #expect(Digest256(digest.bytes.span.bytes) == digest)
        for index in 0..<32 {
            var changed = digest.bytes
            changed[index] ^= 0x80
            #expect(Digest256(changed.span.bytes) != digest)
        }
    }

    @Test func `Constant-time comparison tells equal from different`() {
        #expect(ConstantTime.equal([], []))
        #expect(ConstantTime.equal([1, 2], [1, 2]))
        #expect(!ConstantTime.equal([1, 2], [1, 3]))
        #expect(!ConstantTime.equal([1, 2], [1]))
    }

    @Test func `Random bytes have the length asked for and do not repeat`() throws {
        #expect(try SecureRandom.bytes(count: 0).isEmpty)
        #expect(try SecureRandom.bytes(count: 32).count == 32)
        #expect(try SecureRandom.bytes(count: 32) != SecureRandom.bytes(count: 32))
    }
}
