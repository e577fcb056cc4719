import Messaging
import ServiceKit
import TradingCore

/// Finds how many partitions the venue's topics have.
public enum TopicLookup {
    private static let retryMilliseconds: Int64 = 250

    /// The catalogue as it stands on the broker, asked for until the topics exist.
    ///
    /// - Throws: `ServiceFailure` when they do not within `deadline`.
    public static func waitForCatalogue(
        _ settings: KafkaSettings, _ context: ServiceContext, deadline: Duration = .seconds(30)
    ) throws -> TopicCatalogue {
        let prefix = context.configuration[StandardKeys.kafkaTopicPrefix]
        let end = Timestamp.monotonicNanoseconds() / 1_000_000 + deadline.wholeMilliseconds
        var lastReason = "the broker did not answer"
        let wake = try LogWake()
        while !context.lifecycle.isStopping {
            switch look(settings, prefix) {
            case .success(let catalogue): return catalogue
            case .failure(let reason): lastReason = reason.text
            }
            guard Timestamp.monotonicNanoseconds() / 1_000_000 < end else { break }
            wake.wait(milliseconds: Int32(retryMilliseconds))
        }
        throw ServiceFailure(
            .temporaryFailure,
            "kafka.bootstrap-servers \(settings.bootstrapServers): \(lastReason); `gateway topics` creates the topics")
    }

    private struct Reason: Error { var text: String }

    private static func look(_ settings: KafkaSettings, _ prefix: String) -> Result<TopicCatalogue, Reason> {
        var catalogue = TopicCatalogue(prefix: prefix)
        do throws(KafkaError) {
            let admin = try KafkaAdmin(settings)
            let counts = try admin.partitionCounts(of: Topic.allCases.map(catalogue.name(of:)))
            for topic in Topic.allCases where counts[catalogue.name(of: topic)] == nil {
                return .failure(Reason(text: "topic \(catalogue.name(of: topic)) does not exist"))
            }
            catalogue.accountPartitions = counts[catalogue.name(of: .orders)] ?? 1
            catalogue.marketPartitions = counts[catalogue.name(of: .matching)] ?? 1
            return .success(catalogue)
        } catch {
            return .failure(Reason(text: error.description))
        }
    }
}
