import LedgerServiceCore
import TradingCore

/// Journal entries and their postings on the way to the books.
public struct JournalRows: Sendable, Equatable {
    public private(set) var entries: [JournalEntry] = []
    /// By entry: how many of the postings are its own.
    public private(set) var counts: [UInt8] = []
    public private(set) var postings: [Posting] = []

    public init() {}

    public mutating func append(_ entry: JournalEntry, _ lines: Span<Posting>) {
        entries.append(entry)
        counts.append(UInt8(lines.count))
        for index in lines.indices { postings.append(lines[index]) }
    }

    public mutating func clear() {
        entries.removeAll(keepingCapacity: true)
        counts.removeAll(keepingCapacity: true)
        postings.removeAll(keepingCapacity: true)
    }

    /// Calls `body` with each entry whose sequence is above `sequence`, and where its postings are.
    func forEach(
        after sequence: UInt64, _ body: (JournalEntry, Range<Int>) throws -> Void
    ) rethrows {
        var start = 0
        for (index, entry) in entries.enumerated() {
            let end = start + Int(counts[index])
            if entry.sequence > sequence { try body(entry, start..<end) }
            start = end
        }
    }
}

/// What a checkpoint takes to the books.
public struct LedgerChanges: Sendable, Equatable {
    static let formatVersion: UInt32 = 1

    public var rows: LedgerRows
    public var journal: JournalRows

    public init(rows: LedgerRows, journal: JournalRows) {
        self.rows = rows
        self.journal = journal
    }

    public func encode(into writer: inout StateWriter) {
        writer.write(LedgerChanges.formatVersion)
        rows.encode(into: &writer)
        writer.write(UInt64(journal.entries.count))
        var start = 0
        for (index, entry) in journal.entries.enumerated() {
            entry.encode(into: &writer)
            writer.write(journal.counts[index])
            for line in start..<start + Int(journal.counts[index]) { journal.postings[line].encode(into: &writer) }
            start += Int(journal.counts[index])
        }
    }

    /// - Throws: `StateError` when the bytes are not such changes.
    public init(decoding reader: inout StateReader) throws(StateError) {
        let version: UInt32 = try reader.read()
        guard version == LedgerChanges.formatVersion else {
            throw StateError("changes of format \(version), this release reads \(LedgerChanges.formatVersion)")
        }
        rows = try LedgerRows(decoding: &reader)
        journal = JournalRows()
        var lines: [Posting] = []
        for _ in 0..<(try reader.readCount(elementSize: 64)) {
            let entry = try JournalEntry(decoding: &reader)
            lines.removeAll(keepingCapacity: true)
            for _ in 0..<(try reader.read(UInt8.self)) { lines.append(try Posting(decoding: &reader)) }
            journal.append(entry, lines.span)
        }
    }
}

extension JournalEntry {
    fileprivate func encode(into writer: inout StateWriter) {
        writer.write(sequence)
        writer.write(kind)
        writer.write(time)
        writer.write(causeWriter)
        writer.write(causeNumber)
        writer.write(account)
        writer.write(instrument)
        writer.write(orderID)
        writer.write(tradeID)
        writer.write(withdrawalID)
    }

    fileprivate init(decoding reader: inout StateReader) throws(StateError) {
        self.init(
            sequence: try reader.read(), kind: try reader.read(), time: try reader.read(),
            causeWriter: try reader.read(), causeNumber: try reader.read(), account: try reader.read())
        instrument = try reader.read()
        orderID = try reader.read()
        tradeID = try reader.read()
        withdrawalID = try reader.read()
    }
}

extension Posting {
    fileprivate func encode(into writer: inout StateWriter) {
        writer.write(ledgerAccount)
        writer.write(account)
        writer.write(asset)
        writer.write(amount)
    }

    fileprivate init(decoding reader: inout StateReader) throws(StateError) {
        self.init(
            ledgerAccount: try reader.read(), account: try reader.read(), asset: try reader.read(),
            amount: try reader.read())
    }
}
