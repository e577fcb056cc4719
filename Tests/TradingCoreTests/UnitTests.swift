import TestBasics
import Testing
import TradingCore

@Suite struct InstrumentScaleTests {
    @Test(
        arguments: [
            (1_000_000, 1_000, 10, 1_000), (1_000_000, 10_000, 100, 10_000), (1_000, 100_000, 1, 100_000),
            (1_000_000, 100_000_000, 1_000_000, 100_000_000),
        ] as [(Int64, Int64, Int64, Int64)])
    func `A listing derives exact factors`(tick: Int64, step: Int64, quotePerTickLot: Int64, basePerLot: Int64) throws {
        let scale = try InstrumentScale(tickSize: tick, stepSize: step, baseDecimals: 8)
        #expect(scale == InstrumentScale(quotePerTickLot: quotePerTickLot, basePerLot: basePerLot))
    }

    @Test func `A listing whose notional would be rounded is refused`() {
        #expect(throws: InstrumentError.inexactNotional(tickSize: 1, stepSize: 1)) {
            try InstrumentScale(tickSize: 1, stepSize: 1, baseDecimals: 8)
        }
        #expect(throws: InstrumentError.notPositive(field: "tickSize", value: 0)) {
            try InstrumentScale(tickSize: 0, stepSize: 1, baseDecimals: 8)
        }
        #expect(throws: InstrumentError.decimalsOutOfRange(19)) {
            try InstrumentScale(tickSize: 1, stepSize: 1, baseDecimals: 19)
        }
        #expect(throws: InstrumentError.scaleTooLarge) {
            try InstrumentScale(tickSize: Int64.max, stepSize: Int64.max, baseDecimals: 0)
        }
    }

    @Test func `A product beyond 64 bits is nil, not wrapped`() {
        let scale = InstrumentScale(quotePerTickLot: 1_000_000, basePerLot: 100_000_000)
        #expect(scale.quoteAmount(Price(58_500), Quantity(100_000_000)) == Amount(5_850_000_000_000_000_000))
        #expect(scale.quoteAmount(Price(100_000), Quantity(100_000_000)) == nil)
        #expect(scale.notional(Price(100_000), Quantity(100_000_000)) == Int128(10_000_000_000_000) * 1_000_000)
        #expect(scale.baseAmount(Quantity(Int64.max / 2)) == nil)
    }

    @Test func `Lots for an amount are rounded down`() {
        let scale = InstrumentScale(quotePerTickLot: 10, basePerLot: 1_000)
        #expect(scale.lots(for: Amount(99), at: Price(5)) == Quantity(1))
        #expect(scale.lots(for: Amount(100), at: Price(5)) == Quantity(2))
        #expect(scale.lots(for: Amount(100), at: Price(0)) == Quantity(0))
    }
}

@Suite struct FeeTests {
    @Test(
        arguments: [(10_000, 10, 10), (9_999, 10, 9), (1, 10_000, 1), (999, 8, 0), (0, 10, 0)]
            as [(Int64, UInt32, Int64)])
    func `A fee is truncated to the minor unit`(received: Int64, rate: UInt32, fee: Int64) {
        #expect(Fees.fee(on: Amount(received), basisPoints: rate) == Amount(fee))
    }

    @Test func `A fee on the largest amount is exact`() {
        #expect(Fees.fee(on: Amount(Int64.max), basisPoints: 10_000) == Amount(Int64.max))
        #expect(Fees.fee(on: Amount(Int64.max), basisPoints: 10) == Amount(Int64.max / 1_000))
    }
}

@Suite struct ASCIITextTests {
    @Test func `A text is printable when every byte is, wherever it stands`() {
        #expect(ASCIIText().isPrintable)
        for count in 1...ASCIIText.capacity {
            for byte in UInt8(0)...0x7F {
                for position in [0, count / 2, count - 1] {
                    var bytes = [UInt8](repeating: UInt8(ascii: "~"), count: count)
                    bytes[position] = byte
                    let text = bytes.withUnsafeBytes { ASCIIText($0) }
                    #expect(text?.isPrintable == (0x20...0x7E).contains(byte))
                }
            }
        }
    }

    @Test func `Text comes back as it went in, up to the capacity`() {
        for count in 0...ASCIIText.capacity {
            let string = String("abcdefghijklmnopqrstuvwxyz0123456789-_.".prefix(count))
            #expect(ASCIIText(string)?.description == string)
            #expect(ASCIIText(string)?.count == count)
        }
    }

    @Test func `Longer or other text is refused`() {
        #expect(ASCIIText(String(repeating: "a", count: 40)) == nil)
        #expect(ASCIIText(String("é")) == nil)
    }

    @Test func `Only equal texts are equal`() {
        #expect(ASCIIText("ab") == ASCIIText("ab"))
        #expect(ASCIIText("ab") != ASCIIText("ab\0"))
        #expect(ASCIIText("") == ASCIIText())
    }
}

@Suite struct SlotIndexTests {
    @Test func `It agrees with a dictionary over random inserts and removals`() {
        var generator = SplitMix64(for: "slot index")
        var index = SlotIndex()
        var twin: [UInt64: Int] = [:]
        for step in 0..<200_000 {
            // Few and clustered keys, so that runs collide, wrap and shrink.
            let key = UInt64.random(in: 0..<600, using: &generator) << UInt64(step % 3 * 20)
            if Int.random(in: 0..<5, using: &generator) < 3 {
                index.insert(key, step)
                twin[key] = step
            } else {
                let removed = index.remove(key)
                let expected = twin.removeValue(forKey: key)
                #expect(removed == expected)
            }
            let found = index.slot(key)
            #expect(found == twin[key])
        }
        let count = index.count
        #expect(count == twin.count)
        for (key, slot) in twin {
            let found = index.slot(key)
            #expect(found == slot)
        }
    }
}

@Suite struct StateCodecTests {
    @Test func `What is written is read back`() throws {
        var writer = StateWriter()
        writer.write(UInt8(7))
        writer.write(Int128.min)
        writer.write(true)
        writer.write(ASCIIText("abc"))
        writer.write("ü")
        writer.write(Side.sell)
        writer.write([UInt8](repeating: 3, count: 5))
        var reader = StateReader(writer.bytes)
        #expect(try reader.read(UInt8.self) == 7)
        #expect(try reader.read(Int128.self) == Int128.min)
        #expect(try reader.readBool())
        #expect(try reader.readText() == "abc")
        #expect(try reader.readString() == "ü")
        #expect(try reader.read(Side.self) == .sell)
        #expect(try reader.readBytes() == [3, 3, 3, 3, 3])
        #expect(reader.remaining == 0)
    }

    @Test func `A state cut off anywhere is an error`() {
        var writer = StateWriter()
        writer.write([UInt8](repeating: 9, count: 40))
        writer.write(ASCIIText("client-order"))
        for count in 0..<writer.bytes.count {
            var reader = StateReader(Array(writer.bytes.prefix(count)))
            #expect(throws: StateError.self) {
                _ = try reader.readBytes()
                _ = try reader.readText()
            }
        }
    }
}
