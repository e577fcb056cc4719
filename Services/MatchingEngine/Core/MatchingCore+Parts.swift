import Records

extension MatchingCore {
    /// The record cut into parts of at most `maximumEventsInRecord` events, in the order trades, preventions, ends, levels.
    @usableFromInline
    func executionParts() -> [Execution] {
        let execution = event.execution
        let eventCount = lists.count
        var cutter = Cutter(room: MatchingCore.maximumEventsInRecord)
        var parts: [Execution] = []
        repeat {
            var part = Execution(
                instrument: execution.instrument, ledgerApplied: execution.ledgerApplied,
                ledgerWritten: execution.ledgerWritten)
            if parts.isEmpty {
                part.accepted = execution.accepted
                part.amended = execution.amended
                part.refusal = execution.refusal
                part.report = execution.report
            }
            cutter.begin()
            part.trades = cutter.take(execution.trades, 0)
            part.preventions = cutter.take(execution.preventions, 1)
            part.done = cutter.take(execution.done, 2)
            let levelsBefore = cutter.taken[3]
            part.levels = cutter.take(execution.levels, 3)
            if !part.levels.isEmpty {
                part.firstUpdateId.rawValue = execution.firstUpdateId.rawValue + Int64(levelsBefore)
            }
            part.part = UInt32(parts.count)
            part.moreParts = cutter.total < eventCount
            parts.append(part)
        } while cutter.total < eventCount
        return parts
    }
}

extension Settlement {
    @usableFromInline
    var eventCount: Int { fills.count + reductions.count + ends.count }

    /// The number of records that it is written as.
    var pieceCount: UInt64 {
        let count = eventCount
        if count <= MatchingCore.maximumEventsInRecord { return 1 }
        return UInt64((count + MatchingCore.maximumEventsInRecord - 1) / MatchingCore.maximumEventsInRecord)
    }

    /// Cut into settlements of at most `maximumEventsInRecord` events, in order.
    @usableFromInline
    func pieces() -> [Settlement] {
        var cutter = Cutter(room: MatchingCore.maximumEventsInRecord)
        var pieces: [Settlement] = []
        while cutter.total < eventCount {
            cutter.begin()
            pieces.append(
                Settlement(
                    instrument: instrument, fills: cutter.take(fills, 0), reductions: cutter.take(reductions, 1),
                    ends: cutter.take(ends, 2)))
        }
        return pieces
    }

    mutating func clear() {
        fills.empty()
        reductions.empty()
        ends.empty()
    }
}

/// Deals several lists, one after the other, into parts with room for so many elements.
private struct Cutter {
    let room: Int
    private var left = 0
    /// By list, the elements dealt.
    private(set) var taken = [0, 0, 0, 0]

    init(room: Int) { self.room = room }

    var total: Int { taken.reduce(0, +) }

    mutating func begin() { left = room }

    mutating func take<Element>(_ list: [Element], _ index: Int) -> [Element] {
        let count = min(left, list.count - taken[index])
        let part = Array(list[taken[index]..<taken[index] + count])
        taken[index] += count
        left -= count
        return part
    }
}
