import Testing

@testable import LocalBroker

struct RecordBatchTests {
    private static func fault(_ bytes: [UInt8]) -> BatchFault? {
        bytes.withUnsafeBytes { bytes in
            do throws(BatchFault) {
                _ = try RecordBatch(validating: bytes).stamps()
                return nil
            } catch {
                return error
            }
        }
    }

    @Test func `The fields of a batch are read as its client wrote them`() {
        let bytes = BatchBuilder(count: 3, timestamp: 77).producer(12, epoch: 3, sequence: 9).build()
        bytes.withUnsafeBytes { bytes in
            let batch = RecordBatch(unchecked: bytes)
            #expect(batch.totalBytes == bytes.count)
            #expect(batch.recordCount == 3)
            #expect(batch.lastOffsetDelta == 2)
            #expect(batch.baseTimestamp == 77)
            #expect(batch.maxTimestamp == 79)
            #expect(batch.producerID == 12)
            #expect(batch.producerEpoch == 3)
            #expect(batch.baseSequence == 9)
            #expect(batch.attributes == 0)
            #expect(batch.partitionLeaderEpoch == -1)
            #expect(batch.checksum == batch.computedChecksum)
        }
        #expect(Self.fault(bytes) == nil)
    }

    @Test func `Every cut and every changed byte behind the checksum's start is noticed`() {
        let bytes = BatchBuilder(count: 2, size: 20).build()
        for length in 0..<bytes.count { #expect(Self.fault(Array(bytes[..<length])) != nil) }
        for place in 8..<bytes.count where !(12..<16).contains(place) {
            var changed = bytes
            changed[place] ^= 0x40
            #expect(Self.fault(changed) != nil, "byte \(place)")
        }
    }

    @Test func `Faults have Kafka's codes`() {
        var builder = BatchBuilder(count: 2)
        var wrong = builder.build()
        wrong[40] ^= 1
        #expect(Self.fault(wrong)?.code == 2)
        builder.magic = 1
        #expect(Self.fault(builder.build())?.code == 43)
        builder.magic = 2
        #expect(Self.fault(builder.build() + builder.build())?.code == 87)
        builder.attributes = 0x08
        #expect(Self.fault(builder.build())?.code == 32)
        builder.attributes = 0x10
        #expect(Self.fault(builder.build())?.code == 48)
        builder.attributes = 0x20
        #expect(Self.fault(builder.build())?.code == 87)
        builder.attributes = 0x05
        #expect(Self.fault(builder.build())?.code == 87)
        builder.attributes = 0x04
        #expect(Self.fault(builder.build()) == nil)
        builder.attributes = 0
        #expect(Self.fault(builder.producer(5, epoch: 0, sequence: -1).build())?.code == 87)
    }

    @Test(arguments: [-1, 0, 1, 3, Int32.max, Int32.min])
    func `A count that does not fit is refused`(count: Int32) {
        var bytes = BatchBuilder(count: 2).build()
        for place in 0..<4 { bytes[57 + place] = UInt8(truncatingIfNeeded: count >> (24 - 8 * place)) }
        bytes.fixChecksum()
        #expect(Self.fault(bytes)?.code == 87)
    }

    @Test func `Records that do not fill their frames are refused, whatever byte is wrong`() {
        var builder = BatchBuilder(count: 3, size: 5)
        builder.headers = 2
        let bytes = builder.build()
        #expect(Self.fault(bytes) == nil)
        var generator = SeededGenerator("malformed records")
        // The length of the first record, and what it holds, field by field.
        for place in [61, 64, 65, 66, 72, 73] {
            var changed = bytes
            changed[place] = changed[place] &+ 2
            changed.fixChecksum()
            #expect(Self.fault(changed)?.code == 87, "byte \(place)")
        }
        for _ in 0..<20_000 {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                changed[Int.random(in: 61..<changed.count, using: &generator)] = UInt8.random(
                    in: 0...255, using: &generator)
            }
            changed.fixChecksum()
            // Never a crash; most are faults, some are other values.
            if let fault = Self.fault(changed) { #expect(fault.code == 87) }
        }
    }

    @Test func `Random bytes under a checksum that fits never crash`() {
        var generator = SeededGenerator("random batches")
        for _ in 0..<20_000 {
            let size = Int.random(in: 40...200, using: &generator)
            var checked = (0..<size).map { _ in UInt8.random(in: 0...255, using: &generator) }
            if Bool.random(using: &generator) {
                checked[0] = 0
                checked[1] = 0
            }
            _ = Self.fault(BatchBuilder.frame(checked))
        }
    }
}
