/// Where threads of the database leave results for the engine; apart from requests, so that those never crowd one out.
public protocol FinishedPort: Sendable {
    /// - Returns: false when there is no room; the question then expires.
    func post(_ finished: FinishedQuery) -> Bool
}

/// What a query on another thread gave, on its way back to the engine.
public struct FinishedQuery: Sendable {
    /// Names the query.
    public var token: UInt64
    public var result: HistoryResult

    public init(token: UInt64, result: HistoryResult) {
        self.token = token
        self.result = result
    }
}
