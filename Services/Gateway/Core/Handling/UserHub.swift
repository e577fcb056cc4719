import TradingCore

/// One loop's subscribers of accounts' events.
final class UserHub {
    private struct Key: Hashable {
        var account: AccountID
        var unit: TimeUnit
    }

    struct Subscription {
        let session: RequestSession
        let number: Int
    }

    private let number: UInt16
    private let engine: any EnginePort
    private var subscriptions: [Key: [Subscription]] = [:]

    init(number: UInt16, engine: any EnginePort) {
        self.number = number
        self.engine = engine
    }

    /// - Throws: -1008 when the engine has too much to do to hear of it.
    func subscribe(
        _ session: RequestSession, _ number: Int, to account: AccountID, _ unit: TimeUnit
    ) throws(ApiError) {
        let key = Key(account: account, unit: unit)
        if subscriptions[key] == nil {
            guard engine.post(.user(account, unit, loop: self.number, isWanted: true)) else { throw .overloaded }
        }
        subscriptions[key, default: []].append(Subscription(session: session, number: number))
    }

    func unsubscribe(_ session: RequestSession, from account: AccountID, _ unit: TimeUnit) {
        let key = Key(account: account, unit: unit)
        subscriptions[key]?.removeAll { $0.session === session }
        guard subscriptions[key]?.isEmpty == true else { return }
        subscriptions[key] = nil
        _ = engine.post(.user(account, unit, loop: number, isWanted: false))
    }

    /// Hands an event to every subscriber of the account.
    func deliver(_ account: AccountID, _ unit: TimeUnit, _ event: [UInt8]) {
        guard let receivers = subscriptions[Key(account: account, unit: unit)] else { return }
        for receiver in receivers { receiver.session.deliver(event, subscription: receiver.number) }
    }
}
