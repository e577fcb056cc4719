import Messaging
import Records
import TradingCore

/// Something that a client or an operator wants done once, however often it must be sent.
struct Operation {
    enum Kind {
        case place(instrument: Int, side: Side, price: Int64, quantity: Int64, timeInForce: TimeInForce)
        /// By the client id of another operation.
        case cancel(target: ASCIIText, instrument: Int)
        case deposit(asset: UInt32, amount: Int64)
        case withdraw(asset: UInt32, amount: Int64)
        /// Whether an order is known.
        case query(target: ASCIIText, instrument: Int)
    }

    /// One sending of it.
    struct Attempt {
        var token: UInt64
        /// What the client puts into the request, milliseconds.
        var timestamp: Int64
        var answer: Answer?
    }

    enum State: Equatable {
        case waiting
        /// To be sent again at this time.
        case again(at: Int64)
        case resolved
        /// The client has stopped asking; it may have been done or not.
        case abandoned
    }

    static let maximumAttempts = 8
    static let windowMilliseconds: Int64 = 5_000

    var kind: Kind
    var account: Int
    /// The business key: a repetition of it never does the work twice.
    var key: ASCIIText
    var attempts: [Attempt] = []
    var state = State.waiting

    /// The record of an attempt at `timestamp`.
    func record(at timestamp: Int64) -> OrdersRecord {
        let account = AccountID(UInt32(self.account))
        let time = Timestamp(timestamp)
        let deadline = Timestamp(timestamp + Operation.windowMilliseconds)
        switch kind {
        case .place(let instrument, let side, let price, let quantity, let timeInForce):
            var order = PlaceOrder()
            order.account = account
            order.instrument = InstrumentID(UInt32(instrument))
            order.clientOrderId = key
            order.side = side
            order.type = .limit
            order.timeInForce = timeInForce
            order.price = price
            order.quantity = quantity
            order.timestamp = time
            order.deadline = deadline
            return .placeOrder(order)
        case .cancel(let target, let instrument):
            var cancel = CancelOrder()
            cancel.account = account
            cancel.instrument = InstrumentID(UInt32(instrument))
            cancel.origClientOrderId = target
            cancel.clientOrderId = key
            cancel.timestamp = time
            cancel.deadline = deadline
            return .cancelOrder(cancel)
        case .deposit(let asset, let amount):
            var deposit = Deposit()
            deposit.account = account
            deposit.asset = AssetID(asset)
            deposit.amount = Amount(amount)
            deposit.reference = key
            return .deposit(deposit)
        case .withdraw(let asset, let amount):
            var withdrawal = RequestWithdrawal()
            withdrawal.account = account
            withdrawal.asset = AssetID(asset)
            withdrawal.amount = Amount(amount)
            withdrawal.withdrawOrderId = key
            withdrawal.timestamp = time
            withdrawal.deadline = deadline
            return .requestWithdrawal(withdrawal)
        case .query(let target, let instrument):
            var marker = Marker()
            marker.account = account
            marker.instrument = InstrumentID(UInt32(instrument))
            marker.clientOrderId = target
            marker.timestamp = time
            return .marker(marker)
        }
    }

    static func random(_ number: Int, account: Int, placed: [(ASCIIText, Int)], _ random: inout Randomness) -> Operation
    {
        let key = ASCIIText("o\(number)") ?? ASCIIText()
        let target = placed.isEmpty ? nil : placed[random.below(placed.count)]
        switch random.below(100) {
        case 0..<20:
            if let (target, instrument) = target {
                return Operation(kind: .cancel(target: target, instrument: instrument), account: account, key: key)
            }
        case 20..<28:
            let kind = Kind.deposit(asset: UInt32(1 + random.below(2)), amount: Int64(1 + random.below(1_000)))
            return Operation(kind: kind, account: account, key: key)
        case 28..<36:
            let kind = Kind.withdraw(asset: UInt32(1 + random.below(2)), amount: Int64(1 + random.below(1_000)))
            return Operation(kind: kind, account: account, key: key)
        default: break
        }
        let offset = Int64(random.below(7)) - 3
        let kind = Kind.place(
            instrument: 1 + random.below(2), side: random.happens(500) ? .buy : .sell,
            price: VenueShape.middlePrice + offset * VenueShape.tick,
            quantity: Int64(1 + random.below(5)) * VenueShape.step,
            timeInForce: random.happens(150) ? .immediateOrCancel : .goodTillCanceled)
        return Operation(kind: kind, account: account, key: key)
    }
}
