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
        frame.withUnsafeBytes { buffer in
            let whole = RecordReader(buffer)
            guard offset < buffer.count else { return nil }
            let base = whole.cursor
            var reader = RecordReader(from: base + offset, to: whole.end)
            do throws(RecordError) {
                while true {
                    if reader.isAtEnd {
                        offset = buffer.count
                        return nil
                    }
                    if reader.take(10 as UInt8) { break }
                    let tag = try reader.tag()
                    if tag == 10 { break }
                    try reader.skip(tag)
                }
                let body = try reader.delimited()
                let start = body.cursor - base
                offset = reader.cursor - base
                index += 1
                return Self.record(body, at: start)
            } catch {
                let rest = offset..<buffer.count
                offset = buffer.count
                index += 1
                return .unreadable(rest, error)
            }
        }
    }

    @inline(__always)
    private static func record(_ body: RecordReader, at start: Int) -> Item {
        var header = EnvelopeHeader()
        do throws(RecordError) {
            let payload = try header.merge(from: body.cursor, to: body.end)
            let first = start + (payload.cursor - body.cursor)
            return .record(Record(header: header, payload: first..<first + payload.remaining))
        } catch {
            return .unreadable(start..<start + body.remaining, error)
        }
    }
}
