import Records
import TradingCore

/// The last record applied of each writer: what makes every record be applied once and in order (rule 2).
///
/// Writers are few and come in runs, so a scan from the last one found is faster than a hash table, and the order of the
/// entries is the order of first appearance, alike on every replica.
public struct SequenceTable: Sendable, Equatable {
    public struct Entry: Sendable, Equatable {
        public var writer: Writer
        /// A gateway's epoch; 0 for a processor.
        public var epoch: UInt64
        public var number: UInt64
        public var hash: UInt64
        /// The epoch's hash did not fit: nothing more of it is applied.
        public var isClosed: Bool

        public init(writer: Writer, epoch: UInt64 = 0, number: UInt64 = 0, hash: UInt64 = 0, isClosed: Bool = false) {
            self.writer = writer
            self.epoch = epoch
            self.number = number
            self.hash = hash
            self.isClosed = isClosed
        }
    }

    public enum Verdict: Sendable, Equatable {
        /// The next one: apply it.
        case next
        /// Applied before.
        case copy
        /// A record before it is missing.
        case hole
        /// Of an epoch that has ended.
        case stale
        /// Its hash does not follow from what was applied before, or is not that of what was applied under its number.
        case diverged
    }

    /// So many hashes of each writer are remembered: replicas that have diverged are found out as long as one is ahead of the
    /// other by fewer records.
    private static let remembered = 16

    public private(set) var entries: [Entry]
    /// By entry, then by number: the hashes applied last; 0 where it is not known. No part of the state: it finds
    /// processors that have diverged and decides nothing else.
    private var recent: [UInt64]
    private var last = 0

    public init(_ entries: [Entry] = []) {
        self.entries = entries
        recent = Array(repeating: 0, count: entries.count * SequenceTable.remembered)
    }

    public static func == (left: SequenceTable, right: SequenceTable) -> Bool { left.entries == right.entries }

    /// What a numbered record is to this reader. Changes nothing.
    public mutating func judge(_ header: EnvelopeHeader, _ payload: RawSpan) -> Verdict {
        let entry = self[header.writer]
        guard header.epoch >= entry.epoch else { return .stale }
        if header.epoch > entry.epoch {
            guard header.number == 1 else { return .hole }
            return XXH64.hash(payload, seed: 0) == header.hash ? .next : .diverged
        }
        guard !entry.isClosed else { return .stale }
        if header.number > entry.number &+ 1 { return .hole }
        if header.number < entry.number { return isAnother(header, entry) ? .diverged : .copy }
        if header.number == entry.number { return header.hash == entry.hash ? .copy : .diverged }
        return XXH64.hash(payload, seed: entry.hash) == header.hash ? .next : .diverged
    }

    /// Whether something else was applied under an earlier number, as far as that is remembered.
    ///
    /// Of a gateway's records it is not asked: an epoch that is closed is a part of the state, and must not depend on what
    /// a restart forgets.
    private mutating func isAnother(_ header: EnvelopeHeader, _ entry: Entry) -> Bool {
        guard header.writer.kind != .gateway, entry.number - header.number < UInt64(SequenceTable.remembered),
            let index = find(header.writer)
        else { return false }
        let known = recent[SequenceTable.slot(index, header.number)]
        return known != 0 && known != header.hash
    }

    private static func slot(_ index: Int, _ number: UInt64) -> Int {
        index * remembered + Int(number % UInt64(remembered))
    }

    /// Remembers that `header` was applied.
    public mutating func accept(_ header: EnvelopeHeader) {
        let entry = Entry(
            writer: header.writer, epoch: header.epoch, number: header.number, hash: header.hash, isClosed: false)
        let index = place(of: header.writer)
        entries[index] = entry
        recent[SequenceTable.slot(index, header.number)] = header.hash
    }

    /// Ends a gateway's epoch: its later records are dropped until a higher one begins.
    public mutating func close(_ header: EnvelopeHeader) {
        let index = place(of: header.writer)
        if header.epoch > entries[index].epoch {
            entries[index] = Entry(writer: header.writer, epoch: header.epoch)
        }
        entries[index].isClosed = true
    }

    /// The last record applied of a writer; number 0 when there was none.
    public subscript(_ writer: Writer) -> Entry {
        mutating get {
            guard let index = find(writer) else { return Entry(writer: writer) }
            return entries[index]
        }
    }

    private mutating func find(_ writer: Writer) -> Int? {
        if last < entries.count, entries[last].writer == writer { return last }
        for index in entries.indices where entries[index].writer == writer {
            last = index
            return index
        }
        return nil
    }

    private mutating func place(of writer: Writer) -> Int {
        if let index = find(writer) { return index }
        entries.append(Entry(writer: writer))
        recent.append(contentsOf: repeatElement(0, count: SequenceTable.remembered))
        last = entries.count - 1
        return last
    }
}
