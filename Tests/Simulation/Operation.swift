import Messaging
import Records
import TradingCore

/// Something that a client or an operator wants done once, however often it must be sent.
struct Operation {
    enum Kind {
        case place(OrderTerms)
        /// By the client id of another operation.
        case cancel(target: ASCIIText, instrument: Int)
        case cancelAll(instrument: Int)
        /// A smaller quantity; the order gets this operation's key for its id when `renames`.
        case amend(target: ASCIIText, instrument: Int, quantity: Int64, renames: Bool)
        case deposit(asset: UInt32, amount: Int64)
        case withdraw(asset: UInt32, amount: Int64, fee: Int64)
        /// An operator's word on a held withdrawal.
        case resolve(withdrawal: WithdrawalID, status: WithdrawalStatus)
        /// Whether an order is known.
        case query(target: ASCIIText, instrument: Int)
        /// A record whose payload nobody can read.
        case garbage
    }

    /// One sending of it.
    struct Attempt {
        var token: UInt64
        /// What the client puts into the request, milliseconds.
        var timestamp: Int64
        /// nil when it was not taken.
        var origin: Origin?
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

    var kind: Kind
    var account: Int
    /// The business key: a repetition of it never does the work twice.
    var key: ASCIIText
    /// How long a sending may take, milliseconds.
    var window: Int64 = 5_000
    var attempts: [Attempt] = []
    var state = State.waiting

    /// The record of an attempt at `timestamp`.
    func record(at timestamp: Int64) -> SentRecord {
        let account = AccountID(UInt32(self.account))
        let time = Timestamp(timestamp)
        let deadline = Timestamp(timestamp + window)
        switch kind {
        case .place(let terms): return .orders(.placeOrder(terms.order(account, key, time, deadline)))
        case .cancel(let target, let instrument):
            return .orders(
                .cancelOrder(
                    CancelOrder(
                        account: account, instrument: InstrumentID(UInt32(instrument)), origClientOrderId: target,
                        clientOrderId: key, restriction: .none, timestamp: time, deadline: deadline)))
        case .cancelAll(let instrument):
            return .orders(
                .cancelAll(
                    CancelAll(
                        account: account, instrument: InstrumentID(UInt32(instrument)), reason: .canceled,
                        timestamp: time, deadline: deadline)))
        case .amend(let target, let instrument, let quantity, let renames):
            return .orders(
                .amendOrder(
                    AmendOrder(
                        account: account, instrument: InstrumentID(UInt32(instrument)), origClientOrderId: target,
                        clientOrderId: renames ? key : ASCIIText(), newQuantity: quantity, timestamp: time,
                        deadline: deadline)))
        case .deposit(let asset, let amount):
            return .orders(
                .deposit(
                    Deposit(account: account, asset: AssetID(asset), amount: Amount(amount), reference: key)))
        case .withdraw(let asset, let amount, let fee):
            return .orders(
                .requestWithdrawal(
                    RequestWithdrawal(
                        account: account, asset: AssetID(asset), amount: Amount(amount), fee: Amount(fee),
                        withdrawOrderId: key, timestamp: time, deadline: deadline)))
        case .resolve(let withdrawal, let status):
            return .orders(
                .resolveWithdrawal(
                    ResolveWithdrawal(account: account, withdrawalId: withdrawal, status: status)))
        case .query(let target, let instrument):
            return .orders(
                .marker(
                    Marker(
                        account: account, instrument: InstrumentID(UInt32(instrument)), clientOrderId: target,
                        timestamp: time)))
        case .garbage: return .unreadable
        }
    }
}

/// What an order asks for, in the client's units.
struct OrderTerms {
    var instrument: Int
    var side: Side
    var type = OrderType.limit
    var timeInForce = TimeInForce.goodTillCanceled
    var price: Int64 = 0
    var quantity: Int64 = 0
    var quoteQuantity: Int64 = 0
    var selfTradePrevention = SelfTradePrevention.none

    func order(_ account: AccountID, _ key: ASCIIText, _ time: Timestamp, _ deadline: Timestamp) -> PlaceOrder {
        PlaceOrder(
            account: account, instrument: InstrumentID(UInt32(instrument)), clientOrderId: key, side: side, type: type,
            timeInForce: timeInForce, quantity: quantity, price: price, quoteQuantity: Amount(quoteQuantity),
            selfTradePrevention: selfTradePrevention, timestamp: time, deadline: deadline)
    }
}

/// A record that a gateway writes, to `orders` or, an operator's, to `matching`.
enum SentRecord {
    case orders(OrdersRecord)
    case matching(MatchingRecord)
    case unreadable
}

/// A record of a type that no release knows.
struct UnreadableRecord: RecordUnion {
    static let typeNames: [UInt32: String] = [:]

    init() {}

    init(type: UInt32, payload: RawSpan) throws(RecordError) { throw .unknownType(type) }

    var type: UInt32 { 99 }
    var payloadSizeBound: Int { 1 }
    func encodePayload(into writer: inout RecordWriter) {}
}
