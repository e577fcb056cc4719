// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a response. API key 22, versions 0 to 6.
struct InitProducerIdResponse: ResponseBody {
    static let key: Int16 = 22
    static let versions: ClosedRange<Int16> = 0...6
    static let firstFlexible: Int16 = 2

    /// The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the
    /// request did not violate any quota.
    var throttleTimeMs: Int32 = 0
    /// The error code, or 0 if there was no error.
    var errorCode: Int16 = 0
    /// The current producer id.
    var producerId: Int64 = -1
    /// The current epoch associated with the producer id.
    var producerEpoch: Int16 = 0
    /// The producer id for ongoing transaction when KeepPreparedTxn is used, -1 if there is no transaction ongoing.
    var ongoingTxnProducerId: Int64 = -1
    /// The epoch associated with the producer id for ongoing transaction when KeepPreparedTxn is used, -1 if there is
    /// no transaction ongoing.
    var ongoingTxnProducerEpoch: Int16 = -1

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(throttleTimeMs)
        writer.int16(errorCode)
        writer.int64(producerId)
        writer.int16(producerEpoch)
        if version >= 6 {
            writer.int64(ongoingTxnProducerId)
        }
        if version >= 6 {
            writer.int16(ongoingTxnProducerEpoch)
        }
        if version >= 2 { writer.noTags() }
    }
}
