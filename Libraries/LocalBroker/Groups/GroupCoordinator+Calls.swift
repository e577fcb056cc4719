import Network

extension GroupCoordinator {
    // MARK: JoinGroup

    func join(_ request: JoinGroupRequest, _ frame: UnsafeRawBufferPointer, _ exchange: Exchange) {
        let protocols = request.protocols.map { (name: $0.name, metadata: [UInt8]($0.metadata.of(frame))) }
        if let code = fault(in: request) {
            return exchange.answer(Self.refusedJoin(code, request.memberId, exchange))
        }
        let group = groups[request.groupId] ?? Group(name: request.groupId)
        guard groups[request.groupId] != nil || groups.count < Self.maximumGroups else {
            return exchange.answer(Self.refusedJoin(.coordinatorNotAvailable, request.memberId, exchange))
        }
        if !group.members.isEmpty {
            let common = group.common()
            guard group.protocolType == request.protocolType, protocols.contains(where: { common.contains($0.name) })
            else { return exchange.answer(Self.refusedJoin(.inconsistentGroupProtocol, request.memberId, exchange)) }
        }
        groups[group.name] = group
        if request.memberId.isEmpty {
            enter(group, request, protocols, exchange)
        } else {
            rejoin(group, request, protocols, exchange)
        }
    }

    private func fault(in request: JoinGroupRequest) -> ErrorCode? {
        if request.groupId.isEmpty { return .invalidGroupID }
        if !Self.sessionMilliseconds.contains(request.sessionTimeoutMs) { return .invalidSessionTimeout }
        return request.protocols.isEmpty || request.protocolType.isEmpty ? .inconsistentGroupProtocol : nil
    }

    /// Somebody without an id: a new member, or one that keeps its place.
    private func enter(
        _ group: Group, _ request: JoinGroupRequest, _ protocols: [(name: String, metadata: [UInt8])],
        _ exchange: Exchange
    ) {
        guard group.members.count + group.pending.count < Self.maximumMembers else {
            return exchange.answer(Self.refusedJoin(.groupMaxSizeReached, "", exchange))
        }
        let prefix = request.groupInstanceId ?? exchange.header.clientID ?? "member"
        let id = "\(prefix)-\(KafkaUUID.random().text)"
        if let instance = request.groupInstanceId, let old = group.member(instance: instance) {
            return replace(old, in: group, with: id, request, protocols, exchange)
        }
        // A member first takes an id and then joins with it (KIP-394): one that gives up leaves nothing behind.
        if exchange.header.version >= 4, request.groupInstanceId == nil {
            group.pending[id] = loop.schedule(afterMilliseconds: Int(request.sessionTimeoutMs)) {
                [weak self, weak group] in
                guard let self, let group else { return }
                group.pending[id] = nil
                completeIfAllJoined(group)
            }
            return exchange.answer(Self.refusedJoin(.memberIDRequired, id, exchange))
        }
        add(
            GroupMember(id: id, request: request, protocols: protocols, exchange: exchange), to: group, request,
            exchange)
    }

    private func add(_ member: GroupMember, to group: Group, _ request: JoinGroupRequest, _ exchange: Exchange) {
        group.protocolType = request.protocolType
        member.join = exchange
        group.members.append(member)
        touch(member, in: group)
        if group.state == .preparing { completeIfAllJoined(group) } else { prepare(group) }
    }

    /// A member that keeps its place has started again: the id of its last life is no longer valid.
    private func replace(
        _ old: GroupMember, in group: Group, with id: String, _ request: JoinGroupRequest,
        _ protocols: [(name: String, metadata: [UInt8])], _ exchange: Exchange
    ) {
        let member = GroupMember(id: id, request: request, protocols: protocols, exchange: exchange)
        member.assignment = old.assignment
        if let session = old.session { loop.cancel(session) }
        if let waiting = old.join { waiting.answer(Self.refusedJoin(.fencedInstanceID, old.id, waiting)) }
        answerSync(old, .fencedInstanceID)
        group.members = group.members.map { $0 === old ? member : $0 }
        let wasLeader = group.leader == old.id
        if wasLeader { group.leader = id }
        touch(member, in: group)
        guard group.state == .stable, old.hasSameProtocols(as: protocols) else {
            member.join = exchange
            return group.state == .preparing ? completeIfAllJoined(group) : prepare(group)
        }
        // Nothing has changed for the others. A leader is told that there is nothing to assign, where its version can
        // say so; an older one is no leader for this time.
        var response = joined(member, in: group, version: exchange.header.version)
        if wasLeader, exchange.header.version >= 9 { response.skipAssignment = true }
        if wasLeader, exchange.header.version < 9 {
            response.leader = old.id
            response.members = []
        }
        exchange.answer(response)
    }

