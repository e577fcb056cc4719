import Records
import TradingCore

/// The ledger again, written for the reader: dictionaries, and every hold computed anew from what is open.
///
/// It shares no code with the core but the records. It answers what the core must answer.
struct NaiveLedger {
    struct Key: Hashable {
        var account: AccountID
        var asset: AssetID
    }

    struct Name: Hashable {
        var account: AccountID
        var instrument: InstrumentID
        var id: ASCIIText
    }

    struct Open {
        var submit: SubmitOrder
        var clientID: ASCIIText
        var lots: Int64
        /// What an order that buys by quote amount may still spend.
        var quote: Int64

        var isByQuote: Bool { submit.side == .buy && submit.quoteQuantity.rawValue != 0 }
        var value: Int64 { isByQuote ? quote : submit.price.rawValue * lots * submit.quotePerTickLot }
        var need: Int64 { submit.side == .buy ? value : lots * submit.basePerLot }
        var payAsset: AssetID { submit.side == .buy ? submit.quoteAsset : submit.baseAsset }
    }

    struct Taken {
        var order: OrderID
        /// nil while the order is open.
        var until: Int64?
    }

    struct Pending {
        var request: RequestWithdrawal
        var id: WithdrawalID
        var status: WithdrawalStatus
    }

    var totals: [Key: Int64] = [:]
    var fees: [AssetID: Int64] = [:]
    var custody: [AssetID: Int64] = [:]
    var open: [OrderID: Open] = [:]
    var taken: [Name: [Taken]] = [:]
    var marks: [(name: Name, order: OrderID, timestamp: Int64, until: Int64)] = []
    var references: [Name: Deposit] = [:]
    var withdrawals: [Pending] = []
    var clock: Int64 = 0

    // MARK: Answers

    enum Answer: Equatable {
        case forward([(UInt32, UInt32)])
        case refused(RefusalReason, OrderID)
        case found(OrderID)
        case nothing

        static func == (left: Answer, right: Answer) -> Bool {
            switch (left, right) {
            case (.forward(let one), .forward(let two)): one.elementsEqual(two, by: ==)
            case (.refused(let one, let first), .refused(let two, let second)): one == two && first == second
            case (.found(let one), .found(let two)): one == two
            case (.nothing, .nothing): true
            default: false
            }
        }
    }

    func locked(_ key: Key) -> Int64 {
        let orders = open.values.filter { $0.submit.account == key.account && $0.payAsset == key.asset }.map(\.need)
        let pending = withdrawals.filter {
            $0.status == .held && $0.request.account == key.account && $0.request.asset == key.asset
        }.map(\.request.amount.rawValue)
        return orders.reduce(0, +) + pending.reduce(0, +)
    }

    func free(_ key: Key) -> Int64 { (totals[key] ?? 0) - locked(key) }

    mutating func apply(_ record: LedgerRecord, at clock: Int64) -> Answer {
        self.clock = clock
        for name in taken.keys { taken[name]?.removeAll { ($0.until ?? Int64.max) < clock } }
        marks.removeAll { $0.until < clock }
        switch record {
        case .submitOrder(let order): return submit(order)
        case .settlement(let settlement): return settle(settlement)
        case .cancelOrder(let cancel):
            return resolve(
                cancel.account, cancel.instrument, cancel.orderId, cancel.origClientOrderId, cancel.timestamp,
                cancel.deadline)
        case .amendOrder(let amend): return resolve(amend)
        case .cancelAll(let cancel): return cancelAll(cancel)
        case .marker(let marker): return answer(marker)
        case .deposit(let deposit): return post(deposit)
        case .requestWithdrawal(let request): return hold(request)
        case .resolveWithdrawal(let resolution): return resolve(resolution)
        default: return .nothing
        }
    }

    // MARK: Orders

    private func isLate(_ deadline: Timestamp) -> Bool { deadline.rawValue != 0 && clock > deadline.rawValue }

    private func holder(_ name: Name) -> OrderID? {
        let candidates = name.id.isEmpty ? [] : taken[name] ?? []
        return candidates.filter { $0.until == nil }.map(\.order).max() ?? candidates.map(\.order).max()
    }

