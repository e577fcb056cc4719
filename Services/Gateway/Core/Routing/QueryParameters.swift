import TradingCore

/// The parameters of queries (sections 6 and 7.9 to 7.14 of the client API's contract).
enum QueryParameters {
    static let longestWindow: Int64 = 24 * 3_600_000

    static func history(
        _ parameters: ParameterList, account: AccountID, reference: ReferenceSnapshot
    ) throws(ApiError) -> HistoryQuery {
        let market = try parameters.market(reference)
        let query = HistoryQuery(
            account: account, market: market, orderID: try parameters.identifier(.orderId),
            fromID: try parameters.fromID(), start: try parameters.time(.startTime),
            end: try parameters.time(.endTime), limit: try parameters.limit(default: 500, maximum: 1_000))
        if let start = query.start, let end = query.end, end.rawValue - start.rawValue > longestWindow {
            throw ApiError(.moreThan24Hours)
        }
        return query
    }

    static func range(
        _ parameters: ParameterList, reference: ReferenceSnapshot
    ) throws(ApiError) -> RangeQuery {
        let market = try parameters.market(reference)
        return RangeQuery(
            market: market, fromID: try parameters.fromID(), start: try parameters.time(.startTime),
            end: try parameters.time(.endTime), limit: try parameters.limit(default: 500, maximum: 1_000))
    }

    static func interval(_ parameters: ParameterList) throws(ApiError) -> CandleInterval {
        let interval = try parameters.word(.interval, else: ApiError(.badInterval)) {
            CandleInterval(text: String(decoding: $0, as: UTF8.self))
        }
        guard let interval else { throw .mandatory(.interval) }
        return interval
    }

    /// `symbol`, `symbols`, or all.
    static func selection(
        _ parameters: ParameterList, reference: ReferenceSnapshot
    ) throws(ApiError) -> Operation.Selection {
        if parameters.has(.symbol), parameters.has(.symbols) {
            throw ApiError(.optionalParametersBadCombination)
        }
        if let market = try parameters.optionalMarket(reference) { return .one(market) }
        return .several(try parameters.markets(reference) ?? reference.markets)
    }

    static func isShort(_ parameters: ParameterList) throws(ApiError) -> Bool {
        let form = try parameters.word(.type, else: .invalid(.type)) { text -> Bool? in
            if text.elementsEqual("MINI".utf8) { return true }
            return text.elementsEqual("FULL".utf8) ? false : nil
        }
        return form ?? false
    }
}
