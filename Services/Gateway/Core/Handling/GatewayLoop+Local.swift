import TradingCore

extension GatewayLoop {
    /// Answers, into `writer`, what needs no view: the time, definitions, the key itself.
    func answerLocally(_ endpoint: Endpoint, _ entry: KeyEntry?, unit: TimeUnit, now: Int64) throws(ApiError) {
        let renderer = ReferenceRenderer(reference, limits: shared.limiter.limits, unit: unit)
        let account = entry?.key.account ?? AccountID(0)
        switch endpoint {
        case .ping:
            writer.beginObject()
            writer.endObject()
        case .time:
            writer.beginObject()
            writer.key("serverTime")
            writer.time(Timestamp(now), unit)
            writer.endObject()
        case .exchangeInfo:
            renderer.exchangeInfo(try exchangeInfoMarkets(), now: Timestamp(now), to: &writer)
        case .emptyExchangeInfo: renderer.emptyExchangeInfo(now: Timestamp(now), to: &writer)
        case .systemStatus:
            writer.beginObject()
            writer.key("status")
            writer.integer(0)
            writer.key("msg")
            writer.string("normal")
            writer.endObject()
        case .emptyList:
            writer.beginArray()
            writer.endArray()
        case .tradeFees:
            let market = try parameters.optionalMarket(reference)
            renderer.tradeFees(account, market.map { [$0] } ?? reference.markets, to: &writer)
        case .commission: renderer.commission(account, try parameters.market(reference), to: &writer)
        case .assetDetail: renderer.assetDetail(to: &writer)
        case .keyRestrictions:
            guard let entry else { throw ApiError(.badKeyFormat) }
            renderer.keyRestrictions(entry.key, to: &writer)
        default: throw ApiError(.unsupportedOperation)
        }
    }

    private func exchangeInfoMarkets() throws(ApiError) -> [Market] {
        if parameters.has(.symbol), parameters.has(.symbols) { throw ApiError(.optionalParametersBadCombination) }
        if let market = try parameters.optionalMarket(reference) { return [market] }
        return try parameters.markets(reference) ?? reference.markets
    }
}