    private mutating func submit(_ order: SubmitOrder) -> Answer {
        let name = Name(account: order.account, instrument: order.instrument, id: order.clientOrderId)
        if isLate(order.deadline) { return .refused(.deadlinePassed, order.orderId) }
        let isMarked = marks.contains { mark in
            mark.timestamp >= order.timestamp.rawValue
                && (mark.order.rawValue != 0
                    ? mark.order == order.orderId && mark.name.account == order.account
                    : mark.name == name && !name.id.isEmpty)
        }
        if isMarked { return .refused(.markedOrder, order.orderId) }
        if !name.id.isEmpty, let first = holder(name) { return .refused(.duplicateOrder, first) }
        let mine = open.values.filter { $0.submit.account == order.account }
        if order.maximumOrders > 0,
            mine.filter({ $0.submit.instrument == order.instrument }).count >= Int(order.maximumOrders)
        {
            return .refused(.filter, order.orderId)
        }
        let new = Open(
            submit: order, clientID: order.clientOrderId, lots: order.quantity.rawValue,
            quote: order.quoteQuantity.rawValue)
        if new.need <= 0 { return .refused(.amountOutOfRange, order.orderId) }
        let value = mine.filter { $0.submit.quoteAsset == order.quoteAsset }.map(\.value).reduce(new.value, +)
        if order.maximumOpenNotional.rawValue > 0, value > order.maximumOpenNotional.rawValue {
            return .refused(.filter, order.orderId)
        }
        if free(Key(account: order.account, asset: new.payAsset)) < new.need {
            return .refused(.insufficientBalance, order.orderId)
        }
        open[order.orderId] = new
        taken[name, default: []].append(Taken(order: order.orderId, until: nil))
        return .forward([(order.account.rawValue, order.instrument.rawValue)])
    }

    private mutating func resolve(
        _ account: AccountID, _ instrument: InstrumentID, _ orderID: OrderID, _ clientID: ASCIIText,
        _ timestamp: Timestamp, _ deadline: Timestamp
    ) -> Answer {
        if isLate(deadline) { return .refused(.deadlinePassed, orderID) }
        let found = open.values.first {
            $0.submit.account == account && $0.submit.instrument == instrument
                && (orderID.rawValue != 0 ? $0.submit.orderId == orderID : $0.clientID == clientID && !clientID.isEmpty)
        }
        guard let found else {
            mark(account, instrument, orderID, clientID, timestamp)
            return .refused(.unknownOrder, orderID)
        }
        if orderID.rawValue != 0, !clientID.isEmpty, found.clientID != clientID {
            return .refused(.clientOrderIDMismatch, orderID)
        }
        return .forward([(account.rawValue, instrument.rawValue)])
    }

    private mutating func resolve(_ amend: AmendOrder) -> Answer {
        let answer = resolve(
            amend.account, amend.instrument, amend.orderId, amend.origClientOrderId, amend.timestamp, amend.deadline)
        guard case .forward = answer else { return answer }
        let order = open.values.first {
            amend.orderId.rawValue != 0
                ? $0.submit.orderId == amend.orderId
                : $0.submit.account == amend.account && $0.submit.instrument == amend.instrument
                    && $0.clientID == amend.origClientOrderId
        }
        guard let order, !amend.clientOrderId.isEmpty, amend.clientOrderId != order.clientID else { return answer }
        let name = Name(account: amend.account, instrument: amend.instrument, id: amend.clientOrderId)
        if let first = holder(name) {
            return first == order.submit.orderId ? answer : .refused(.duplicateOrder, first)
        }
        taken[name, default: []].append(Taken(order: order.submit.orderId, until: clock + 600_000))
        return answer
    }

    private mutating func mark(
        _ account: AccountID, _ instrument: InstrumentID, _ orderID: OrderID, _ clientID: ASCIIText,
        _ timestamp: Timestamp
    ) {
        let name = Name(account: account, instrument: instrument, id: clientID)
        marks.append((name, orderID, timestamp.rawValue, clock + 61_000))
    }

    private func cancelAll(_ cancel: CancelAll) -> Answer {
        if isLate(cancel.deadline) { return .refused(.deadlinePassed, OrderID(0)) }
        var groups: [(UInt32, UInt32)] = []
        for order in open.values.map(\.submit) {
            guard cancel.account.rawValue == 0 || order.account == cancel.account,
                cancel.instrument.rawValue == 0 || order.instrument == cancel.instrument
            else { continue }
            let group = (order.account.rawValue, order.instrument.rawValue)
            if !groups.contains(where: { $0 == group }) { groups.append(group) }
        }
        if groups.isEmpty {
            let isClients = cancel.account.rawValue != 0 && cancel.instrument.rawValue != 0
            return isClients && cancel.reason == .canceled ? .refused(.unknownOrder, OrderID(0)) : .nothing
        }
        return .forward(groups.sorted(by: <))
    }

    private mutating func answer(_ marker: Marker) -> Answer {
        let name = Name(account: marker.account, instrument: marker.instrument, id: marker.clientOrderId)
        let found: OrderID?
        if marker.orderId.rawValue != 0 {
            found =
                taken.contains {
                    $0.key.account == marker.account && $0.key.instrument == marker.instrument
                        && $0.value.contains { $0.order == marker.orderId }
                } ? marker.orderId : nil
        } else {
            found = holder(name)
        }
        if let found { return .found(found) }
        mark(marker.account, marker.instrument, marker.orderId, marker.clientOrderId, marker.timestamp)
        return .nothing
    }

