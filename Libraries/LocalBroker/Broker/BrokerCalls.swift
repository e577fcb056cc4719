/// A call of the protocol: which versions are answered, and by what.
struct BrokerCall: Sendable {
    let versions: ClosedRange<Int16>
    /// The versions that are announced, wider than what is answered where a client looks for more than it uses.
    let announced: ClosedRange<Int16>
    let firstFlexible: Int16
    let run: @Sendable (Broker, inout WireReader, UnsafeRawBufferPointer, Exchange) throws(WireError) -> Void
}

enum BrokerCalls {
    static let byKey: [Int16: BrokerCall] = [
        // Produce 0 to 2 are announced because librdkafka takes a broker without them for one that knows no compression
        // (KAFKA-18659); nobody sends them.
        call(ProduceRequest.self, announced: 0...12) { $0.produce($1, $2, $3) },
        call(FetchRequest.self) { $0.fetch($1, $3) },
        call(ListOffsetsRequest.self) { $0.listOffsets($1, $3) },
        call(MetadataRequest.self) { $0.metadata($1, $3) },
        call(ApiVersionsRequest.self) { $0.apiVersions($1, $3) },
        call(CreateTopicsRequest.self) { $0.createTopics($1, $3) },
        call(CreatePartitionsRequest.self) { $0.createPartitions($1, $3) },
        call(DeleteTopicsRequest.self) { $0.deleteTopics($1, $3) },
        call(DeleteRecordsRequest.self) { $0.deleteRecords($1, $3) },
        call(DescribeConfigsRequest.self) { $0.describeConfigs($1, $3) },
        call(DescribeClusterRequest.self) { $0.describeCluster($1, $3) },
        call(InitProducerIdRequest.self, upTo: 5) { $0.initProducerID($1, $3) },
        call(FindCoordinatorRequest.self) { $0.findCoordinator($1, $3) },
        call(JoinGroupRequest.self) { $0.joinGroup($1, $2, $3) },
        call(SyncGroupRequest.self) { $0.syncGroup($1, $2, $3) },
        call(HeartbeatRequest.self) { $0.heartbeat($1, $3) },
        call(LeaveGroupRequest.self) { $0.leaveGroup($1, $3) },
        call(OffsetCommitRequest.self, upTo: 9) { $0.commitOffsets($1, $3) },
        call(OffsetFetchRequest.self, upTo: 9) { $0.fetchOffsets($1, $3) },
        call(DescribeGroupsRequest.self) { $0.describeGroups($1, $3) },
        call(ListGroupsRequest.self) { $0.listGroups($1, $3) },
        call(DeleteGroupsRequest.self) { $0.deleteGroups($1, $3) },
    ].reduce(into: [:]) { $0[$1.key] = $1.call }

    private static func call<Body: RequestBody>(
        _ type: Body.Type, announced: ClosedRange<Int16>? = nil, upTo last: Int16 = .max,
        _ handle: @escaping @Sendable (Broker, Body, UnsafeRawBufferPointer, Exchange) -> Void
    ) -> (key: Int16, call: BrokerCall) {
        let versions = Body.versions.lowerBound...min(Body.versions.upperBound, last)
        let call = BrokerCall(
            versions: versions, announced: announced ?? versions, firstFlexible: Body.firstFlexible
        ) { (broker, reader, frame, exchange) throws(WireError) in
            let body = try Body(from: &reader, version: exchange.header.version)
            handle(broker, body, frame, exchange)
        }
        return (Body.key, call)
    }

    /// A version that is not answered. What can be asked for is said in the oldest version of ApiVersions, which
    /// everybody reads; any other call ends the connection, as with Kafka.
    static func refuseVersion(_ exchange: Exchange) {
        let header = exchange.header
        guard header.key == ApiVersionsRequest.key else {
            return exchange.abort("version \(header.version) of call \(header.key), which is not answered")
        }
        var response = supported()
        response.errorCode = ErrorCode.unsupportedVersion.rawValue
        exchange.answer(response, version: 0)
    }

    static func supported() -> ApiVersionsResponse {
        var response = ApiVersionsResponse()
        response.apiKeys = byKey.keys.sorted().compactMap { key in
            byKey[key].map { call in
                var entry = ApiVersionsResponse.ApiVersion()
                entry.apiKey = key
                entry.minVersion = call.announced.lowerBound
                entry.maxVersion = call.announced.upperBound
                return entry
            }
        }
        return response
    }
}
