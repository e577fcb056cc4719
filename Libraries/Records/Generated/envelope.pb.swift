import TradingCore

public struct Frame: Equatable, Sendable {
    public var envelopes: [Envelope]

    public init(
        envelopes: [Envelope] = []
    ) {
        self.envelopes = envelopes
    }
}

public struct Envelope: Equatable, Sendable {
    public var type: UInt32
    public var writer: Writer
    public var number: UInt64
    public var hash: UInt64
    public var epoch: UInt64
    public var causeWriter: Writer
    public var causeNumber: UInt64
    public var originWriter: Writer
    public var originEpoch: UInt64
    public var originNumber: UInt64
    public var originLog: UInt32
    public var payload: [UInt8]
    public var schemaVersion: UInt32
    public var traceContext: [UInt8]

    public init(
        type: UInt32 = 0,
        writer: Writer = Writer(rawValue: 0),
        number: UInt64 = 0,
        hash: UInt64 = 0,
        epoch: UInt64 = 0,
        causeWriter: Writer = Writer(rawValue: 0),
        causeNumber: UInt64 = 0,
        originWriter: Writer = Writer(rawValue: 0),
        originEpoch: UInt64 = 0,
        originNumber: UInt64 = 0,
        originLog: UInt32 = 0,
        payload: [UInt8] = [],
        schemaVersion: UInt32 = 0,
        traceContext: [UInt8] = []
    ) {
        self.type = type
        self.writer = writer
        self.number = number
        self.hash = hash
        self.epoch = epoch
        self.causeWriter = causeWriter
        self.causeNumber = causeNumber
        self.originWriter = originWriter
        self.originEpoch = originEpoch
        self.originNumber = originNumber
        self.originLog = originLog
        self.payload = payload
        self.schemaVersion = schemaVersion
        self.traceContext = traceContext
    }
}
