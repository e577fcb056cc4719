import Glibc

/// The newest bytes of the active segment in memory, so that readers that keep up need no system call.
///
/// One stretch of memory, so that every batch in it is in one piece: it is written to the file from here and copied
/// from here to readers. When it is full, its older half is dropped and the rest moved to the front, a byte of moving a
/// byte appended at most.
///
/// The properties here, of segments and of logs that every append and read touches are not checked for overlapping
/// accesses at run time: one thread uses them, none is passed on, and the checks were more than half of a read's time
/// (measured).
final class Tail {
    private static let smallest = 16_384

    private let limit: Int
    @exclusivity(unchecked) private var base: UnsafeMutableRawPointer
    @exclusivity(unchecked) private var capacity: Int
    @exclusivity(unchecked) private var count = 0
    /// The position in the file of the first byte held.
    @exclusivity(unchecked) private(set) var start: Int

    /// - Parameter limit: the most bytes kept; a larger batch is held alone.
    init(limit: Int, at position: Int) {
        self.limit = max(limit, Self.smallest)
        capacity = Self.smallest
        base = .allocate(byteCount: capacity, alignment: 16)
        start = position
    }

    deinit { base.deallocate() }

    /// The position in the file after the last byte held.
    var end: Int { start + count }

    /// Forgets everything; the next byte is the one at `position`.
    func restart(at position: Int) {
        start = position
        count = 0
    }

    /// Room for the next bytes. They do not count before `commit`.
    func room(for size: Int) -> UnsafeMutableRawBufferPointer {
        if capacity - count < size { makeRoom(for: size) }
        return UnsafeMutableRawBufferPointer(start: base + count, count: size)
    }

    func commit(_ size: Int) { count += size }

    /// The bytes held from a position at or after `start`.
    func bytes(from position: Int, count: Int) -> UnsafeRawBufferPointer {
        precondition(position >= start && count >= 0 && position + count <= end, "bytes outside the tail")
        return UnsafeRawBufferPointer(start: base + (position - start), count: count)
    }

    private func makeRoom(for size: Int) {
        let kept = count + size <= limit ? count : min(count, max(limit / 2 - size, 0))
        let needed = max(kept + size, Self.smallest)
        let wanted = needed > limit ? needed : min(max(capacity * 2, needed), limit)
        let from = base + (count - kept)
        if wanted == capacity {
            memmove(base, from, kept)
        } else {
            let moved = UnsafeMutableRawPointer.allocate(byteCount: wanted, alignment: 16)
            moved.copyMemory(from: from, byteCount: kept)
            base.deallocate()
            base = moved
            capacity = wanted
        }
        start += count - kept
        count = kept
    }
}
