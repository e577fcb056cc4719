import TradingCore

/// The time window of a signed request (section 1.6 of the client API's contract).
public struct TimeWindow: Equatable, Sendable {
    public static let defaultMilliseconds: Int64 = 5_000
    public static let maximumMilliseconds: Int64 = 60_000
    /// How far ahead of the venue's clock a client's may be.
    public static let maximumAhead: Int64 = 1_000
    /// Input times above are microseconds.
    static let microsecondThreshold: Int64 = 100_000_000_000_000

    /// Milliseconds.
    public var timestamp: TradingCore.Timestamp
    /// In thousandths of a millisecond, since three decimals may be sent.
    public var microseconds: Int64

    public init(timestamp: TradingCore.Timestamp, microseconds: Int64 = defaultMilliseconds * 1_000) {
        self.timestamp = timestamp
        self.microseconds = microseconds
    }

    /// The last millisecond at which the request may be carried out.
    public var deadline: TradingCore.Timestamp {
        TradingCore.Timestamp(timestamp.rawValue + (microseconds + 999) / 1_000)
    }

    /// Reads `timestamp` and `recvWindow`.
    ///
    /// What it lets through is not negative and at most 2^63 / 1000 ms, so sums and differences with a clock fit.
    ///
    /// - Throws: -1102 without a timestamp, -1100 for a negative one, -1131 when the window is longer than allowed.
    public init(_ parameters: ParameterList) throws(ApiError) {
        guard let stamp = try parameters.integer(.timestamp) else { throw .mandatory(.timestamp) }
        guard stamp >= 0 else {
            throw .illegalCharacters(in: ParameterName.timestamp.text, range: ApiError.integerRange)
        }
        let isMicroseconds = stamp > TimeWindow.microsecondThreshold
        timestamp = TradingCore.Timestamp(isMicroseconds ? stamp / 1_000 : stamp)
        microseconds = TimeWindow.defaultMilliseconds * 1_000
        if let window = try parameters.decimal(.recvWindow, decimals: 3) {
            guard window <= TimeWindow.maximumMilliseconds * 1_000 else { throw ApiError(.badReceiveWindow) }
            microseconds = window
        }
    }

    /// - Parameter now: the venue's clock in milliseconds.
    /// - Throws: -1021.
    public func check(now: Int64) throws(ApiError) {
        let detail = ErrorDetail.time(server: now, timestamp: timestamp.rawValue, window: microseconds / 1_000)
        guard timestamp.rawValue < now + TimeWindow.maximumAhead else {
            throw ApiError(
                .invalidTimestamp, "Timestamp for this request was 1000ms ahead of the server's time.", detail: detail)
        }
        guard now - timestamp.rawValue <= microseconds / 1_000 else {
            throw ApiError(.invalidTimestamp, detail: detail)
        }
    }
}
