import Foundation
import TestBasics
import Testing
import TradingCore

@Suite struct DecimalTextTests {
    @Test(arguments: [
        ("1", 8, 100_000_000), ("0.01", 8, 1_000_000), ("50000.0", 2, 5_000_000), ("0.01000000", 2, 1),
        ("1e-05", 8, 1_000), ("1E-5", 5, 1), ("2.5e3", 0, 2_500), (".5", 1, 5), ("1.", 0, 1), ("-3.25", 2, -325),
        ("+7", 0, 7), ("0", 8, 0), ("0.000000000000000000000", 2, 0), ("1000e-3", 0, 1),
        ("9223372036854775807", 0, Int64.max), ("-9223372036854775808", 0, Int64.min),
        ("92233720368.54775807", 8, Int64.max), ("00012.500", 1, 125), ("0.1e1", 0, 1),
    ])
    func `A decimal is read exactly`(text: String, decimals: Int, expected: Int64) throws {
        #expect(try DecimalText.parse(text, decimals: decimals) == expected)
    }

    @Test(arguments: [
        "", ".", "-", "e5", "1e", "1e+", "1x", "0x10", "1,5", " 1", "1 ", "1..2", "--1", "NaN", "inf", "١",
    ])
    func `What is no decimal is malformed`(text: String) {
        #expect(throws: DecimalError.malformed) { try DecimalText.parse(text, decimals: 8) }
    }

    @Test func `Too many decimals are too precise, not rounded`() {
        #expect(throws: DecimalError.tooPrecise) { try DecimalText.parse("0.000000001", decimals: 8) }
        #expect(throws: DecimalError.tooPrecise) { try DecimalText.parse("1e-9", decimals: 8) }
        #expect(throws: DecimalError.tooPrecise) { try DecimalText.parse("1.5", decimals: 0) }
        #expect(throws: DecimalError.tooPrecise) { try DecimalText.parse("1e-9999", decimals: 8) }
    }

    @Test func `What no integer holds is out of range`() {
        #expect(throws: DecimalError.outOfRange) { try DecimalText.parse("92233720368.54775808", decimals: 8) }
        #expect(throws: DecimalError.outOfRange) { try DecimalText.parse("1e30", decimals: 8) }
        #expect(throws: DecimalError.outOfRange) { try DecimalText.parse("1e99999", decimals: 8) }
        #expect(throws: DecimalError.outOfRange) {
            try DecimalText.parse(String(repeating: "9", count: 60), decimals: 0)
        }
    }

    @Test func `Longer texts than the bound are malformed`() {
        let text = "1." + String(repeating: "0", count: DecimalText.maximumLength)
        #expect(throws: DecimalError.malformed) { try DecimalText.parse(text, decimals: 8) }
    }

    @Test func `Printing and reading are inverse for every value and number of decimals`() throws {
        var generator = SplitMix64(for: "decimal text")
        for _ in 0..<20_000 {
            let bits = Int.random(in: 0...63, using: &generator)
            let value = Int64(bitPattern: generator.next()) >> Int64(bits)
            let decimals = Int.random(in: 0...18, using: &generator)
            let text = DecimalText.string(value, decimals: decimals)
            #expect(try DecimalText.parse(text, decimals: decimals) == value)
            let expected = Decimal(value) / pow(Decimal(10), decimals)
            #expect(Decimal(string: text) == expected, "\(value) with \(decimals) decimals gave \(text)")
        }
    }

    @Test func `Printing pads to the decimals asked for`() {
        #expect(DecimalText.string(5, decimals: 2) == "0.05")
        #expect(DecimalText.string(5, decimals: 2, minimumDecimals: 8) == "0.05000000")
        #expect(DecimalText.string(12, decimals: 0, minimumDecimals: 2) == "12.00")
        #expect(DecimalText.string(0, decimals: 8) == "0.00000000")
        #expect(DecimalText.string(-1, decimals: 8) == "-0.00000001")
        #expect(DecimalText.string(Int64.min, decimals: 18) == "-9.223372036854775808")
        var wide: [UInt8] = []
        DecimalText.append(Int128.max, decimals: 8, to: &wide)
        #expect(String(decoding: wide, as: UTF8.self) == "1701411834604692317316873037158.84105727")
    }

    @Test func `Random bytes are read or refused, never trapped on`() {
        var generator = SplitMix64(for: "decimal fuzz")
        let alphabet = Array("0123456789.+-eE 9990000xa".utf8)
        for _ in 0..<100_000 {
            let count = Int.random(in: 0...70, using: &generator)
            let bytes = (0..<count).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
            let decimals = Int.random(in: 0...18, using: &generator)
            bytes.withUnsafeBytes { text in
                do throws(DecimalError) {
                    let value = try DecimalText.parse(text, decimals: decimals)
                    let reference = Decimal(string: String(decoding: bytes, as: UTF8.self))
                    if let reference { #expect(reference * pow(Decimal(10), decimals) == Decimal(value)) }
                } catch {
                    #expect([.malformed, .tooPrecise, .outOfRange].contains(error))
                }
            }
        }
    }
}
