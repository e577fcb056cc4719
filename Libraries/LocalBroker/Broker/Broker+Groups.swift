import Network

extension Broker {
    func joinGroup(_ request: JoinGroupRequest, _ frame: UnsafeRawBufferPointer, _ exchange: Exchange) {
        groups.join(request, frame, exchange)
    }

    func syncGroup(_ request: SyncGroupRequest, _ frame: UnsafeRawBufferPointer, _ exchange: Exchange) {
        groups.sync(request, frame, exchange)
    }

    func heartbeat(_ request: HeartbeatRequest, _ exchange: Exchange) {
        var response = HeartbeatResponse()
        response.errorCode = groups.heartbeat(request).rawValue
        exchange.answer(response)
    }

    func leaveGroup(_ request: LeaveGroupRequest, _ exchange: Exchange) {
        var response = LeaveGroupResponse()
        if exchange.header.version < 3 {
            response.errorCode = groups.leave(request.memberId, instance: nil, group: request.groupId).rawValue
        }
        response.members = request.members.map { leaving in
            var result = LeaveGroupResponse.MemberResponse()
            result.memberId = leaving.memberId
            result.groupInstanceId = leaving.groupInstanceId
            result.errorCode =
                groups.leave(
                    leaving.memberId, instance: leaving.groupInstanceId, group: request.groupId
                ).rawValue
            return result
        }
        exchange.answer(response)
    }

    // MARK: Offsets

    /// What may be kept with an offset.
    private static let maximumMetadataBytes = 4_096

    func commitOffsets(_ request: OffsetCommitRequest, _ exchange: Exchange) {
        var code = request.groupId.isEmpty ? ErrorCode.invalidGroupID : groups.mayCommit(request)
        var kept: [CommittedOffset] = []
        var response = OffsetCommitResponse()
        response.topics = request.topics.map { named in
            var answer = OffsetCommitResponse.OffsetCommitResponseTopic()
            answer.name = named.name
            answer.partitions = named.partitions.map { wanted in
                var part = OffsetCommitResponse.OffsetCommitResponseTopic.OffsetCommitResponsePartition()
                part.partitionIndex = wanted.partitionIndex
                part.errorCode = code.rawValue
                guard code == .none else { return part }
                guard topics[named.name]?.partition(wanted.partitionIndex) != nil else {
                    part.errorCode = ErrorCode.unknownTopicOrPartition.rawValue
                    return part
                }
                let metadata = wanted.committedMetadata ?? ""
                guard metadata.utf8.count <= Self.maximumMetadataBytes else {
                    part.errorCode = ErrorCode.offsetMetadataTooLarge.rawValue
                    return part
                }
                kept.append(
                    CommittedOffset(
                        group: request.groupId, topic: named.name, partition: wanted.partitionIndex,
                        offset: wanted.committedOffset, leaderEpoch: wanted.committedLeaderEpoch, metadata: metadata))
                return part
            }
            return answer
        }
        guard !kept.isEmpty else { return exchange.answer(response) }
        keep(kept) { [response] isKept in
            code = isKept ? .none : .storageError
            exchange.answer(isKept ? response : Self.failed(response, code))
        }
    }

    private static func failed(_ response: OffsetCommitResponse, _ code: ErrorCode) -> OffsetCommitResponse {
        var response = response
        for topic in response.topics.indices {
            for part in response.topics[topic].partitions.indices
            where response.topics[topic].partitions[part].errorCode == 0 {
                response.topics[topic].partitions[part].errorCode = code.rawValue
            }
        }
        return response
    }

    /// Keeps offsets and says when they are, or that they could not be.
    private func keep(_ changes: [CommittedOffset], _ done: @escaping (Bool) -> Void) {
        do throws(AppendRefusal) {
            let end = try offsets.append(changes, now: WallClock.milliseconds())
            recordsWritten(to: offsets.partition, bytes: 0)
            if offsets.partition.log.shownOffset >= end {
                done(true)
            } else {
                offsets.partition.acknowledgements.append((end, done))
            }
        } catch {
            report("keeping committed offsets: \(error)")
            done(false)
        }
        do throws(StoreError) {
            try offsets.compactWhenLong()
        } catch {
            report("writing committed offsets out: \(error)")
        }
    }

    func fetchOffsets(_ request: OffsetFetchRequest, _ exchange: Exchange) {
        var response = OffsetFetchResponse()
        if exchange.header.version < 8 {
            let places = request.topics.map { named in named.map { ($0.name, $0.partitionIndexes) } }
            response.topics = committed(of: request.groupId, places).map { name, parts in
                var topic = OffsetFetchResponse.OffsetFetchResponseTopic()
                topic.name = name
                topic.partitions = parts.map { index, offset in
                    var part = OffsetFetchResponse.OffsetFetchResponseTopic.OffsetFetchResponsePartition()
                    part.partitionIndex = index
                    part.committedOffset = offset?.offset ?? -1
                    part.committedLeaderEpoch = offset?.leaderEpoch ?? -1
                    part.metadata = offset?.metadata ?? ""
                    return part
                }
                return topic
            }
        }
        response.groups = request.groups.map(answer)
        exchange.answer(response)
    }

