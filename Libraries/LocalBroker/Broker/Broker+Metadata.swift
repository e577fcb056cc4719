extension Broker {
    /// What nobody counts on one node: "authorized operations" are not kept.
    private typealias Described = MetadataResponse.MetadataResponseTopic

    func apiVersions(_ request: ApiVersionsRequest, _ exchange: Exchange) {
        exchange.answer(BrokerCalls.supported())
    }

    func metadata(_ request: MetadataRequest, _ exchange: Exchange) {
        var response = MetadataResponse()
        var node = MetadataResponse.MetadataResponseBroker()
        node.nodeId = options.nodeID
        node.host = host
        node.port = port
        response.brokers = [node]
        response.clusterId = store.clusterID
        response.controllerId = options.nodeID
        let version = exchange.header.version
        // The oldest version has no null: there an empty list asks for every topic.
        if let named = request.topics, !(named.isEmpty && version == 0) {
            let mayCreate = version < 4 || request.allowAutoTopicCreation
            response.topics = named.map { describe($0, mayCreate: mayCreate) }
        } else {
            response.topics = topics.keys.sorted().compactMap { topics[$0].map(describe) }
        }
        exchange.answer(response)
    }

    private func describe(_ named: MetadataRequest.MetadataRequestTopic, mayCreate: Bool) -> Described {
        var answer = Described()
        answer.name = named.name
        answer.topicId = named.topicId
        if let topic = topic(named.name ?? "", named.topicId) { return describe(topic) }
        guard named.topicId == .zero, let name = named.name else {
            answer.errorCode = ErrorCode.unknownTopicID.rawValue
            return answer
        }
        guard Topic.isName(name) else {
            answer.errorCode = ErrorCode.invalidTopic.rawValue
            return answer
        }
        guard mayCreate, options.createsTopics else {
            answer.errorCode = ErrorCode.unknownTopicOrPartition.rawValue
            return answer
        }
        do throws(TopicRefusal) {
            return describe(try create(name, partitions: options.defaultPartitions, settings: [:]))
        } catch {
            answer.errorCode = error.code.rawValue
            return answer
        }
    }

    private func describe(_ topic: Topic) -> Described {
        var answer = Described()
        answer.name = topic.name
        answer.topicId = topic.id
        answer.partitions = topic.partitions.map { partition in
            var part = Described.MetadataResponsePartition()
            part.partitionIndex = partition.index
            part.leaderId = options.nodeID
            part.leaderEpoch = 0
            part.replicaNodes = [options.nodeID]
            part.isrNodes = [options.nodeID]
            return part
        }
        return answer
    }

    func describeCluster(_ request: DescribeClusterRequest, _ exchange: Exchange) {
        var response = DescribeClusterResponse()
        guard request.endpointType == 1 else {
            response.errorCode = ErrorCode.invalidRequest.rawValue
            response.errorMessage = "EndpointType must be 1: this node has brokers' endpoints only"
            return exchange.answer(response)
        }
        var node = DescribeClusterResponse.DescribeClusterBroker()
        node.brokerId = options.nodeID
        node.host = host
        node.port = port
        response.brokers = [node]
        response.clusterId = store.clusterID
        response.controllerId = options.nodeID
        exchange.answer(response)
    }

    func findCoordinator(_ request: FindCoordinatorRequest, _ exchange: Exchange) {
        // 0 is a group; transactions (1) and share groups (2) have no coordinator here.
        let code: ErrorCode = request.keyType == 0 ? .none : .invalidRequest
        var response = FindCoordinatorResponse()
        response.errorCode = code.rawValue
        response.errorMessage = code == .none ? nil : "KeyType must be 0: there are groups only"
        response.nodeId = code == .none ? options.nodeID : -1
        response.host = code == .none ? host : ""
        response.port = code == .none ? port : -1
        response.coordinators = request.coordinatorKeys.map { key in
            var coordinator = FindCoordinatorResponse.Coordinator()
            coordinator.key = key
            coordinator.errorCode = response.errorCode
            coordinator.errorMessage = response.errorMessage
            coordinator.nodeId = response.nodeId
            coordinator.host = response.host
            coordinator.port = response.port
            return coordinator
        }
        exchange.answer(response)
    }

    // MARK: Offsets

    /// What a client asks for in place of a time.
    private enum Asked {
        static let latest: Int64 = -1
        static let earliest: Int64 = -2
        static let largestTimestamp: Int64 = -3
        static let earliestLocal: Int64 = -4
        static let latestTiered: Int64 = -5
    }

    func listOffsets(_ request: ListOffsetsRequest, _ exchange: Exchange) {
        var response = ListOffsetsResponse()
        response.topics = request.topics.map { named in
            var answer = ListOffsetsResponse.ListOffsetsTopicResponse()
            answer.name = named.name
            answer.partitions = named.partitions.map { wanted in
                var part = ListOffsetsResponse.ListOffsetsTopicResponse.ListOffsetsPartitionResponse()
                part.partitionIndex = wanted.partitionIndex
                guard let partition = topics[named.name]?.partition(wanted.partitionIndex) else {
                    part.errorCode = ErrorCode.unknownTopicOrPartition.rawValue
                    return part
                }
                guard wanted.currentLeaderEpoch <= 0 else {
                    part.errorCode = ErrorCode.unknownLeaderEpoch.rawValue
                    return part
                }
                find(wanted.timestamp, in: partition, &part)
                return part
            }
            return answer
        }
        exchange.answer(response)
    }

    private func find(
        _ timestamp: Int64, in partition: Partition,
        _ part: inout ListOffsetsResponse.ListOffsetsTopicResponse.ListOffsetsPartitionResponse
    ) {
        let log = partition.log
        part.leaderEpoch = 0
        do throws(StoreError) {
            switch timestamp {
            case Asked.latest: part.offset = log.shownOffset
            case Asked.earliest, Asked.earliestLocal: part.offset = log.startOffset
            case Asked.latestTiered: part.leaderEpoch = -1
            case Asked.largestTimestamp: take(try log.findLargestTimestamp(), &part)
            case 0...: take(try log.find(timestamp: timestamp), &part)
            default:
                part.errorCode = ErrorCode.invalidRequest.rawValue
                part.leaderEpoch = -1
            }
        } catch {
            report("looking up a time in \(partition.topic)-\(partition.index): \(error)")
            part.errorCode = ErrorCode.storageError.rawValue
        }
    }

    private func take(
        _ found: (offset: Int64, timestamp: Int64)?,
        _ part: inout ListOffsetsResponse.ListOffsetsTopicResponse.ListOffsetsPartitionResponse
    ) {
        guard let found else {
            part.leaderEpoch = -1
            return
        }
        part.offset = found.offset
        part.timestamp = found.timestamp
    }
}
