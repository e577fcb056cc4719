import Records
import TradingCore

extension RuntimeState {
    static let formatVersion: UInt32 = 2

    public func encode(into writer: inout StateWriter) {
        writer.write(RuntimeState.formatVersion)
        writer.write(clusterID)
        writer.write(inbox.rawValue)
        writer.write(self.writer)
        writer.write(next)
        writer.write(last != nil)
        if let last {
            writer.write(last.offset)
            writer.write(last.stamp)
            writer.write(last.writer)
            writer.write(last.epoch)
            writer.write(last.number)
            writer.write(last.hash)
        }
        writer.write(clock)
        writer.write(logicVersion)
        writer.write(UInt64(sequences.entries.count))
        for entry in sequences.entries {
            writer.write(entry.writer)
            writer.write(entry.epoch)
            writer.write(entry.number)
            writer.write(entry.hash)
            writer.write(entry.isClosed)
        }
        writer.write(UInt64(written.count))
        for mark in written {
            writer.write(mark.destination.rawValue)
            writer.write(mark.number)
            writer.write(mark.hash)
            writer.write(mark.acknowledgedOffset)
            writer.write(mark.acknowledgedNumber)
            writer.write(mark.acknowledgedHash)
            writer.write(mark.coveredOffset)
        }
    }

    public init(decoding reader: inout StateReader) throws(StateError) {
        let version: UInt32 = try reader.read()
        guard version == RuntimeState.formatVersion else {
            throw StateError("the checkpoint has format \(version), this release reads \(RuntimeState.formatVersion)")
        }
        let cluster = try reader.readString()
        let inbox = try RuntimeState.partition(&reader)
        self.init(clusterID: cluster, inbox: inbox, writer: try reader.read(), next: try reader.read())
        if try reader.readBool() {
            last = RecordMark(
                offset: try reader.read(), stamp: try reader.read(), writer: try reader.read(),
                epoch: try reader.read(), number: try reader.read(), hash: try reader.read())
        }
        clock = try reader.read()
        logicVersion = try reader.read()
        var entries: [SequenceTable.Entry] = []
        for _ in 0..<(try reader.readCount(elementSize: 29)) {
            entries.append(
                SequenceTable.Entry(
                    writer: try reader.read(), epoch: try reader.read(), number: try reader.read(),
                    hash: try reader.read(), isClosed: try reader.readBool()))
        }
        sequences = SequenceTable(entries)
        for _ in 0..<(try reader.readCount(elementSize: 52)) {
            written.append(
                WrittenMark(
                    destination: try RuntimeState.partition(&reader), number: try reader.read(),
                    hash: try reader.read(), acknowledgedOffset: try reader.read(),
                    acknowledgedNumber: try reader.read(), acknowledgedHash: try reader.read(),
                    coveredOffset: try reader.read()))
        }
    }

    private static func partition(_ reader: inout StateReader) throws(StateError) -> TopicPartition {
        let raw: UInt32 = try reader.read()
        guard let partition = TopicPartition(rawValue: raw) else { throw StateError("\(raw) is no topic partition") }
        return partition
    }
}

extension Checkpoint {
    /// The checkpoint as bytes, ended by a checksum.
    public var encoded: [UInt8] {
        var writer = StateWriter(capacity: state.count + 4_096)
        runtime.encode(into: &writer)
        writer.write(state)
        let checksum = XXH64.hash(writer.bytes.span.bytes, seed: 0)
        writer.write(checksum)
        return writer.bytes
    }

    /// - Throws: `StateError` when the bytes are cut, damaged or of another format.
    public init(decoding bytes: [UInt8]) throws(StateError) {
        guard bytes.count > 8 else { throw StateError("a checkpoint of \(bytes.count) bytes is cut") }
        var tail = StateReader(Array(bytes.suffix(8)))
        let body = Array(bytes.dropLast(8))
        let checksum: UInt64 = try tail.read()
        guard checksum == XXH64.hash(body.span.bytes, seed: 0) else {
            throw StateError("the checkpoint's checksum does not fit")
        }
        var reader = StateReader(body)
        runtime = try RuntimeState(decoding: &reader)
        state = try reader.readBytes()
    }
}
