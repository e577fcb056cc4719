import Foundation
import TestBasics
import Testing

@testable import GatewayCore

@Suite struct JSONTests {
    static func scan(_ text: String) throws(JSONError) -> JSONScanner {
        var scanner = JSONScanner()
        var failure: JSONError?
        Array(text.utf8).withUnsafeBytes {
            do throws(JSONError) { try scanner.scan($0) } catch { failure = error }
        }
        if let failure { throw failure }
        return scanner
    }

    @Test func `Commas stand between members and elements and nowhere else`() {
        let text = Fixtures.text { writer in
            writer.beginObject()
            writer.key("a")
            writer.beginArray()
            writer.integer(1)
            writer.beginObject()
            writer.endObject()
            writer.null()
            writer.endArray()
            writer.key("b")
            writer.bool(false)
            writer.key("c")
            writer.decimal(-5, decimals: 2)
            writer.endObject()
        }
        #expect(text == #"{"a":[1,{},null],"b":false,"c":"-0.05000000"}"#)
    }

    @Test func `Strings are escaped as JSON asks`() throws {
        let nasty = "quote \" slash \\ line \n tab \t bell \u{7} ü 𝄞"
        let text = Fixtures.text { $0.string(nasty) }
        #expect(try JSONDecoder().decode(String.self, from: Data(text.utf8)) == nasty)
    }

    @Test(arguments: [Int64.min, -1, 0, 9, 10, Int64.max]) func `Integers are written whole`(_ value: Int64) {
        #expect(Fixtures.text { $0.integer(value) } == "\(value)")
    }

    @Test(arguments: [
        "{}", "[]", "0", "-0", "1e5", "1.5E-3", "\"\"", "true", "false", "null", " { \"a\" : [ 1 , 2 ] } ",
        #""é\n\"\\\/""#, #""𝄞""#, #"{"id":"1","method":"ping","params":{"x":-0.10}}"#,
    ]) func `Valid texts are accepted`(_ text: String) {
        #expect(throws: Never.self) { try Self.scan(text) }
    }

    @Test(arguments: [
        "", " ", "{", "}", "[1,]", "{\"a\":1,}", "{a:1}", "01", "1.", ".5", "+1", "-", "1e", "nul", "truex", "\"",
        "\"\u{1}\"",
        #""\x""#, #""\u12""#, #""\ud834""#, #""\udd1e""#, "[1 2]", "{} {}", "'a'", "[1]]", "{\"a\" 1}", "NaN",
    ]) func `Anything else is refused`(_ text: String) {
        #expect(throws: JSONError.self) { try Self.scan(text) }
    }

    @Test func `Depth and size are bounded`() {
        let deep = String(repeating: "[", count: 9) + String(repeating: "]", count: 9)
        #expect(throws: JSONError.tooDeep) { try Self.scan(deep) }
        #expect(throws: Never.self) { try Self.scan(String(deep.dropFirst().dropLast())) }
        #expect(throws: JSONError.tooLarge) {
            try Self.scan("\"" + String(repeating: "a", count: JSONScanner.maximumBytes) + "\"")
        }
        #expect(throws: JSONError.tooLarge) {
            try Self.scan("[" + String(repeating: "1,", count: JSONScanner.maximumNodes) + "1]")
        }
    }

    @Test func `Invalid UTF-8 is refused`() {
        for bytes: [UInt8] in [[0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0xFF]] {
            var scanner = JSONScanner()
            let text = [UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\"")]
            text.withUnsafeBytes { source in
                _ = #expect(throws: JSONError.self) { try scanner.scan(source) }
            }
        }
    }

    @Test func `A scalar keeps the text in which it was sent`() throws {
        let text = #"{"a":0.01,"b":1e-05,"c":false,"d":"28"}"#
        let scanner = try Self.scan(text)
        let bytes = Array(text.utf8)
        let lexemes = scanner.nodes.dropFirst().map { String(decoding: bytes[$0.text], as: UTF8.self) }
        #expect(lexemes == ["0.01", "1e-05", "false", "28"])
        #expect(scanner.nodes.map(\.kind) == [.object, .number, .number, .bool, .string])
    }

    @Test func `Whatever is scanned is also JSON to Foundation, and nothing is read out of bounds`() throws {
        let seed =
            ProcessInfo.processInfo.environment["GATEWAY_TEST_SEED"].flatMap(UInt64.init)
            ?? UInt64.random(in: 0...UInt64.max)
        print("seed \(seed)")
        var random = SplitMix64(seed: seed)
        let base = Array(#"{"id":12,"method":"order.place","params":{"a":[1,2.5e3,"xA"],"b":null,"c":true}}"#.utf8)
        var accepted = 0
        for _ in 0..<20_000 {
            var bytes = base
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: index)
                default: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &random)], at: index)
                }
            }
            var scanner = JSONScanner()
            let isValid = bytes.withUnsafeBytes { source in
                do throws(JSONError) {
                    try scanner.scan(source)
                    return true
                } catch {
                    return false
                }
            }
            guard isValid else { continue }
            accepted += 1
            #expect(throws: Never.self, "seed \(seed): \(String(decoding: bytes, as: UTF8.self))") {
                try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
            }
            #expect(scanner.nodes.allSatisfy { $0.text.upperBound <= bytes.count && $0.key.upperBound <= bytes.count })
        }
        #expect(accepted > 1_000)
    }
}
