import Records
import TradingCore

/// Names a request that waits for its answer: the loop that has it, and its place there.
public struct ReplyAddress: Hashable, Sendable {
    public var loop: UInt16
    public var slot: UInt32
    /// Tells the requests apart that had the same slot.
    public var generation: UInt32

    public init(loop: UInt16, slot: UInt32, generation: UInt32) {
        self.loop = loop
        self.slot = slot
        self.generation = generation
    }
}

/// A client's request on its way to the engine.
public struct EngineRequest: Sendable {
    public var reply: ReplyAddress
    public var operation: Operation
    public var unit: TimeUnit
    public var trace: Records.TraceContext?
    /// Of a change: its signature, to be asked for where all gateways remember theirs.
    public var signature: SignatureMark?
    /// Of a request over a socket: how often the loop had closed its request sockets when it took the request. The engine sheds what is
    /// older than its own last closing, so that what it accepts of a connection is a prefix of what was sent on it.
    public var closing: UInt64?

    public init(
        reply: ReplyAddress, operation: Operation, unit: TimeUnit = .milliseconds, trace: Records.TraceContext? = nil,
        signature: SignatureMark? = nil, closing: UInt64? = nil
    ) {
        self.signature = signature
        self.closing = closing
        self.reply = reply
        self.operation = operation
        self.unit = unit
        self.trace = trace
    }
}

/// 64 bits of a signature, and when its time window ends in milliseconds.
public struct SignatureMark: Equatable, Sendable {
    public var bits: UInt64
    public var deadline: Int64
}

/// What loops and other threads tell the engine.
public enum EngineMessage: Sendable {
    case request(EngineRequest)
    /// A loop's first subscriber of a stream has come, or its last one has gone.
    case stream(StreamKey, loop: UInt16, isWanted: Bool)
    /// A loop's first subscriber of an account's events has come, or its last one has gone.
    case user(AccountID, TimeUnit, loop: UInt16, isWanted: Bool)
    case operatorRecord(OperatorSubmission)
}

/// The engine's answer to a request.
public struct Answer: Sendable {
    /// The result as JSON; an error's `data` when there is an error.
    public var body: [UInt8]
    public var error: ApiError?
    /// The account's placements in the running windows, where the answer knows them.
    public var orderCounts: OrderCounts?

    public init(body: [UInt8] = [], error: ApiError? = nil, orderCounts: OrderCounts? = nil) {
        self.body = body
        self.error = error
        self.orderCounts = orderCounts
    }
}

/// Placements that count towards the order limits.
public struct OrderCounts: Equatable, Sendable {
    public var in10Seconds: UInt32
    public var inDay: UInt32

    public init(in10Seconds: UInt32, inDay: UInt32) {
        self.in10Seconds = in10Seconds
        self.inDay = inDay
    }
}

/// What the engine tells a loop. Messages arrive in the order in which they were posted.
public enum LoopMessage: Sendable {
    case answer(ReplyAddress, Answer)
    case stream(StreamKey, [UInt8])
    case user(AccountID, TimeUnit, [UInt8])
    case reference(ReferenceSnapshot)
    /// A key that a request waits for has been looked up.
    case keyLoaded(String)
    /// Some API key has changed or gone.
    case keysChanged
    /// What was accepted on a connection must stay a prefix of what was sent on it: request sockets close.
    /// `closing` counts how often.
    case closeRequestSockets(closing: UInt64)
}

/// The engine as a loop sees it.
public protocol EnginePort: Sendable {
    /// - Returns: false when the engine has too much to do; the message is dropped then.
    func post(_ message: EngineMessage) -> Bool
}

/// The loops as the engine sees them.
public protocol LoopPort: Sendable {
    func post(_ message: LoopMessage, to loop: UInt16)

    /// Every loop.
    var all: Range<UInt16> { get }
}