    private func rejoin(
        _ group: Group, _ request: JoinGroupRequest, _ protocols: [(name: String, metadata: [UInt8])],
        _ exchange: Exchange
    ) {
        if let timer = group.pending.removeValue(forKey: request.memberId) {
            loop.cancel(timer)
            let member = GroupMember(id: request.memberId, request: request, protocols: protocols, exchange: exchange)
            return add(member, to: group, request, exchange)
        }
        let member: GroupMember
        switch find(request.memberId, request.groupInstanceId, in: group) {
        case .failure(let code): return exchange.answer(Self.refusedJoin(code, request.memberId, exchange))
        case .success(let found): member = found
        }
        let isSame = member.hasSameProtocols(as: protocols)
        member.protocols = protocols
        member.sessionMilliseconds = Int(request.sessionTimeoutMs)
        if request.rebalanceTimeoutMs >= 0 { member.rebalanceMilliseconds = Int(request.rebalanceTimeoutMs) }
        touch(member, in: group)
        switch group.state {
        case .completing where isSame, .stable where isSame && member.id != group.leader:
            // It has missed the answer; nothing has changed since.
            return exchange.answer(joined(member, in: group, version: exchange.header.version))
        case .preparing:
            member.join = exchange
            completeIfAllJoined(group)
        case .completing, .stable, .empty:
            member.join = exchange
            prepare(group)
        }
    }

    /// The member of this id; one that keeps its place must not have been replaced.
    func find(_ id: String, _ instance: String?, in group: Group) -> Result<GroupMember, ErrorCode> {
        if let instance, let holder = group.member(instance: instance), holder.id != id {
            return .failure(.fencedInstanceID)
        }
        return group.member(id).map { .success($0) } ?? .failure(.unknownMemberID)
    }

    // MARK: SyncGroup, Heartbeat, LeaveGroup

    func sync(_ request: SyncGroupRequest, _ frame: UnsafeRawBufferPointer, _ exchange: Exchange) {
        guard let group = groups[request.groupId] else { return exchange.answer(Self.refusedSync(.unknownMemberID)) }
        switch find(request.memberId, request.groupInstanceId, in: group) {
        case .failure(let code): exchange.answer(Self.refusedSync(code))
        case .success(let member):
            guard request.generationId == group.generation else {
                return exchange.answer(Self.refusedSync(.illegalGeneration))
            }
            if let type = request.protocolType, type != group.protocolType {
                return exchange.answer(Self.refusedSync(.inconsistentGroupProtocol))
            }
            if let name = request.protocolName, name != group.chosen {
                return exchange.answer(Self.refusedSync(.inconsistentGroupProtocol))
            }
            touch(member, in: group)
            take(request, from: member, in: group, frame, exchange)
        }
    }

    private func take(
        _ request: SyncGroupRequest, from member: GroupMember, in group: Group, _ frame: UnsafeRawBufferPointer,
        _ exchange: Exchange
    ) {
        switch group.state {
        case .empty: exchange.answer(Self.refusedSync(.unknownMemberID))
        case .preparing: exchange.answer(Self.refusedSync(.rebalanceInProgress))
        case .stable: exchange.answer(synced(member, in: group))
        case .completing:
            member.sync = exchange
            guard member.id == group.leader else { return }
            for part in request.assignments {
                group.member(part.memberId)?.assignment = [UInt8](part.assignment.of(frame))
            }
            group.state = .stable
            if let timer = group.rebalance { loop.cancel(timer) }
            group.rebalance = nil
            for waiting in group.members {
                guard let exchange = waiting.sync else { continue }
                waiting.sync = nil
                exchange.answer(synced(waiting, in: group))
            }
        }
    }

    func heartbeat(_ request: HeartbeatRequest) -> ErrorCode {
        guard let group = groups[request.groupId] else { return .unknownMemberID }
        switch find(request.memberId, request.groupInstanceId, in: group) {
        case .failure(let code): return code
        case .success(let member):
            guard request.generationId == group.generation else { return .illegalGeneration }
            touch(member, in: group)
            return group.state == .preparing ? .rebalanceInProgress : .none
        }
    }

    func leave(_ id: String, instance: String?, group name: String) -> ErrorCode {
        guard let group = groups[name] else { return .unknownMemberID }
        if let timer = group.pending.removeValue(forKey: id) {
            loop.cancel(timer)
            completeIfAllJoined(group)
            return .none
        }
        // An operator may name a place without its holder.
        if let instance, id.isEmpty {
            guard let member = group.member(instance: instance) else { return .unknownMemberID }
            remove(member, from: group)
            return .none
        }
        switch find(id, instance, in: group) {
        case .failure(let code): return code
        case .success(let member):
            remove(member, from: group)
            return .none
        }
    }

    /// Whether a commit under these credentials counts.
    func mayCommit(_ request: OffsetCommitRequest) -> ErrorCode {
        guard let group = groups[request.groupId], group.state != .empty else {
            // Nobody coordinates: a reader that only keeps its offsets here, or one that is late.
            return request.generationIdOrMemberEpoch < 0 ? .none : .illegalGeneration
        }
        guard request.generationIdOrMemberEpoch >= 0 || !request.memberId.isEmpty else { return .unknownMemberID }
        switch find(request.memberId, request.groupInstanceId, in: group) {
        case .failure(let code): return code
        case .success(let member):
            guard request.generationIdOrMemberEpoch == group.generation else { return .illegalGeneration }
            touch(member, in: group)
            return group.state == .completing ? .rebalanceInProgress : .none
        }
    }
}
