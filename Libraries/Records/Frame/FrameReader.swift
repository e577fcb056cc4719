/// Goes through the records of a frame without copying them.
///
/// ```swift
/// var frame = FrameReader()
/// while let item = frame.next(in: bytes) {
///     switch item {
///     case .record(let record): apply(record.header, bytes.extracting(record.payload))
///     case .unreadable(let range, let error): setAside(bytes.extracting(range), error)
///     }
/// }
/// ```
public struct FrameReader: Sendable {
    /// A record of a frame whose envelope was read; its payload was not.
    public struct Record: Equatable, Sendable {
        public var header: EnvelopeHeader
        /// Where the payload stands in the frame.
        public var payload: Range<Int>

        public init(header: EnvelopeHeader = EnvelopeHeader(), payload: Range<Int> = 0..<0) {
            self.header = header
            self.payload = payload
        }
    }

    public enum Item: Equatable, Sendable {
        case record(Record)
        /// Bytes without a readable envelope, by their range: one record, or the rest of a frame that is broken there.
        case unreadable(Range<Int>, RecordError)
    }

    private var offset = 0
    /// The position in the frame of the item given last, from 0; unreadable ones count.
    public private(set) var index = -1

    public init() {}

    /// - Parameter frame: the same bytes at every call.
    /// - Returns: the next item, or nil at the frame's end.
    public mutating func next(in frame: RawSpan) -> Item? {
        var record = Record()
        switch next(in: frame, into: &record) {
        case .record: return .record(record)
        case .unreadable(let range, let error): return .unreadable(range, error)
        case .end: return nil
        }
    }

    /// What `next(in:into:)` came upon.
    public enum Step: Equatable, Sendable {
        case record
        case unreadable(Range<Int>, RecordError)
        case end
    }

    /// Reads the next record into `record`, which costs half of handing one out; it means nothing unless the step is `.record`.
    ///
    /// - Parameter frame: the same bytes at every call.
    public mutating func next(in frame: RawSpan, into record: inout Record) -> Step {
        let whole = RecordReader(frame)
        let (base, count) = (whole.cursor, whole.remaining)
        var reader = RecordReader(from: base + min(offset, count), to: whole.end)
        let body: RecordReader
        do throws(RecordError) {
            while !reader.take(10 as UInt8) {
                if reader.isAtEnd {
                    offset = count
                    return .end
                }
                let tag = try reader.tag()
                if tag == 10 { break }
                try reader.skip(tag)
            }
            body = try reader.delimited()
        } catch {
            defer { offset = count }
            index += 1
            return .unreadable(offset..<count, error)
        }
        offset = reader.cursor - base
        index += 1
        do throws(RecordError) {
            record.header = EnvelopeHeader()
            let payload = try record.header.merge(from: body.cursor, to: body.end)
            let start = payload.cursor - base
            record.payload = start..<start + payload.remaining
            return .record
        } catch {
            let start = body.cursor - base
            return .unreadable(start..<start + body.remaining, error)
        }
    }
}
