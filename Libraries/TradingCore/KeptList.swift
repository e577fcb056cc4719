/// A list that grows and is filled anew again and again without allocating: the state machines' replacement for `Array`.
///
/// It stands on memory of its own: an array asks before every change whether it is shared, which takes a fifth of an order's time. To append
/// costs a comparison and the stores, to clear a list of plain values one store.
public struct KeptList<Element: ~Copyable>: ~Copyable {
    @usableFromInline var base: UnsafeMutablePointer<Element>
    @usableFromInline var capacity: Int
    @usableFromInline var used = 0

    /// - Parameter capacity: elements to hold before the list first grows; at least 1.
    @inlinable
    public init(capacity: Int = 64) {
        precondition(capacity > 0, "a list has room for an element")
        self.capacity = capacity
        base = .allocate(capacity: capacity)
    }

    @inlinable
    deinit {
        base.deinitialize(count: used)
        base.deallocate()
    }

    @inlinable
    public var count: Int {
        @inline(__always)
        get { used }
    }

    @inlinable
    public var indices: Range<Int> {
        @inline(__always)
        get { 0..<used }
    }

    @inlinable
    public var isEmpty: Bool {
        @inline(__always)
        get { used == 0 }
    }

    @inlinable
    public subscript(index: Int) -> Element {
        @inline(__always)
        _read {
            precondition(index >= 0 && index < used, "an index is within its list")
            yield base[index]
        }
        @inline(__always)
        _modify {
            precondition(index >= 0 && index < used, "an index is within its list")
            yield &base[index]
        }
    }

    /// Where an element stands until the list grows: for a function that reads and changes several of its fields.
    @inlinable
    @inline(__always)
    public func place(_ index: Int) -> UnsafeMutablePointer<Element> {
        precondition(index >= 0 && index < used, "an index is within its list")
        return base + index
    }

    /// The elements where they stand, valid until the next change.
    @inlinable
    public var elements: UnsafeBufferPointer<Element> {
        @inline(__always)
        get { UnsafeBufferPointer(start: base, count: used) }
    }

    @inlinable
    @inline(__always)
    public mutating func append(_ element: consuming Element) {
        if used == capacity { grow() }
        (base + used).initialize(to: element)
        used += 1
    }

    @inlinable
    @inline(__always)
    public mutating func popLast() -> Element? {
        guard used > 0 else { return nil }
        used -= 1
        return (base + used).move()
    }

    /// Puts an element at `index` and those from there on one further.
    @inlinable
    @inline(__always)
    public mutating func insert(_ element: consuming Element, at index: Int) {
        precondition(index >= 0 && index <= used, "an index is within its list or at its end")
        if used == capacity { grow() }
        let place = base + index
        (place + 1).moveInitialize(from: place, count: used - index)
        place.initialize(to: element)
        used += 1
    }

    /// Takes the element at `index` away and moves those behind it up.
    @inlinable
    @inline(__always)
    public mutating func remove(at index: Int) {
        precondition(index >= 0 && index < used, "an index is within its list")
        let place = base + index
        place.deinitialize(count: 1)
        place.moveInitialize(from: place + 1, count: used - 1 - index)
        used -= 1
    }

    /// Removes everything and keeps the memory.
    @inlinable
    @inline(__always)
    public mutating func clear() {
        base.deinitialize(count: used)
        used = 0
    }

    /// Calls `body` with the elements of `range`.
    @inlinable
    @inline(__always)
    public func withSpan(_ range: Range<Int>, _ body: (Span<Element>) -> Void) {
        precondition(range.lowerBound >= 0 && range.upperBound <= used, "a range is within its list")
        body(UnsafeBufferPointer(start: base + range.lowerBound, count: range.count).span)
    }

    @inlinable
    @inline(never)
    mutating func grow() {
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
        larger.moveInitialize(from: base, count: used)
        base.deallocate()
        base = larger
        capacity *= 2
    }
}
