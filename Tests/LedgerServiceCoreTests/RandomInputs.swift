import Records
import TestBasics
import TradingCore

/// Random records for the ledger, the engine's among them: what it settles follows from the orders that are open.
struct RandomInputs {
    private var random: SplitMix64
    private var nextOrder: Int64 = 0
    private var nextTrade: Int64 = 0
    var clock: Int64 = 1_700_000_000_000

    static let accounts: UInt32 = 5
    /// Base and quote of each market; partition = market mod 2.
    static let markets: [(base: UInt32, quote: UInt32)] = [(1, 2), (3, 2), (3, 1)]

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    mutating func next() -> UInt64 { random.next() }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
    private mutating func account() -> AccountID { AccountID(UInt32(below(Int(RandomInputs.accounts))) + 1) }
    private mutating func clientID() -> ASCIIText { ASCIIText("c\(below(40))") ?? "c" }
    private mutating func market() -> InstrumentID { InstrumentID(UInt32(below(3)) + 1) }

    private mutating func timestamp() -> Timestamp { Timestamp(clock - Int64(below(3_000))) }
    private mutating func deadline() -> Timestamp { Timestamp(clock + (chance(4) ? -1 : 5_000)) }

    mutating func record(for ledger: NaiveLedger) -> LedgerRecord {
        advance()
        switch below(100) {
        case 0..<40: return .submitOrder(order())
        case 40..<65: return settlement(ledger) ?? .submitOrder(order())
        case 65..<75: return .cancelOrder(cancel(ledger))
        case 75..<80: return .amendOrder(amend(ledger))
        case 80..<82: return .cancelAll(cancelAll())
        case 82..<86: return .marker(marker(ledger))
        case 86..<92: return .deposit(deposit())
        case 92..<96: return .requestWithdrawal(withdrawal())
        case 96..<99: return .resolveWithdrawal(resolution(ledger))
        default: return .tick(Tick())
        }
    }

    private mutating func advance() {
        switch below(1_000) {
        case 0: clock += 700_000
        case 1..<4: clock += 61_000
        default: clock += Int64(below(200))
        }
    }

    private mutating func order() -> SubmitOrder {
        nextOrder += 1
        let instrument = market()
        let market = RandomInputs.markets[Int(instrument.rawValue) - 1]
        var order = SubmitOrder()
        order.orderId = OrderID(nextOrder << 10)
        order.account = account()
        order.instrument = instrument
        order.clientOrderId = chance(80) ? clientID() : ASCIIText()
        order.side = chance(50) ? .buy : .sell
        order.price = Price(Int64(below(50)))
        order.quantity = Quantity(Int64(below(60)))
        if chance(15) {
            order.quoteQuantity = Amount(Int64(below(5_000)))
            if order.side == .buy { order.quantity = .zero }
        }
        order.quotePerTickLot = 3
        order.basePerLot = 7
        order.baseAsset = AssetID(market.base)
        order.quoteAsset = AssetID(market.quote)
        order.matchingPartition = instrument.rawValue % 2
        order.maximumOrders = 12
        order.maximumOpenNotional = chance(30) ? Amount(12_000) : .zero
        order.timestamp = timestamp()
        order.deadline = deadline()
        return order
    }

    // MARK: What names an order

    private mutating func someOpen(_ ledger: NaiveLedger) -> NaiveLedger.Open? {
        let ids = ledger.open.keys.sorted()
        return ids.isEmpty ? nil : ledger.open[ids[below(ids.count)]]
    }

    private mutating func cancel(_ ledger: NaiveLedger) -> CancelOrder {
        var cancel = CancelOrder(timestamp: timestamp(), deadline: deadline())
        (cancel.account, cancel.instrument, cancel.orderId, cancel.origClientOrderId) = name(ledger)
        return cancel
    }

    private mutating func amend(_ ledger: NaiveLedger) -> AmendOrder {
        var amend = AmendOrder(newLots: Quantity(1), timestamp: timestamp(), deadline: deadline())
        (amend.account, amend.instrument, amend.orderId, amend.origClientOrderId) = name(ledger)
        if chance(70) { amend.clientOrderId = clientID() }
        return amend
    }

    private mutating func marker(_ ledger: NaiveLedger) -> Marker {
        let (account, instrument, orderID, clientID) = name(ledger)
        return Marker(
            account: account, instrument: instrument, orderId: orderID, clientOrderId: clientID, timestamp: timestamp())
    }

    private mutating func name(_ ledger: NaiveLedger) -> (AccountID, InstrumentID, OrderID, ASCIIText) {
        guard chance(70), let order = someOpen(ledger) else {
            let future = OrderID((nextOrder + Int64(below(3))) << 10)
            return (account(), market(), chance(50) ? future : OrderID(0), clientID())
        }
        let owner = chance(90) ? order.submit.account : account()
        switch below(3) {
        case 0: return (owner, order.submit.instrument, order.submit.orderId, ASCIIText())
        case 1: return (owner, order.submit.instrument, OrderID(0), order.clientID)
        default:
            let clientID = chance(70) ? order.clientID : clientID()
            return (owner, order.submit.instrument, order.submit.orderId, clientID)
        }
    }

