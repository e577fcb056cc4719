// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a response. API key 1, versions 4 to 18.
struct FetchResponse: ResponseBody {
    static let key: Int16 = 1
    static let versions: ClosedRange<Int16> = 4...18
    static let firstFlexible: Int16 = 12

    /// The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the
    /// request did not violate any quota.
    var throttleTimeMs: Int32 = 0
    /// The top level response error code.
    var errorCode: Int16 = 0
    /// The fetch session ID, or 0 if this is not part of a fetch session.
    var sessionId: Int32 = 0
    /// The response topics.
    var responses: [FetchableTopicResponse] = []

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(throttleTimeMs)
        if version >= 7 {
            writer.int16(errorCode)
        }
        if version >= 7 {
            writer.int32(sessionId)
        }
        writer.count(responses.count, compact: version >= 12)
        for element in responses { element.write(to: &writer, version: version) }
        if version >= 12 { writer.noTags() }
    }

    struct FetchableTopicResponse: Equatable, Sendable {
        /// The topic name.
        var topic: String = ""
        /// The unique topic ID.
        var topicId: KafkaUUID = .zero
        /// The topic partitions.
        var partitions: [PartitionData] = []

        func write(to writer: inout WireWriter, version: Int16) {
            if version <= 12 {
                writer.string(topic, compact: version >= 12)
            }
            if version >= 13 {
                writer.uuid(topicId)
            }
            writer.count(partitions.count, compact: version >= 12)
            for element in partitions { element.write(to: &writer, version: version) }
            if version >= 12 { writer.noTags() }
        }

        struct PartitionData: Equatable, Sendable {
            /// The partition index.
            var partitionIndex: Int32 = 0
            /// The error code, or 0 if there was no fetch error.
            var errorCode: Int16 = 0
            /// The current high water mark.
            var highWatermark: Int64 = 0
            /// The last stable offset (or LSO) of the partition. This is the last offset such that the state of all
            /// transactional records prior to this offset have been decided (ABORTED or COMMITTED).
            var lastStableOffset: Int64 = -1
            /// The current log start offset.
            var logStartOffset: Int64 = -1
            /// The aborted transactions.
            var abortedTransactions: [AbortedTransaction]? = []
            /// The preferred read replica for the consumer to use on its next fetch request.
            var preferredReadReplica: Int32 = -1
            /// The record data.
            var records: WireSlice? = nil

            func write(to writer: inout WireWriter, version: Int16) {
                writer.int32(partitionIndex)
                writer.int16(errorCode)
                writer.int64(highWatermark)
                writer.int64(lastStableOffset)
                if version >= 5 {
                    writer.int64(logStartOffset)
                }
                writer.count(abortedTransactions?.count ?? -1, compact: version >= 12)
                for element in abortedTransactions ?? [] { element.write(to: &writer, version: version) }
                if version >= 11 {
                    writer.int32(preferredReadReplica)
                }
                writer.records(records, compact: version >= 12)
                if version >= 12 { writer.noTags() }
            }

            struct AbortedTransaction: Equatable, Sendable {
                /// The producer id associated with the aborted transaction.
                var producerId: Int64 = 0
                /// The first offset in the aborted transaction.
                var firstOffset: Int64 = 0

                func write(to writer: inout WireWriter, version: Int16) {
                    writer.int64(producerId)
                    writer.int64(firstOffset)
                    if version >= 12 { writer.noTags() }
                }
            }
        }
    }
}
