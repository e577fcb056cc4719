/// A growable byte buffer that is kept and used again: one capacity check a message, then raw stores.
///
/// A message reserves its `sizeBound`, writes through a pointer and commits where it ended, so no store checks anything.
public struct RecordWriter: ~Copyable {
    private var base: UnsafeMutableRawPointer
    private var capacity: Int
    /// Bytes written since the last `clear`.
    public private(set) var count = 0

    /// - Parameter capacity: bytes to begin with; the buffer doubles when it is too small.
    public init(capacity: Int = 1024) {
        self.capacity = max(capacity, 64)
        base = .allocate(byteCount: self.capacity, alignment: 16)
    }

    deinit { base.deallocate() }

    /// Forgets what was written and keeps the memory.
    @inline(__always)
    public mutating func clear() { count = 0 }

    /// Forgets what was written after the first `count` bytes.
    public mutating func truncate(to count: Int) {
        precondition(count >= 0 && count <= self.count, "a writer cannot be cut to more than it holds")
        self.count = count
    }

    /// What was written, copied.
    public var array: [UInt8] { [UInt8](UnsafeRawBufferPointer(start: base, count: count)) }

    /// Gives what was written without a copy, valid inside `body`.
    @inline(__always)
    public func withBytes<Result: ~Copyable, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(start: base, count: count).bytes)
    }

    /// Gives what was written as a buffer for C, valid inside `body`.
    @inline(__always)
    public func withUnsafeBytes<Result: ~Copyable, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(start: base, count: count))
    }

    /// Appends bytes as they are.
    public mutating func append(_ bytes: RawSpan) {
        let cursor = reserve(bytes.byteCount)
        bytes.withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            cursor.copyMemory(from: start, byteCount: source.count)
        }
        commit(to: cursor + bytes.byteCount)
    }

    /// Makes room for `bound` more bytes and gives where they go; `commit` says how many it became.
    @inline(__always)
    package mutating func reserve(_ bound: Int) -> UnsafeMutableRawPointer {
        if capacity - count < bound { grow(bound) }
        return base + count
    }

    @inline(__always)
    package mutating func commit(to end: UnsafeMutableRawPointer) {
        count = UnsafeRawPointer(end) - UnsafeRawPointer(base)
        assert(count <= capacity, "a message was larger than its bound")
    }

    /// The byte at `offset`, valid until more is reserved.
    @inline(__always)
    package mutating func pointer(at offset: Int) -> UnsafeMutableRawPointer {
        precondition(offset <= count, "an offset is within what was written")
        return base + offset
    }

    @inline(__always)
    package func offset(of cursor: UnsafeMutableRawPointer) -> Int {
        UnsafeRawPointer(cursor) - UnsafeRawPointer(base)
    }

    @inline(never)
    private mutating func grow(_ bound: Int) {
        let larger = max(capacity * 2, count + bound)
        let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
        moved.copyMemory(from: base, byteCount: count)
        base.deallocate()
        base = moved
        capacity = larger
    }
}