    private mutating func cancelAll() -> CancelAll {
        if chance(40) {
            return CancelAll(account: chance(50) ? account() : AccountID(0), reason: .exchangeCanceled)
        }
        return CancelAll(
            account: account(), instrument: market(), reason: .canceled, timestamp: timestamp(), deadline: deadline())
    }

    // MARK: The engine

    private mutating func settlement(_ ledger: NaiveLedger) -> LedgerRecord? {
        guard let order = someOpen(ledger) else { return nil }
        var settlement = Settlement(instrument: order.submit.instrument)
        let id = order.submit.orderId
        let account = order.submit.account
        switch below(10) {
        case 0: settlement.ends = [OrderEnd(orderId: id, account: account, refused: chance(40))]
        case 1..<3:
            // The engine was asked for an id that is reserved for the order, or for none.
            let name = chance(60) ? reservation(ledger, order) : ASCIIText()
            let lots = order.isByQuote ? 0 : Int64(below(Int(order.lots) + 1))
            settlement.reductions = [
                OrderReduced(orderId: id, account: account, quantity: Quantity(lots), clientOrderId: name)
            ]
            if chance(20) { settlement.ends = [OrderEnd(orderId: id, account: account)] }
        default:
            if let fill = fill(order) { settlement.fills = [fill] }
            if let other = someOpen(ledger), other.submit.orderId != id,
                other.submit.instrument == order.submit.instrument, let fill = fill(other)
            {
                settlement.fills.append(fill)
            }
            if settlement.fills.isEmpty { settlement.ends = [OrderEnd(orderId: id, account: account)] }
        }
        return .settlement(settlement)
    }

    private func reservation(_ ledger: NaiveLedger, _ order: NaiveLedger.Open) -> ASCIIText {
        let mine = ledger.taken.filter { name, taken in
            name.account == order.submit.account && name.instrument == order.submit.instrument
                && taken.allSatisfy { $0.order == order.submit.orderId } && !taken.isEmpty
        }
        return mine.keys.map(\.id).sorted { $0.description < $1.description }.first ?? ASCIIText()
    }

    private mutating func fill(_ order: NaiveLedger.Open) -> SettleFill? {
        let submit = order.submit
        var price = submit.price.rawValue
        price += submit.side == .buy ? -Int64(below(Int(min(price, 5)) + 1)) : Int64(below(5))
        let perLot = price * submit.quotePerTickLot
        let most = order.isByQuote ? (perLot > 0 ? order.quote / perLot : 100) : order.lots
        guard most > 0 else { return nil }
        let lots = Int64(below(Int(most))) + 1
        nextTrade += 1
        let base = lots * submit.basePerLot
        let quote = perLot * lots
        let received = submit.side == .buy ? base : quote
        let isFilled = !order.isByQuote && lots == order.lots
        return SettleFill(
            orderId: submit.orderId, account: submit.account, side: submit.side, price: Price(price),
            quantity: Quantity(lots), baseAmount: Amount(base), quoteAmount: Amount(quote),
            fee: Fees.fee(on: Amount(received), basisPoints: UInt32(below(1_000))), tradeId: TradeID(nextTrade),
            maker: chance(50), done: isFilled || chance(10))
    }

    // MARK: Transfers

    private mutating func deposit() -> Deposit {
        Deposit(
            account: account(), asset: AssetID(UInt32(below(3)) + 1), amount: Amount(Int64(below(20_000)) - 500),
            reference: ASCIIText("r\(below(2_000))") ?? "r", transactionId: "tx")
    }

    private mutating func withdrawal() -> RequestWithdrawal {
        RequestWithdrawal(
            account: account(), asset: AssetID(UInt32(below(3)) + 1), amount: Amount(Int64(below(3_000)) - 100),
            fee: Amount(Int64(below(50))), withdrawOrderId: ASCIIText("w\(below(3_000))") ?? "w", address: "a",
            timestamp: timestamp(), deadline: deadline())
    }

    private mutating func resolution(_ ledger: NaiveLedger) -> ResolveWithdrawal {
        let status: WithdrawalStatus = chance(50) ? .settled : .released
        guard !ledger.withdrawals.isEmpty, chance(90) else {
            return ResolveWithdrawal(account: account(), withdrawalId: WithdrawalID(5), status: status)
        }
        let pending = ledger.withdrawals[below(ledger.withdrawals.count)]
        return ResolveWithdrawal(
            account: chance(95) ? pending.request.account : account(), withdrawalId: pending.id, status: status)
    }
}
