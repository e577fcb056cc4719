/// What a state machine is told of a record beside its payload.
@frozen
public struct RecordContext: Sendable {
    /// Log time, this record's stamp included; it never goes back.
    public var clock: Timestamp
    public var writer: Writer
    /// A gateway's epoch; 0 for a processor.
    public var epoch: UInt64
    /// The record's number under its writer; 0 for a fact that may be repeated.
    public var number: UInt64
    public var origin: Origin

    @inlinable
    public init(clock: Timestamp, writer: Writer, epoch: UInt64 = 0, number: UInt64, origin: Origin = .none) {
        self.clock = clock
        self.writer = writer
        self.epoch = epoch
        self.number = number
        self.origin = origin
    }

    /// Whether a client's time window has ended; a deadline of 0 never passes.
    @inlinable
    public func hasPassed(_ deadline: Timestamp) -> Bool { deadline.rawValue != 0 && clock > deadline }
}

/// A state machine met what cannot be: the service stops rather than go on with wrong money.
public struct InvariantViolation: Error, Equatable, CustomStringConvertible {
    public var description: String

    public init(_ description: String) { self.description = description }
}
