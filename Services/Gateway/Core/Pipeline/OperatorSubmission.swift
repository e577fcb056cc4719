import Records

/// An operator's record on its way to the log.
public struct OperatorSubmission: Sendable {
    public enum Content: Sendable {
        case orders(OrdersRecord, partition: Int)
        case matching(MatchingRecord, partition: Int)
        case reference(ReferenceDataRecord, key: String)
    }

    public var content: Content
    public var trace: Records.TraceContext?
    /// Called once, on the engine's thread: with the answer, or with whether the broker has the definition.
    public var completion: @Sendable (OperatorAnswer) -> Void

    public init(
        _ content: Content, trace: Records.TraceContext? = nil, completion: @escaping @Sendable (OperatorAnswer) -> Void
    ) {
        self.content = content
        self.trace = trace
        self.completion = completion
    }
}

/// The operator API's way to the log: through the engine, as clients' requests go.
public struct EngineOperatorLine: OperatorLine {
    public let accountPartitions: Int
    public let marketPartitions: Int
    private let engine: any EnginePort

    public init(engine: any EnginePort, accountPartitions: Int, marketPartitions: Int) {
        self.engine = engine
        self.accountPartitions = accountPartitions
        self.marketPartitions = marketPartitions
    }

    public func submit(_ record: OrdersRecord, partition: Int) async -> OperatorAnswer {
        await submit(.orders(record, partition: partition))
    }

    public func submit(_ record: MatchingRecord, partition: Int) async -> OperatorAnswer {
        await submit(.matching(record, partition: partition))
    }

    public func publish(_ record: ReferenceDataRecord, key: String) async -> Bool {
        // The writer answers a published definition with an empty event.
        if case .event = await submit(.reference(record, key: key)) { return true }
        return false
    }

    private func submit(_ content: OperatorSubmission.Content) async -> OperatorAnswer {
        await withCheckedContinuation { continuation in
            let submission = OperatorSubmission(content, trace: OperatorRequest.trace) {
                continuation.resume(returning: $0)
            }
            if !engine.post(.operatorRecord(submission)) { continuation.resume(returning: .shed) }
        }
    }
}
