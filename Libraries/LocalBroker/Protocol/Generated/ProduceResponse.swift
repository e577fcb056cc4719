// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a response. API key 0, versions 3 to 13.
struct ProduceResponse: ResponseBody {
    static let key: Int16 = 0
    static let versions: ClosedRange<Int16> = 3...13
    static let firstFlexible: Int16 = 9

    /// Each produce response.
    var responses: [TopicProduceResponse] = []
    /// The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the
    /// request did not violate any quota.
    var throttleTimeMs: Int32 = 0

    func write(to writer: inout WireWriter, version: Int16) {
        writer.count(responses.count, compact: version >= 9)
        for element in responses { element.write(to: &writer, version: version) }
        writer.int32(throttleTimeMs)
        if version >= 9 { writer.noTags() }
    }

    struct TopicProduceResponse: Equatable, Sendable {
        /// The topic name.
        var name: String = ""
        /// The unique topic ID
        var topicId: KafkaUUID = .zero
        /// Each partition that we produced to within the topic.
        var partitionResponses: [PartitionProduceResponse] = []

        func write(to writer: inout WireWriter, version: Int16) {
            if version <= 12 {
                writer.string(name, compact: version >= 9)
            }
            if version >= 13 {
                writer.uuid(topicId)
            }
            writer.count(partitionResponses.count, compact: version >= 9)
            for element in partitionResponses { element.write(to: &writer, version: version) }
            if version >= 9 { writer.noTags() }
        }

        struct PartitionProduceResponse: Equatable, Sendable {
            /// The partition index.
            var index: Int32 = 0
            /// The error code, or 0 if there was no error.
            var errorCode: Int16 = 0
            /// The base offset.
            var baseOffset: Int64 = 0
            /// The timestamp returned by broker after appending the messages. If CreateTime is used for the topic, the
            /// timestamp will be -1. If LogAppendTime is used for the topic, the timestamp will be the broker local
            /// time when the messages are appended.
            var logAppendTimeMs: Int64 = -1
            /// The log start offset.
            var logStartOffset: Int64 = -1
            /// The batch indices of records that caused the batch to be dropped.
            var recordErrors: [BatchIndexAndErrorMessage] = []
            /// The global error message summarizing the common root cause of the records that caused the batch to be
            /// dropped.
            var errorMessage: String? = nil

            func write(to writer: inout WireWriter, version: Int16) {
                writer.int32(index)
                writer.int16(errorCode)
                writer.int64(baseOffset)
                writer.int64(logAppendTimeMs)
                if version >= 5 {
                    writer.int64(logStartOffset)
                }
                if version >= 8 {
                    writer.count(recordErrors.count, compact: version >= 9)
                    for element in recordErrors { element.write(to: &writer, version: version) }
                }
                if version >= 8 {
                    writer.string(errorMessage, compact: version >= 9)
                }
                if version >= 9 { writer.noTags() }
            }

            struct BatchIndexAndErrorMessage: Equatable, Sendable {
                /// The batch index of the record that caused the batch to be dropped.
                var batchIndex: Int32 = 0
                /// The error message of the record that caused the batch to be dropped.
                var batchIndexErrorMessage: String? = nil

                func write(to writer: inout WireWriter, version: Int16) {
                    writer.int32(batchIndex)
                    writer.string(batchIndexErrorMessage, compact: version >= 9)
                    if version >= 9 { writer.noTags() }
                }
            }
        }
    }
}
