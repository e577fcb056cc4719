/// The newest items of a sequence, up to a fixed number.
public struct RecentItems<Item: Sendable>: Sendable {
    public let capacity: Int
    private var items: [Item] = []
    private var start = 0

    public init(capacity: Int) { self.capacity = capacity }

    public var count: Int { items.count }
    public var last: Item? { items.isEmpty ? nil : self[items.count - 1] }

    /// Oldest first.
    public subscript(index: Int) -> Item { items[(start + index) % items.count] }

    public mutating func append(_ item: Item) {
        if items.count < capacity {
            items.append(item)
        } else {
            items[start] = item
            start = (start + 1) % capacity
        }
    }

    public mutating func removeAll() {
        items.removeAll(keepingCapacity: true)
        start = 0
    }

    /// The newest `limit` items, oldest first.
    public func newest(_ limit: Int) -> [Item] {
        let taken = min(limit, count)
        return (count - taken..<count).map { self[$0] }
    }

    /// The items from the first that `isIncluded`, at most `limit`; items are in the order by which `isIncluded` turns true once.
    public func from(limit: Int, _ isIncluded: (Item) -> Bool) -> [Item] {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if isIncluded(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return (low..<min(count, low + limit)).map { self[$0] }
    }
}
