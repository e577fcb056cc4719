import TradingCore

/// A request whose record is in the log or on its way there, by what its answer is made of.
struct OpenRequest {
    enum Kind {
        case place(OrderType, ResponseType)
        case test(OrderType)
        case cancel
        case cancelAll
        case amend
        /// A marker that went down the line for a query.
        case marker(OrderLookup)
    }

    enum Target {
        case client(ReplyAddress, TimeUnit, Kind)
        case operation(OperatorSubmission)
    }

    var target: Target

    /// Whether an execution may be its answer. What an operator sends down the accounts' line is answered by the ledger: a
    /// kill switch has the engine cancel orders under its name before.
    var isAnsweredByExecutions: Bool {
        switch target {
        case .client: true
        case .operation(let submission):
            switch submission.content {
            case .matching: true
            case .orders, .reference: false
            }
        }
    }
}

/// The open requests by token.
struct OpenRequestTable {
    private var slots: [OpenRequest?] = []
    private var free: [Int] = []

    var count: Int { slots.count - free.count }

    mutating func insert(_ request: OpenRequest) -> UInt64 {
        if let index = free.popLast() {
            slots[index] = request
            return UInt64(index)
        }
        slots.append(request)
        return UInt64(slots.count - 1)
    }

    subscript(_ token: UInt64) -> OpenRequest? {
        let index = Int(token)
        return index < slots.count ? slots[index] : nil
    }

    mutating func take(_ token: UInt64) -> OpenRequest? {
        let index = Int(token)
        guard index < slots.count, let request = slots[index] else { return nil }
        slots[index] = nil
        free.append(index)
        return request
    }
}
