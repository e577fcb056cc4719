import Network
import TestBasics
import Testing

@testable import Web

/// Random mutations of good input: nothing crashes, nothing is read differently when it comes in parts, and the server
/// goes on serving. Seeded by WEB_TEST_SEED; WEB_FUZZ_ROUNDS asks for more rounds.
@Suite struct FuzzTests {
    private static let rounds = environmentNumber("WEB_FUZZ_ROUNDS") ?? 2_000

    @Test func `Mutated requests are answered the same in one piece and in many`() throws {
        var random = SplitMix64(seed: seed())
        let bench = try Bench()
        let inputs = HTTPServerTests.conversations.map { Array($0.input.utf8) }
        let alphabet = Array("\r\n\r\n :\t,;0159afx/?#=\0".utf8) + [0x7f, 0x80, 0xff]
        for _ in 0..<Self.rounds {
            let input = mutate(inputs, alphabet, &random)
            let whole = try outcome(bench, [input])
            let parts = split(input, &random)
            #expect(try outcome(bench, parts) == whole, "\(String(decoding: input, as: UTF8.self).debugDescription)")
        }
        #expect(try bench.exchange([Array("GET / HTTP/1.0\r\n\r\n".utf8)]).statuses == [200])
        #expect(bench.server.connectionCount <= 1)
    }

    @Test func `Mutated frames are answered the same in one piece and in many`() throws {
        var random = SplitMix64(seed: seed())
        let bench = try Bench()
        let inputs = WebSocketTests.conversations.map(\.input).filter { $0.count < 1_000 }
        let alphabet: [UInt8] = [0, 1, 2, 8, 9, 10, 0x80, 0x81, 0x82, 0x88, 0x89, 0xfd, 0xfe, 0xff, 0x7e, 0x7f]
        for _ in 0..<Self.rounds {
            let input = mutate(inputs, alphabet, &random)
            let whole = try outcome(bench, [upgradeRequest, input])
            let parts = [upgradeRequest] + split(input, &random)
            #expect(try outcome(bench, parts) == whole, "\(input)")
        }
        #expect(bench.application.closes.count >= Self.rounds)
    }

    @Test func `Random bytes neither crash the parsers nor are taken for more than they are`() {
        var random = SplitMix64(seed: seed())
        let parser = HTTPHeadParser(limits: HTTPLimits())
        let inputs = HTTPServerTests.conversations.map { Array($0.input.utf8) }
        for _ in 0..<Self.rounds * 20 {
            let input = mutate(inputs, [0x0d, 0x0a, 0x20, 0x3a, 0x00, 0xff, 0x09], &random)
            input.withUnsafeBytes { bytes in
                do throws(HTTPRefusal) {
                    guard try parser.parse(bytes) == .complete else { return }
                    #expect(parser.head.byteCount <= input.count)
                    #expect(bytes[parser.head.byteCount - 1] == 0x0a)
                    for index in 0..<parser.head.fieldCount {
                        let value = parser.fields[index].value
                        #expect(Int(value.offset + value.count) < parser.head.byteCount)
                    }
                } catch {
                    #expect((400...599).contains(error.status.code))
                }
            }
        }
    }

    /// Everything that the server says until it closes or has nothing more to say: the client closes its sending side
    /// at the end, so every conversation ends.
    private func outcome(_ bench: Bench, _ parts: [[UInt8]]) throws -> String {
        let client = try bench.connect()
        bench.loop.run { client.isOpen }
        for part in parts {
            client.send(part)
            bench.loop.runTurn(maximumWaitMilliseconds: 0)
            bench.loop.runTurn(maximumWaitMilliseconds: 0)
        }
        client.connection.finishWriting()
        bench.loop.run { client.hasEnded }
        return client.text
    }

    private func mutate(_ inputs: [[UInt8]], _ alphabet: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
        var input = inputs.randomElement(using: &random) ?? []
        for _ in 0..<Int.random(in: 1...4, using: &random) where !input.isEmpty {
            let position = Int.random(in: 0..<input.count, using: &random)
            let byte = alphabet.randomElement(using: &random) ?? 0
            switch random.next() % 5 {
            case 0: input[position] = byte
            case 1: input.insert(byte, at: position)
            case 2: input.remove(at: position)
            case 3: input[position] ^= 1 << UInt8(random.next() % 8)
            default:
                let other = inputs.randomElement(using: &random) ?? []
                input.insert(contentsOf: other.prefix(Int(random.next() % 40)), at: position)
            }
        }
        return input
    }

    private func split(_ input: [UInt8], _ random: inout SplitMix64) -> [[UInt8]] {
        var parts: [[UInt8]] = []
        var rest = input[...]
        while !rest.isEmpty {
            let count = Int.random(in: 1...max(rest.count / 3, 1), using: &random)
            parts.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return parts
    }
}