    private func answer(
        _ wanted: OffsetFetchRequest.OffsetFetchRequestGroup
    ) -> OffsetFetchResponse.OffsetFetchResponseGroup {
        var group = OffsetFetchResponse.OffsetFetchResponseGroup()
        group.groupId = wanted.groupId
        let places = wanted.topics.map { named in named.map { ($0.name, $0.partitionIndexes) } }
        group.topics = committed(of: wanted.groupId, places).map { name, parts in
            var topic = OffsetFetchResponse.OffsetFetchResponseGroup.OffsetFetchResponseTopics()
            topic.name = name
            topic.partitions = parts.map { index, offset in
                var part =
                    OffsetFetchResponse.OffsetFetchResponseGroup.OffsetFetchResponseTopics
                    .OffsetFetchResponsePartitions()
                part.partitionIndex = index
                part.committedOffset = offset?.offset ?? -1
                part.committedLeaderEpoch = offset?.leaderEpoch ?? -1
                part.metadata = offset?.metadata ?? ""
                return part
            }
            return topic
        }
        return group
    }

    /// Offsets by topic; all that the group has where none are named.
    private func committed(
        of group: String, _ places: [(String, [Int32])]?
    ) -> [(String, [(Int32, CommittedOffset?)])] {
        let known = offsets.groups[group] ?? [:]
        if let places {
            return places.map { topic, parts in
                (topic, parts.map { ($0, known[CommittedOffsets.Place(topic: topic, partition: $0)]) })
            }
        }
        return Dictionary(grouping: known.values, by: \.topic).sorted { $0.key < $1.key }.map { topic, found in
            (topic, found.sorted { $0.partition < $1.partition }.map { ($0.partition, $0) })
        }
    }

    // MARK: Operators

    func describeGroups(_ request: DescribeGroupsRequest, _ exchange: Exchange) {
        var response = DescribeGroupsResponse()
        response.groups = request.groups.map { name in
            var answer = DescribeGroupsResponse.DescribedGroup()
            answer.groupId = name
            guard let group = groups.groups[name] else {
                let isKnown = offsets.groups[name] != nil
                answer.groupState = isKnown ? Group.State.empty.rawValue : "Dead"
                // From version 6 on an unknown group is an error.
                if !isKnown, exchange.header.version >= 6 {
                    answer.errorCode = ErrorCode.groupIDNotFound.rawValue
                    answer.errorMessage = "Group \(name) not found."
                }
                return answer
            }
            answer.groupState = group.state.rawValue
            answer.protocolType = group.protocolType
            answer.protocolData = group.state == .stable ? group.chosen : ""
            answer.members = group.members.map { member in
                var described = DescribeGroupsResponse.DescribedGroup.DescribedGroupMember()
                described.memberId = member.id
                described.groupInstanceId = member.instanceID
                described.clientId = member.clientID
                described.clientHost = member.host
                if group.state == .stable {
                    described.memberMetadata = member.metadata(of: group.chosen)
                    described.memberAssignment = member.assignment
                }
                return described
            }
            return answer
        }
        exchange.answer(response)
    }

    func listGroups(_ request: ListGroupsRequest, _ exchange: Exchange) {
        var response = ListGroupsResponse()
        let names = Set(groups.groups.keys).union(offsets.groups.keys)
        for name in names.sorted() {
            let group = groups.groups[name]
            var listed = ListGroupsResponse.ListedGroup()
            listed.groupId = name
            listed.protocolType = group?.protocolType ?? ""
            listed.groupState = (group?.state ?? .empty).rawValue
            listed.groupType = "Classic"
            let states = request.statesFilter.map { $0.lowercased() }
            let types = request.typesFilter.map { $0.lowercased() }
            guard states.isEmpty || states.contains(listed.groupState.lowercased()) else { continue }
            guard types.isEmpty || types.contains("classic") else { continue }
            response.groups.append(listed)
        }
        exchange.answer(response)
    }

    func deleteGroups(_ request: DeleteGroupsRequest, _ exchange: Exchange) {
        var removals: [CommittedOffset] = []
        var response = DeleteGroupsResponse()
        response.results = request.groupsNames.map { name in
            var result = DeleteGroupsResponse.DeletableGroupResult()
            result.groupId = name
            if let group = groups.groups[name], !group.members.isEmpty {
                result.errorCode = ErrorCode.nonEmptyGroup.rawValue
            } else if groups.groups[name] == nil, offsets.groups[name] == nil {
                result.errorCode = ErrorCode.groupIDNotFound.rawValue
            } else {
                groups.groups[name] = nil
                removals += (offsets.groups[name] ?? [:]).values.map(\.removal)
            }
            return result
        }
        guard !removals.isEmpty else { return exchange.answer(response) }
        keep(removals) { [response] isKept in
            var response = response
            for index in response.results.indices where !isKept && response.results[index].errorCode == 0 {
                response.results[index].errorCode = ErrorCode.storageError.rawValue
            }
            exchange.answer(response)
        }
    }

    /// Offsets of a topic that was deleted.
    func forgetOffsets(of topic: String) {
        let removals = offsets.groups.values.flatMap { $0.values.filter { $0.topic == topic }.map(\.removal) }
        if !removals.isEmpty { keep(removals) { _ in } }
    }
}

extension CommittedOffset {
    fileprivate var removal: CommittedOffset {
        var copy = self
        copy.isRemoval = true
        return copy
    }
}
