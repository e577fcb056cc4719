import TradingCore

extension LevelTable {
    @inline(never)
    func lookUp(_ key: UInt64, in side: UnsafeMutablePointer<BookSide>) -> UInt32 {
        var reference = side.pointee.root
        while reference != .none {
            let slot = reference.slot
            if reference.isLevel { return side.pointee.key(self[slot].pointee.price) == key ? slot : noSlot }
            let node = nodes[Int(slot)]
            guard node.covers(key) else { return noSlot }
            if node.shift == 0 { side.pointee.recentLeaf = slot }
            let digit = node.digit(key)
            guard node.has(digit) else { return noSlot }
            reference = children[Int(slot) * LevelTable.fanout + digit]
        }
        return noSlot
    }

    /// The level of the smallest key under `reference`, or `noSlot`.
    func minimum(_ reference: Reference) -> UInt32 {
        guard reference != .none else { return noSlot }
        var reference = reference
        while !reference.isLevel {
            let slot = Int(reference.slot)
            reference = children[slot * LevelTable.fanout + nodes[slot].bitmap.trailingZeroBitCount]
        }
        return reference.slot
    }

    /// The next level away from the touch, or `noSlot`.
    func next(after slot: UInt32, in side: UnsafeMutablePointer<BookSide>) -> UInt32 {
        let key = side.pointee.key(self[slot].pointee.price)
        var reference = side.pointee.root
        var candidate = Reference.none
        while reference != .none, !reference.isLevel {
            let index = Int(reference.slot)
            let digit = nodes[index].digit(key)
            let higher = nodes[index].bitmap & (~1 &<< UInt64(digit))
            if higher != 0 { candidate = children[index * LevelTable.fanout + higher.trailingZeroBitCount] }
            reference = children[index * LevelTable.fanout + digit]
        }
        return minimum(candidate)
    }

    mutating func insert(_ key: UInt64, _ level: Reference, into side: UnsafeMutablePointer<BookSide>) {
        let recent = side.pointee.recentLeaf
        if recent != noSlot, nodes[Int(recent)].covers(key) {
            setChild(recent, nodes[Int(recent)].digit(key), level)
            return
        }
        reserveNode()
        // The node whose child `reference` is; none for the root.
        var parent: (node: UInt32, digit: Int)?
        var reference = side.pointee.root
        while reference != .none {
            let slot = reference.slot
            let other: UInt64
            if reference.isLevel {
                other = side.pointee.key(self[slot].pointee.price)
            } else {
                let node = nodes[Int(slot)]
                if node.covers(key) {
                    if node.shift == 0 { side.pointee.recentLeaf = slot }
                    let digit = node.digit(key)
                    if !node.has(digit) {
                        setChild(slot, digit, level)
                        return
                    }
                    parent = (slot, digit)
                    reference = children[Int(slot) * LevelTable.fanout + digit]
                    continue
                }
                other = node.prefix
            }
            let branch = makeBranch(of: reference, key: other, and: level, key: key)
            replace(parent, branch, in: side)
            return
        }
        replace(parent, level, in: side)
    }

    @inline(__always)
    private func setChild(_ node: UInt32, _ digit: Int, _ reference: Reference) {
        nodes[Int(node)].bitmap |= 1 &<< UInt64(digit)
        children[Int(node) * LevelTable.fanout + digit] = reference
    }

    private func replace(
        _ parent: (node: UInt32, digit: Int)?, _ reference: Reference, in side: UnsafeMutablePointer<BookSide>
    ) {
        if let parent {
            children[Int(parent.node) * LevelTable.fanout + parent.digit] = reference
        } else {
            side.pointee.root = reference
        }
    }

    /// A node at the highest step in which two keys differ.
    private mutating func makeBranch(
        of first: Reference, key firstKey: UInt64, and second: Reference, key secondKey: UInt64
    ) -> Reference {
        let highest = 63 - (firstKey ^ secondKey).leadingZeroBitCount
        let shift = UInt64(highest / 6 * 6)
        let aligned = (secondKey &>> shift) & ~63
        let slot = takeNode(prefix: aligned &<< shift, shift: shift)
        setChild(slot, nodes[Int(slot)].digit(firstKey), first)
        setChild(slot, nodes[Int(slot)].digit(secondKey), second)
        return .node(slot)
    }

    mutating func remove(_ key: UInt64, from side: UnsafeMutablePointer<BookSide>) {
        let recent = side.pointee.recentLeaf
        if recent != noSlot, nodes[Int(recent)].covers(key), nodes[Int(recent)].bitmap.nonzeroBitCount > 1 {
            nodes[Int(recent)].bitmap &= ~(1 &<< UInt64(nodes[Int(recent)].digit(key)))
            return
        }
        // Below the deepest node that keeps another child, everything goes.
        var anchor: (node: UInt32, digit: Int)?
        var reference = side.pointee.root
        while !reference.isLevel {
            let node = nodes[Int(reference.slot)]
            let digit = node.digit(key)
            if node.bitmap.nonzeroBitCount > 1 { anchor = (reference.slot, digit) }
            reference = children[Int(reference.slot) * LevelTable.fanout + digit]
        }
        if let anchor {
            reference = children[Int(anchor.node) * LevelTable.fanout + anchor.digit]
            nodes[Int(anchor.node)].bitmap &= ~(1 &<< UInt64(anchor.digit))
        } else {
            reference = side.pointee.root
            side.pointee.root = .none
        }
        while !reference.isLevel {
            let slot = reference.slot
            reference = children[Int(slot) * LevelTable.fanout + nodes[Int(slot)].digit(key)]
            releaseNode(slot, of: side)
        }
    }
}