    // MARK: Settlement

    private mutating func close(_ id: OrderID, isRefused: Bool) {
        guard let order = open.removeValue(forKey: id) else { return }
        if isRefused {
            for name in taken.keys { taken[name]?.removeAll { $0.order == id } }
            return
        }
        let name = Name(account: order.submit.account, instrument: order.submit.instrument, id: order.clientID)
        free(name, of: id, until: clock + 600_000)
    }

    private mutating func free(_ name: Name, of id: OrderID, until: Int64) {
        guard let index = taken[name]?.firstIndex(where: { $0.order == id && $0.until == nil }) else { return }
        taken[name]?[index].until = until
    }

    private mutating func settle(_ settlement: Settlement) -> Answer {
        for reduction in settlement.reductions {
            guard var order = open[reduction.orderId] else { continue }
            if !order.isByQuote { order.lots -= reduction.quantity.rawValue }
            if !reduction.clientOrderId.isEmpty, reduction.clientOrderId != order.clientID {
                let account = order.submit.account
                let instrument = order.submit.instrument
                free(
                    Name(account: account, instrument: instrument, id: order.clientID), of: order.submit.orderId,
                    until: clock + 600_000)
                order.clientID = reduction.clientOrderId
                taken[Name(account: account, instrument: instrument, id: order.clientID), default: []].append(
                    Taken(order: order.submit.orderId, until: nil))
            }
            open[reduction.orderId] = order
        }
        for fill in settlement.fills {
            guard var order = open[fill.orderId] else { continue }
            let base = Key(account: fill.account, asset: order.submit.baseAsset)
            let quote = Key(account: fill.account, asset: order.submit.quoteAsset)
            let isBuy = fill.side == .buy
            totals[base, default: 0] += isBuy ? fill.baseAmount.rawValue - fill.fee.rawValue : -fill.baseAmount.rawValue
            totals[quote, default: 0] +=
                isBuy ? -fill.quoteAmount.rawValue : fill.quoteAmount.rawValue - fill.fee.rawValue
            fees[isBuy ? base.asset : quote.asset, default: 0] += fill.fee.rawValue
            order.lots -= fill.quantity.rawValue
            order.quote -= fill.quoteAmount.rawValue
            open[fill.orderId] = order
            if fill.done { close(fill.orderId, isRefused: false) }
        }
        for end in settlement.ends { close(end.orderId, isRefused: end.refused) }
        return .nothing
    }

    // MARK: Transfers

    private mutating func post(_ deposit: Deposit) -> Answer {
        let name = Name(account: deposit.account, instrument: InstrumentID(0), id: deposit.reference)
        if references[name] != nil { return .nothing }
        if deposit.amount.rawValue <= 0 { return .refused(.amountOutOfRange, OrderID(0)) }
        references[name] = deposit
        totals[Key(account: deposit.account, asset: deposit.asset), default: 0] += deposit.amount.rawValue
        custody[deposit.asset, default: 0] -= deposit.amount.rawValue
        return .nothing
    }

    private mutating func hold(_ request: RequestWithdrawal) -> Answer {
        if isLate(request.deadline) { return .refused(.deadlinePassed, OrderID(0)) }
        let isKnown = withdrawals.contains {
            $0.request.account == request.account && $0.request.withdrawOrderId == request.withdrawOrderId
        }
        if isKnown { return .nothing }
        if request.amount.rawValue <= 0 || request.fee.rawValue < 0 || request.fee >= request.amount {
            return .refused(.amountOutOfRange, OrderID(0))
        }
        if free(Key(account: request.account, asset: request.asset)) < request.amount.rawValue {
            return .refused(.insufficientBalance, OrderID(0))
        }
        let id = WithdrawalID(Int64(withdrawals.count + 1) << 10)
        withdrawals.append(Pending(request: request, id: id, status: .held))
        return .nothing
    }

    private mutating func resolve(_ resolution: ResolveWithdrawal) -> Answer {
        let index = withdrawals.firstIndex {
            $0.id == resolution.withdrawalId && $0.request.account == resolution.account
        }
        guard let index else { return .refused(.unknownWithdrawal, OrderID(0)) }
        let pending = withdrawals[index]
        if pending.status != .held {
            return pending.status == resolution.status ? .nothing : .refused(.withdrawalNotOpen, OrderID(0))
        }
        withdrawals[index].status = resolution.status
        guard resolution.status == .settled else { return .nothing }
        let request = pending.request
        totals[Key(account: request.account, asset: request.asset), default: 0] -= request.amount.rawValue
        custody[request.asset, default: 0] += request.amount.rawValue - request.fee.rawValue
        fees[request.asset, default: 0] += request.fee.rawValue
        return .nothing
    }
}
