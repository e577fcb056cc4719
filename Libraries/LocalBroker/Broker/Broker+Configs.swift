/// Where a setting's value comes from, as DescribeConfigs says it.
enum ConfigSource {
    static let topic: Int8 = 1
    static let broker: Int8 = 4
    static let standard: Int8 = 5
}

extension Broker {
    private typealias Result = DescribeConfigsResponse.DescribeConfigsResult
    private enum Resource {
        static let topic: Int8 = 2
        static let broker: Int8 = 4
    }

    func describeConfigs(_ request: DescribeConfigsRequest, _ exchange: Exchange) {
        var response = DescribeConfigsResponse()
        response.results = request.resources.map { resource in
            var result = Result()
            result.errorMessage = nil
            result.resourceType = resource.resourceType
            result.resourceName = resource.resourceName
            switch resource.resourceType {
            case Resource.topic:
                if let topic = topics[resource.resourceName] {
                    result.configs = describe(topic, synonyms: request.includeSynonyms)
                } else {
                    result.errorCode = ErrorCode.unknownTopicOrPartition.rawValue
                    result.errorMessage = "This server does not host this topic-partition."
                }
            case Resource.broker where resource.resourceName.isEmpty || resource.resourceName == "\(options.nodeID)":
                result.configs = describeBroker()
            default:
                result.errorCode = ErrorCode.invalidRequest.rawValue
                result.errorMessage =
                    "resource type \(resource.resourceType) named \(resource.resourceName): there are topics (2) and broker \(options.nodeID) (4)"
            }
            if let keys = resource.configurationKeys {
                result.configs.removeAll { !keys.contains($0.name) }
            }
            return result
        }
        exchange.answer(response)
    }

    private func describe(_ topic: Topic, synonyms: Bool) -> [Result.DescribeConfigsResourceResult] {
        let values = TopicSettings(topic.settings, options)
        return TopicSettings.all.map { setting in
            let source = topic.settings[setting.name] == nil ? ConfigSource.standard : ConfigSource.topic
            var config = config(setting.name, values.value(setting), setting.kind, source)
            if synonyms {
                var synonym = Result.DescribeConfigsResourceResult.DescribeConfigsSynonym()
                synonym.name = setting.name
                synonym.value = config.value
                synonym.source = source
                config.synonyms = [synonym]
            }
            return config
        }
    }

    private func describeBroker() -> [Result.DescribeConfigsResourceResult] {
        [
            config("advertised.listeners", "PLAINTEXT://\(host):\(port)", .string, ConfigSource.broker),
            config("auto.create.topics.enable", "\(options.createsTopics)", .boolean, ConfigSource.broker),
            config("default.replication.factor", "1", .int, ConfigSource.standard),
            config("log.dirs", options.folder, .list, ConfigSource.broker),
            config("log.retention.ms", "\(options.retentionMilliseconds)", .long, ConfigSource.broker),
            config("min.insync.replicas", "1", .int, ConfigSource.standard),
            config("node.id", "\(options.nodeID)", .int, ConfigSource.broker),
            config("num.partitions", "\(options.defaultPartitions)", .int, ConfigSource.broker),
            config("socket.request.max.bytes", "\(options.maximumRequestBytes)", .int, ConfigSource.broker),
        ]
    }

    private func config(
        _ name: String, _ value: String, _ kind: TopicSettings.Kind, _ source: Int8
    ) -> Result.DescribeConfigsResourceResult {
        var config = Result.DescribeConfigsResourceResult()
        config.name = name
        config.value = value
        config.configSource = source
        config.configType = kind.rawValue
        config.documentation = nil
        // Nothing is changed while it runs: a topic has the settings that it was made with.
        config.readOnly = source != ConfigSource.topic
        return config
    }
}
