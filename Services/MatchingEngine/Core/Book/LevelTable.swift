import TradingCore

/// A price at which orders rest, in time priority.
struct Level {
    var price: Price
    /// The sum of what its orders have left.
    var quantity: Quantity
    var first: UInt32
    var last: UInt32
    var orderCount: UInt32
    /// Book slot × 2, plus 1 for asks.
    var side: UInt32
    /// Its place among the changes of the record being made, plus 1; 0 when it has not changed.
    var change: UInt32
}

/// One side of a book.
struct BookSide {
    /// Turns prices into keys of which the smallest is the best: all ones for bids, zero for asks.
    let keyMask: UInt64
    /// The trie's root.
    var root = LevelTable.Reference.none
    /// The best level, kept apart from the trie so that the touch costs nothing to find.
    var best = noSlot
    /// The trie's leaf used last; orders come close together.
    var recentLeaf = noSlot
    var levelCount = 0

    init(_ side: Side) { keyMask = side == .buy ? .max : 0 }

    @inline(__always)
    func key(_ price: Price) -> UInt64 { UInt64(bitPattern: price.rawValue) ^ keyMask }
}

/// The levels of every book, and for each side an ordered index over price: a trie of 64-bit bitmaps, six bits of price a step.
///
/// Steps in which all prices agree are left out, so a few prices far apart make a flat trie, and prices close together share leaves of 64.
/// A node lives as long as a level stands under it.
struct LevelTable: ~Copyable {
    /// A node or a level.
    struct Reference: Equatable {
        /// The slot × 2, plus 1 for a level.
        var rawValue: UInt32

        static let none = Reference(rawValue: noSlot)

        @inline(__always)
        static func node(_ slot: UInt32) -> Reference { Reference(rawValue: slot << 1) }

        @inline(__always)
        static func level(_ slot: UInt32) -> Reference { Reference(rawValue: slot << 1 | 1) }

        @inline(__always)
        var isLevel: Bool { rawValue & 1 == 1 }

        @inline(__always)
        var slot: UInt32 { rawValue >> 1 }
    }

    struct Node {
        /// Which of the 64 children are there.
        var bitmap: UInt64
        /// The key bits above this node's six.
        var prefix: UInt64
        /// How far the node's six bits stand from the right.
        var shift: UInt64

        @inline(__always)
        func covers(_ key: UInt64) -> Bool { (key ^ prefix) &>> shift < 64 }

        @inline(__always)
        func digit(_ key: UInt64) -> Int { Int(truncatingIfNeeded: (key &>> shift) & 63) }

        @inline(__always)
        func has(_ digit: Int) -> Bool { bitmap &>> UInt64(digit) & 1 == 1 }
    }

    static let fanout = 64

    private var levels: UnsafeMutablePointer<Level>
    private var levelCapacity = 64
    private var usedLevels = 0
    private var freeLevel = noSlot

    var nodes: UnsafeMutablePointer<Node>
    /// 64 references a node.
    var children: UnsafeMutablePointer<Reference>
    private var nodeCapacity = 16
    private var usedNodes = 0
    private var freeNode = noSlot
    private(set) var nodeCount = 0

    init() {
        levels = .allocate(capacity: levelCapacity)
        nodes = .allocate(capacity: nodeCapacity)
        children = .allocate(capacity: nodeCapacity * LevelTable.fanout)
    }

    deinit {
        levels.deallocate()
        nodes.deallocate()
        children.deallocate()
    }

    /// Bytes that the table has taken from the system.
    var allocatedBytes: Int {
        levelCapacity * MemoryLayout<Level>.stride
            + nodeCapacity * (MemoryLayout<Node>.stride + LevelTable.fanout * MemoryLayout<Reference>.stride)
    }

    /// Where a level stands; valid until the next `add`.
    @inline(__always)
    subscript(slot: UInt32) -> UnsafeMutablePointer<Level> {
        assert(slot < usedLevels)
        return levels + Int(slot)
    }

