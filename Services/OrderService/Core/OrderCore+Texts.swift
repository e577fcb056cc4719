import Records
import TradingCore

// Texts of commands are kept in the databases of this service and of ledger-service, which take no zero byte; a business key is printable
// ASCII, as the client API says. The gateway lets nothing else in; whatever has another way to the inbox is refused here.
extension OrderCore {
    /// The account and the market of a command that has a text nobody can keep; nil when all can be kept. Orders and cancels are looked at
    /// where they are applied.
    static func unstorable(_ record: OrdersRecord) -> (account: AccountID, instrument: InstrumentID)? {
        switch record {
        case .amendOrder(let amend):
            amend.origClientOrderId.isPrintable && amend.clientOrderId.isPrintable
                ? nil : (amend.account, amend.instrument)
        case .marker(let marker):
            marker.clientOrderId.isPrintable ? nil : (marker.account, marker.instrument)
        case .deposit(let deposit):
            deposit.reference.isPrintable && deposit.network.isPrintable && deposit.transactionId.isStorable
                ? nil : (deposit.account, InstrumentID(0))
        case .requestWithdrawal(let request):
            request.withdrawOrderId.isPrintable && request.network.isPrintable && request.address.isStorable
                && request.addressTag.isStorable ? nil : (request.account, InstrumentID(0))
        case .resolveWithdrawal(let resolution):
            resolution.transactionId.isStorable ? nil : (resolution.account, InstrumentID(0))
        case .placeOrder, .cancelOrder, .cancelAll, .asset, .instrument, .account, .feeSchedule, .venue,
            .raiseLogicVersion, .referencePrice, .tick:
            nil
        }
    }
}
