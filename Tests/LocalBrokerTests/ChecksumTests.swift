import Testing

@testable import LocalBroker

struct ChecksumTests {
    private static func checksum(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBytes { Checksum.crc32c($0) } }

    @Test func `The checksum gives the values of RFC 3720`() {
        #expect(Self.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(Self.checksum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
        #expect(Self.checksum(Array(0..<32)) == 0x46DD_794E)
        #expect(Self.checksum((0..<32).reversed()) == 0x113F_DB5C)
        let read: [UInt8] = [
            0x01, 0xC0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x14, 0, 0, 0, 0, 0, 0x04, 0, 0, 0, 0, 0x14, 0, 0, 0,
            0x18, 0x28, 0, 0, 0, 0, 0, 0, 0, 0x02, 0, 0, 0, 0, 0, 0, 0,
        ]
        #expect(Self.checksum(read) == 0xD996_3A56)
        #expect(Self.checksum(Array("123456789".utf8)) == 0xE306_9283)
        #expect(Self.checksum([]) == 0)
    }

    @Test func `The instruction and the tables agree at every length and alignment, in one piece and in two`() {
        var generator = SeededGenerator("checksum")
        let bytes = (0..<4_200).map { _ in UInt8.random(in: 0...255, using: &generator) }
        bytes.withUnsafeBytes { bytes in
            for length in Array(0..<130) + [1_000, 4_096] {
                for start in 0..<9 {
                    let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<start + length])
                    let cut = Int.random(in: 0...length, using: &generator)
                    let first = UnsafeRawBufferPointer(rebasing: piece[..<cut])
                    let second = UnsafeRawBufferPointer(rebasing: piece[cut...])
                    let value = Checksum.crc32c(piece)
                    #expect(value == Checksum.crc32cByTables(piece))
                    #expect(value == Checksum.crc32c(second, after: Checksum.crc32cByTables(first)))
                    #expect(value == Checksum.crc32cByTables(second, after: Checksum.crc32c(first)))
                }
            }
        }
    }
}