    /// The level of `price`, or `noSlot`.
    @inline(__always)
    func find(_ price: Price, in side: UnsafeMutablePointer<BookSide>) -> UInt32 {
        let key = side.pointee.key(price)
        let recent = side.pointee.recentLeaf
        if recent != noSlot {
            let leaf = nodes[Int(recent)]
            if leaf.covers(key) {
                let digit = leaf.digit(key)
                return leaf.has(digit) ? children[Int(recent) * LevelTable.fanout + digit].slot : noSlot
            }
        }
        return lookUp(key, in: side)
    }

    /// Adds an empty level at a price that has none.
    mutating func add(_ price: Price, _ sideIndex: UInt32, to side: UnsafeMutablePointer<BookSide>) -> UInt32 {
        let slot = takeLevel()
        (levels + Int(slot)).initialize(
            to: Level(
                price: price, quantity: .zero, first: noSlot, last: noSlot, orderCount: 0, side: sideIndex, change: 0))
        let key = side.pointee.key(price)
        insert(key, .level(slot), into: side)
        let best = side.pointee.best
        if best == noSlot || key < side.pointee.key(levels[Int(best)].price) { side.pointee.best = slot }
        side.pointee.levelCount += 1
        return slot
    }

    /// Removes a level without orders.
    mutating func remove(_ slot: UInt32, from side: UnsafeMutablePointer<BookSide>) {
        remove(side.pointee.key(levels[Int(slot)].price), from: side)
        side.pointee.levelCount -= 1
        if side.pointee.best == slot { side.pointee.best = minimum(side.pointee.root) }
        levels[Int(slot)].first = freeLevel
        freeLevel = slot
    }

    private mutating func takeLevel() -> UInt32 {
        if freeLevel != noSlot {
            let slot = freeLevel
            freeLevel = levels[Int(slot)].first
            return slot
        }
        if usedLevels == levelCapacity {
            let larger = UnsafeMutablePointer<Level>.allocate(capacity: levelCapacity * 2)
            larger.moveInitialize(from: levels, count: usedLevels)
            levels.deallocate()
            levels = larger
            levelCapacity *= 2
        }
        usedLevels += 1
        return UInt32(usedLevels - 1)
    }

    /// Makes sure that one more node needs no move of the nodes.
    mutating func reserveNode() {
        guard freeNode == noSlot, usedNodes == nodeCapacity else { return }
        let largerNodes = UnsafeMutablePointer<Node>.allocate(capacity: nodeCapacity * 2)
        largerNodes.moveInitialize(from: nodes, count: usedNodes)
        nodes.deallocate()
        nodes = largerNodes
        let largerChildren = UnsafeMutablePointer<Reference>.allocate(capacity: nodeCapacity * 2 * LevelTable.fanout)
        largerChildren.moveInitialize(from: children, count: usedNodes * LevelTable.fanout)
        children.deallocate()
        children = largerChildren
        nodeCapacity *= 2
    }

    /// A node without children; `reserveNode` has been called.
    mutating func takeNode(prefix: UInt64, shift: UInt64) -> UInt32 {
        nodeCount += 1
        let slot: UInt32
        if freeNode != noSlot {
            slot = freeNode
            freeNode = UInt32(truncatingIfNeeded: nodes[Int(slot)].prefix)
        } else {
            slot = UInt32(usedNodes)
            usedNodes += 1
            (children + Int(slot) * LevelTable.fanout).initialize(repeating: .none, count: LevelTable.fanout)
        }
        (nodes + Int(slot)).initialize(to: Node(bitmap: 0, prefix: prefix, shift: shift))
        return slot
    }

    mutating func releaseNode(_ slot: UInt32, of side: UnsafeMutablePointer<BookSide>) {
        if side.pointee.recentLeaf == slot { side.pointee.recentLeaf = noSlot }
        nodes[Int(slot)].prefix = UInt64(freeNode)
        freeNode = slot
        nodeCount -= 1
    }
}
