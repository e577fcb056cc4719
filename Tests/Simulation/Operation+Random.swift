import Records
import TradingCore

extension Operation {
    /// An order that was sent before.
    struct Placed {
        var key: ASCIIText
        var terms: OrderTerms
    }

    /// - Parameters:
    ///   - number: makes the key.
    ///   - placed: orders of the account, to be cancelled, amended or asked for.
    ///   - held: withdrawals that clients were told of, to be settled or released.
    static func random(
        _ number: Int, account: Int, placed: [Placed], held: [(account: Int, id: WithdrawalID)],
        _ random: inout Randomness
    ) -> Operation {
        let key = ASCIIText("o\(number)") ?? ASCIIText()
        let window: Int64 = [5_000, 5_000, 1_000, 200][random.below(4)]
        if random.happens(80), !held.isEmpty {
            let withdrawal = held[random.below(held.count)]
            let status: WithdrawalStatus = random.happens(600) ? .settled : .released
            return Operation(
                kind: .resolve(withdrawal: withdrawal.id, status: status), account: withdrawal.account, key: key)
        }
        let target = placed.isEmpty ? nil : placed[random.below(placed.count)]
        let kind = target.flatMap { change($0, &random) } ?? begin(&random)
        return Operation(kind: kind, account: account, key: key, window: window)
    }

    /// Something about an earlier order; nil when a new order, or money, is to come instead.
    private static func change(_ target: Placed, _ random: inout Randomness) -> Kind? {
        let instrument = target.terms.instrument
        switch random.below(100) {
        case 0..<10: return .cancel(target: target.key, instrument: instrument)
        case 10..<14: return .cancelAll(instrument: instrument)
        case 14..<26:
            let lots = max(1, target.terms.quantity / VenueShape.step - 1)
            let quantity = Int64(1 + random.below(Int(lots))) * VenueShape.step
            return .amend(
                target: target.key, instrument: instrument, quantity: quantity, renames: random.happens(500))
        case 26..<29: return .query(target: target.key, instrument: instrument)
        default: return nil
        }
    }

    private static func begin(_ random: inout Randomness) -> Kind {
        switch random.below(100) {
        case 0..<6: return .deposit(asset: UInt32(1 + random.below(2)), amount: Int64(1 + random.below(1_000)))
        case 6..<18:
            let amount = Int64(2 + random.below(1_000))
            return .withdraw(asset: UInt32(1 + random.below(2)), amount: amount, fee: Int64(random.below(Int(amount))))
        case 18..<20: return .garbage
        default: return .place(OrderTerms.random(&random))
        }
    }
}

extension OrderTerms {
    static func random(_ random: inout Randomness) -> OrderTerms {
        var terms = OrderTerms(instrument: 1 + random.below(2), side: random.happens(500) ? .buy : .sell)
        let modes: [SelfTradePrevention] = [.none, .none, .expireTaker, .expireMaker, .expireBoth, .decrement]
        terms.selfTradePrevention = modes[random.below(modes.count)]
        terms.price = VenueShape.middlePrice + (Int64(random.below(7)) - 3) * VenueShape.tick
        terms.quantity = Int64(1 + random.below(6)) * VenueShape.step
        switch random.below(100) {
        case 0..<50: break
        case 50..<60: terms.timeInForce = .immediateOrCancel
        case 60..<72: terms.timeInForce = .fillOrKill
        case 72..<84: terms.type = .limitMaker
        case 84..<92:
            terms.type = .market
            terms.price = 0
        default:
            terms.type = .market
            terms.price = 0
            terms.quantity = 0
            terms.quoteQuantity = Int64(5_000_000_000 + random.below(20_000_000_000))
        }
        return terms
    }
}
