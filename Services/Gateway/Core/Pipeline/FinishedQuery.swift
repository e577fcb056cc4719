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
