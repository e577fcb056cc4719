// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a request. API key 22, versions 0 to 6.
struct InitProducerIdRequest: RequestBody {
    static let key: Int16 = 22
    static let versions: ClosedRange<Int16> = 0...6
    static let firstFlexible: Int16 = 2

    /// The transactional id, or null if the producer is not transactional.
    var transactionalId: String? = ""
    /// The time in ms to wait before aborting idle transactions sent by this producer. This is only relevant if a
    /// TransactionalId has been defined.
    var transactionTimeoutMs: Int32 = 0
    /// The producer id. This is used to disambiguate requests if a transactional id is reused following its expiration.
    var producerId: Int64 = -1
    /// The producer's current epoch. This will be checked against the producer epoch on the broker, and the request
    /// will return an error if they do not match.
    var producerEpoch: Int16 = -1
    /// True if the client wants to enable two-phase commit (2PC) protocol for transactions.
    var enable2Pc: Bool = false
    /// True if the client wants to keep the currently ongoing transaction instead of aborting it.
    var keepPreparedTxn: Bool = false

    init() {}

    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        transactionalId = try reader.string(compact: version >= 2, "TransactionalId")
        transactionTimeoutMs = try reader.int32()
        if version >= 3 {
            producerId = try reader.int64()
        }
        if version >= 3 {
            producerEpoch = try reader.int16()
        }
        if version >= 6 {
            enable2Pc = try reader.bool()
        }
        if version >= 6 {
            keepPreparedTxn = try reader.bool()
        }
        if version >= 2 { try reader.skipTags() }
    }
}
