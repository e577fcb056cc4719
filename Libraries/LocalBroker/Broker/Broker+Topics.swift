/// Why a topic is not made or changed.
struct TopicRefusal: Error {
    var code: ErrorCode
    var text: String
}

extension Broker {
    func createTopics(_ request: CreateTopicsRequest, _ exchange: Exchange) {
        var response = CreateTopicsResponse()
        // A name that comes twice is refused both times, as Kafka does.
        let counts = request.topics.reduce(into: [String: Int]()) { $0[$1.name, default: 0] += 1 }
        for wanted in request.topics {
            var result = CreateTopicsResponse.CreatableTopicResult()
            result.name = wanted.name
            result.errorMessage = nil
            do throws(TopicRefusal) {
                guard counts[wanted.name] == 1 else {
                    throw TopicRefusal(code: .invalidRequest, text: "Duplicate topic name: \(wanted.name)")
                }
                try fill(&result, wanted, validateOnly: request.validateOnly)
            } catch {
                result.errorCode = error.code.rawValue
                result.errorMessage = error.text
                result.configs = nil
            }
            response.topics.append(result)
        }
        exchange.answer(response)
    }

    private func fill(
        _ result: inout CreateTopicsResponse.CreatableTopicResult, _ wanted: CreateTopicsRequest.CreatableTopic,
        validateOnly: Bool
    ) throws(TopicRefusal) {
        let partitions = try checked(wanted)
        var settings: [String: String] = [:]
        for setting in wanted.configs {
            if let fault = TopicSettings.fault(setting.name, setting.value) {
                throw TopicRefusal(code: .invalidConfig, text: fault)
            }
            settings[setting.name] = setting.value
        }
        try checkNew(wanted.name, partitions: partitions)
        if !validateOnly { result.topicId = try create(wanted.name, partitions: partitions, settings: settings).id }
        result.numPartitions = partitions
        result.replicationFactor = 1
        let values = TopicSettings(settings, options)
        result.configs = TopicSettings.all.map { setting in
            var config = CreateTopicsResponse.CreatableTopicResult.CreatableTopicConfigs()
            config.name = setting.name
            config.value = values.value(setting)
            config.configSource = settings[setting.name] == nil ? ConfigSource.standard : ConfigSource.topic
            return config
        }
    }

    /// - Returns: the number of partitions that are asked for.
    private func checked(_ wanted: CreateTopicsRequest.CreatableTopic) throws(TopicRefusal) -> Int32 {
        guard wanted.assignments.isEmpty else {
            guard wanted.numPartitions == -1, wanted.replicationFactor == -1 else {
                throw TopicRefusal(
                    code: .invalidRequest,
                    text: "numPartitions and replicationFactor must be -1 where assignments are given")
            }
            let indexes = wanted.assignments.map(\.partitionIndex).sorted()
            guard indexes == Array(0..<Int32(wanted.assignments.count)),
                wanted.assignments.allSatisfy({ $0.brokerIds == [options.nodeID] })
            else {
                throw TopicRefusal(
                    code: .invalidReplicaAssignment,
                    text: "each partition from 0 on is assigned once, to broker \(options.nodeID), the only one")
            }
            return Int32(wanted.assignments.count)
        }
        guard wanted.replicationFactor == -1 || wanted.replicationFactor == 1 else {
            throw TopicRefusal(
                code: .invalidReplicationFactor,
                text:
                    "replicationFactor must be 1 (or -1): there is one broker, \(wanted.replicationFactor) were asked for"
            )
        }
        return wanted.numPartitions == -1 ? options.defaultPartitions : wanted.numPartitions
    }

    private func checkNew(_ name: String, partitions: Int32) throws(TopicRefusal) {
        guard Topic.isName(name) else {
            throw TopicRefusal(
                code: .invalidTopic,
                text: "a topic's name has 1 to 249 of the characters a-z, A-Z, 0-9, '.', '_' and '-'")
        }
        guard topics[name] == nil else {
            throw TopicRefusal(code: .topicAlreadyExists, text: "Topic '\(name)' already exists.")
        }
        try checkRoom(adding: partitions)
    }

    private func checkRoom(adding partitions: Int32) throws(TopicRefusal) {
        guard partitions > 0 else {
            throw TopicRefusal(
                code: .invalidPartitions, text: "Number of partitions was set to an invalid non-positive value.")
        }
        let present = topics.values.reduce(0) { $0 + $1.partitions.count }
        guard present + Int(partitions) <= options.maximumPartitions else {
            throw TopicRefusal(
                code: .invalidPartitions, text: "the broker keeps at most \(options.maximumPartitions) partitions")
        }
    }

    func create(_ name: String, partitions: Int32, settings: [String: String]) throws(TopicRefusal) -> Topic {
        try checkNew(name, partitions: partitions)
        let description = TopicDescription(
            name: name, id: .random(), partitions: partitions, settings: settings)
        do throws(StoreError) {
            let topic = try open(description)
            try store.save(topics.values.map(\.description) + [description])
            add(topic)
            return topic
        } catch {
            report("creating topic \(name): \(error)")
            throw TopicRefusal(code: .storageError, text: "\(error)")
        }
    }

