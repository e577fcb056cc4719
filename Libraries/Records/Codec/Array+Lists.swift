extension Array {
    /// Removes everything and keeps the memory. One by one, because lists of a record are short and removing a range costs ten times as
    /// much as removing the last one.
    @inlinable
    @inline(__always)
    package mutating func empty() {
        guard count <= 4 else { return removeAll(keepingCapacity: true) }
        while !isEmpty { removeLast() }
    }

    /// Makes sure that `more` elements can be added without growing between them.
    @inlinable
    @inline(__always)
    package mutating func makeRoom(for more: Int) {
        if capacity - count < more { reserveCapacity(count + more) }
    }
}
