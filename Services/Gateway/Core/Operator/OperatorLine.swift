import Records

/// What came back for an operator's record.
public enum OperatorAnswer: Sendable, Equatable {
    case event(AccountEvent)
    case execution(Execution)
    /// Nothing came back in time, or the gateway's epoch ended: it may have happened.
    case outcomeUnknown
    /// Nothing was sent.
    case shed
}

/// The gateway's pipeline as the operator API sees it: records go down the same line as clients' do.
public protocol OperatorLine: Sendable {
    /// Partitions of `orders` (and of `ledger` and `account-events`).
    var accountPartitions: Int { get }
    /// Partitions of `matching` (and of `executions` and `market-data`).
    var marketPartitions: Int { get }

    /// Sends a record into a partition of `orders` and waits for the answer that names it.
    func submit(_ record: OrdersRecord, partition: Int) async -> OperatorAnswer

    /// Sends a record into a partition of `matching` and waits for the answer that names it.
    func submit(_ record: MatchingRecord, partition: Int) async -> OperatorAnswer

    /// Publishes a definition to `reference-data`, under its key; it carries no number.
    ///
    /// - Returns: whether the broker acknowledged it.
    func publish(_ record: ReferenceDataRecord, key: String) async -> Bool
}