    func createPartitions(_ request: CreatePartitionsRequest, _ exchange: Exchange) {
        var response = CreatePartitionsResponse()
        for wanted in request.topics {
            var result = CreatePartitionsResponse.CreatePartitionsTopicResult()
            result.name = wanted.name
            do throws(TopicRefusal) {
                try grow(wanted, validateOnly: request.validateOnly)
            } catch {
                result.errorCode = error.code.rawValue
                result.errorMessage = error.text
            }
            response.results.append(result)
        }
        exchange.answer(response)
    }

    private func grow(
        _ wanted: CreatePartitionsRequest.CreatePartitionsTopic, validateOnly: Bool
    ) throws(TopicRefusal) {
        guard let topic = topics[wanted.name] else {
            throw TopicRefusal(code: .unknownTopicOrPartition, text: "This server does not host this topic-partition.")
        }
        let present = Int32(topic.partitions.count)
        guard wanted.count > present else {
            throw TopicRefusal(
                code: .invalidPartitions,
                text:
                    "The topic \(wanted.name) currently has \(present) partition(s); \(wanted.count) would not be an increase."
            )
        }
        if let assignments = wanted.assignments {
            guard assignments.count == Int(wanted.count - present),
                assignments.allSatisfy({ $0.brokerIds == [options.nodeID] })
            else {
                throw TopicRefusal(
                    code: .invalidReplicaAssignment,
                    text: "each new partition is assigned to broker \(options.nodeID), the only one")
            }
        }
        try checkRoom(adding: wanted.count - present)
        guard !validateOnly else { return }
        var description = topic.description
        description.partitions = wanted.count
        do throws(StoreError) {
            var added: [Partition] = []
            let configuration = TopicSettings(topic.settings, options).configuration
            for index in present..<wanted.count {
                added.append(try store.open(topic.name, index, configuration))
            }
            try store.save(topics.values.filter { $0 !== topic }.map(\.description) + [description])
            topic.partitions += added
        } catch {
            report("adding partitions to \(topic.name): \(error)")
            throw TopicRefusal(code: .storageError, text: "\(error)")
        }
    }

    func deleteTopics(_ request: DeleteTopicsRequest, _ exchange: Exchange) {
        var response = DeleteTopicsResponse()
        let named = request.topics.map { ($0.name, $0.topicId) } + request.topicNames.map { ($0, KafkaUUID.zero) }
        for (name, id) in named {
            var result = DeleteTopicsResponse.DeletableTopicResult()
            result.name = name
            result.topicId = id
            if let topic = topic(name ?? "", id) {
                result.name = topic.name
                result.topicId = topic.id
                result.errorCode = delete(topic).rawValue
            } else {
                result.errorCode = (id == .zero ? ErrorCode.unknownTopicOrPartition : .unknownTopicID).rawValue
            }
            response.responses.append(result)
        }
        exchange.answer(response)
    }

    private func delete(_ topic: Topic) -> ErrorCode {
        do throws(StoreError) {
            try store.save(topics.values.filter { $0 !== topic }.map(\.description))
        } catch {
            report("deleting topic \(topic.name): \(error)")
            return .storageError
        }
        topics[topic.name] = nil
        topicsByID[topic.id] = nil
        forgetOffsets(of: topic.name)
        for partition in topic.partitions {
            abandon(partition)
            // Whoever waits for records hears that there will be none.
            for fetch in partition.fetches { finish(fetch) }
            do throws(StoreError) {
                try store.remove(partition)
            } catch {
                // The topic is gone; its folder goes at the next start.
                report("removing \(partition.topic)-\(partition.index): \(error)")
            }
        }
        return .none
    }

    func deleteRecords(_ request: DeleteRecordsRequest, _ exchange: Exchange) {
        var response = DeleteRecordsResponse()
        response.topics = request.topics.map { named in
            var answer = DeleteRecordsResponse.DeleteRecordsTopicResult()
            answer.name = named.name
            answer.partitions = named.partitions.map { wanted in
                var part = DeleteRecordsResponse.DeleteRecordsTopicResult.DeleteRecordsPartitionResult()
                part.partitionIndex = wanted.partitionIndex
                part.lowWatermark = -1
                guard let partition = topics[named.name]?.partition(wanted.partitionIndex) else {
                    part.errorCode = ErrorCode.unknownTopicOrPartition.rawValue
                    return part
                }
                let offset = wanted.offset == -1 ? partition.log.shownOffset : wanted.offset
                guard offset >= 0, offset <= partition.log.shownOffset else {
                    part.errorCode = ErrorCode.offsetOutOfRange.rawValue
                    return part
                }
                do throws(StoreError) {
                    try partition.log.deleteRecords(before: offset)
                    part.lowWatermark = partition.log.startOffset
                } catch {
                    report("deleting records of \(partition.topic)-\(partition.index): \(error)")
                    part.errorCode = ErrorCode.storageError.rawValue
                }
                return part
            }
            return answer
        }
        exchange.answer(response)
    }
}
