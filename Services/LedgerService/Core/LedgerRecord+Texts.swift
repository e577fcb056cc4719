import Records
import TradingCore

// The books keep texts of commands in PostgreSQL, whose text has no zero byte. order-service refuses such a command; a record
// that has one all the same would be applied and then stop every replica at its next checkpoint. So it is poison, for every
// replica alike.
extension LedgerRecord {
    /// Whether a text of it cannot be kept: a business key that is not printable ASCII, a free text with a zero byte.
    @usableFromInline var hasUnstorableText: Bool {
        switch self {
        case .submitOrder(let order): order.hasUnstorableText
        case .cancelOrder(let cancel): cancel.hasUnstorableText
        case .amendOrder(let amend): !amend.origClientOrderId.isPrintable || !amend.clientOrderId.isPrintable
        case .marker(let marker): !marker.clientOrderId.isPrintable
        case .settlement(let settlement): settlement.hasUnstorableText
        case .deposit(let deposit):
            !deposit.reference.isPrintable || !deposit.network.isPrintable || !deposit.transactionId.isStorable
        case .requestWithdrawal(let request):
            !request.withdrawOrderId.isPrintable || !request.network.isPrintable || !request.address.isStorable
                || !request.addressTag.isStorable
        case .resolveWithdrawal(let resolution): !resolution.transactionId.isStorable
        case .cancelAll, .refusal, .testPassed, .revisionReport, .raiseLogicVersion, .tick: false
        }
    }
}

extension SubmitOrder {
    @inlinable var hasUnstorableText: Bool { !clientOrderId.isPrintable }
}

extension CancelOrder {
    @inlinable var hasUnstorableText: Bool { !origClientOrderId.isPrintable || !clientOrderId.isPrintable }
}

extension Settlement {
    @inlinable var hasUnstorableText: Bool { reductions.contains { !$0.clientOrderId.isPrintable } }
}

extension InboxError {
    /// A command with such a text is poison.
    @usableFromInline static let unstorable = InboxError.poison("a text of it cannot be stored")

    /// A settlement tells of what has happened and cannot be refused; no amendment with such an id has gone to the engine.
    @usableFromInline static let unstorableSettlement = InboxError.broken(
        InvariantViolation("an order was given a client id that cannot be stored"))
}
