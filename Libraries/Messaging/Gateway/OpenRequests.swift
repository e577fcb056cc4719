import TradingCore

/// The requests of one partition that wait for their answers. Numbers are dense, so a request is found by subtraction.
struct OpenRequests {
    private struct Entry {
        var token: UInt64
        /// Microseconds.
        var since: Int64
        var isOpen: Bool
    }

    private var entries: [Entry] = []
    private var head = 0
    /// The number of the entry at `head`.
    private var first: UInt64 = 1
    private(set) var count = 0

    /// Remembers the request with the next number.
    mutating func append(token: UInt64, since: Int64) {
        entries.append(Entry(token: token, since: since, isOpen: true))
        count += 1
    }

    /// Remembers that the next number expects no answer.
    mutating func skip() {
        entries.append(Entry(token: 0, since: 0, isOpen: false))
        trim()
    }

    /// The request with `number`; nil when it is not open.
    func token(of number: UInt64) -> UInt64? { index(of: number).map { entries[$0].token } }

    /// Takes the request with `number`; nil when it is not open.
    mutating func answer(_ number: UInt64) -> UInt64? {
        guard let index = index(of: number) else { return nil }
        entries[index].isOpen = false
        count -= 1
        let token = entries[index].token
        trim()
        return token
    }

    private func index(of number: UInt64) -> Int? {
        guard number >= first, number - first < UInt64(entries.count - head) else { return nil }
        let index = head + Int(number - first)
        return entries[index].isOpen ? index : nil
    }

    /// Since when the oldest open request waits.
    var oldest: Int64? { head < entries.count ? entries[head].since : nil }

    /// Takes all that are open, oldest first.
    mutating func removeAll() -> [UInt64] {
        let open = entries[head...].filter(\.isOpen).map(\.token)
        self = OpenRequests()
        return open
    }

    /// Forgets answered requests at the front; memory is taken back when half of it is unused.
    private mutating func trim() {
        while head < entries.count, !entries[head].isOpen {
            head += 1
            first += 1
        }
        if head == entries.count {
            entries.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 1_024, head > entries.count / 2 {
            entries.removeFirst(head)
            head = 0
        }
    }
}
