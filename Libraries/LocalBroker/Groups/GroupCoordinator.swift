import Network

/// Coordinates consumer groups: who is a member, who leads, what each has. All of it is in memory, as members find
/// themselves together again after a restart; only committed offsets are kept.
final class GroupCoordinator {
    static let sessionMilliseconds: ClosedRange<Int32> = 1_000...1_800_000
    static let maximumMembers = 1_000
    static let maximumGroups = 10_000
    /// A group without members waits so long for more of them, so that a fleet that starts together joins once.
    static let firstRebalanceMilliseconds = 200

    let loop: EventLoop
    let report: (String) -> Void
    var groups: [String: Group] = [:]

    init(on loop: EventLoop, report: @escaping (String) -> Void) {
        self.loop = loop
        self.report = report
    }

    // MARK: Sessions

    /// The member has been heard of.
    func touch(_ member: GroupMember, in group: Group) {
        if let session = member.session { loop.cancel(session) }
        member.session = loop.schedule(afterMilliseconds: member.sessionMilliseconds) { [weak self, weak group] in
            guard let self, let group else { return }
            // Whoever waits in a join or sync is there, as long as its connection is.
            if member.join?.isOpen ?? false || member.sync?.isOpen ?? false { return touch(member, in: group) }
            report("group \(group.name): \(member.id) was not heard of for \(member.sessionMilliseconds) ms")
            remove(member, from: group)
        }
    }

    /// Takes a member out; the others share anew.
    func remove(_ member: GroupMember, from group: Group) {
        if let session = member.session { loop.cancel(session) }
        answerJoin(member, .unknownMemberID)
        answerSync(member, .unknownMemberID)
        group.members.removeAll { $0 === member }
        switch group.state {
        case .stable, .completing: prepare(group)
        case .preparing: completeIfAllJoined(group)
        case .empty: break
        }
    }

    // MARK: Rebalance

    func prepare(_ group: Group) {
        // Members in the middle of the last one begin again.
        for member in group.members { answerSync(member, .rebalanceInProgress) }
        let isFirst = group.state == .empty
        group.state = .preparing
        if let timer = group.rebalance { loop.cancel(timer) }
        guard !group.members.isEmpty else { return complete(group) }
        let wait = isFirst ? Self.firstRebalanceMilliseconds : group.members.map(\.rebalanceMilliseconds).max() ?? 0
        group.rebalance = loop.schedule(afterMilliseconds: wait) { [weak self, weak group] in
            guard let self, let group else { return }
            complete(group)
        }
        group.isFirstRebalance = isFirst
        completeIfAllJoined(group)
    }

    func completeIfAllJoined(_ group: Group) {
        guard group.state == .preparing, !group.isFirstRebalance else { return }
        guard group.pending.isEmpty, group.members.allSatisfy({ $0.join != nil }) else { return }
        complete(group)
    }

    /// Everybody who is to come has come: those who have not are out.
    private func complete(_ group: Group) {
        if let timer = group.rebalance { loop.cancel(timer) }
        group.rebalance = nil
        group.isFirstRebalance = false
        for member in group.members where member.join == nil && member.instanceID == nil {
            if let session = member.session { loop.cancel(session) }
        }
        group.members.removeAll { $0.join == nil && $0.instanceID == nil }
        group.generation &+= 1
        guard !group.members.isEmpty else {
            group.state = .empty
            group.leader = ""
            group.chosen = ""
            return
        }
        group.state = .completing
        group.chosen = group.vote()
        if group.member(group.leader)?.join == nil {
            group.leader = (group.members.first { $0.join != nil } ?? group.members[0]).id
        }
        for member in group.members {
            member.assignment = []
            touch(member, in: group)
            answerJoin(member, in: group)
        }
        awaitSync(group)
    }

    /// Members that do not fetch their part within the time of a rebalance are out.
    private func awaitSync(_ group: Group) {
        let generation = group.generation
        let wait = group.members.map(\.rebalanceMilliseconds).max() ?? 0
        group.rebalance = loop.schedule(afterMilliseconds: wait) { [weak self, weak group] in
            guard let self, let group, group.state == .completing, group.generation == generation else { return }
            let missing = group.members.filter { $0.sync == nil }
            report("group \(group.name): \(missing.count) members did not ask for their part")
            for member in missing {
                if let session = member.session { loop.cancel(session) }
            }
            group.members.removeAll { $0.sync == nil }
            prepare(group)
        }
    }

    // MARK: Answers

    func answerJoin(_ member: GroupMember, in group: Group) {
        guard let exchange = member.join else { return }
        member.join = nil
        exchange.answer(joined(member, in: group, version: exchange.header.version))
    }

    func joined(_ member: GroupMember, in group: Group, version: Int16) -> JoinGroupResponse {
        var response = JoinGroupResponse()
        response.generationId = group.generation
        response.protocolType = group.protocolType
        response.protocolName = group.chosen
        response.leader = group.leader
        response.memberId = member.id
        guard member.id == group.leader else { return response }
        response.members = group.members.map { other in
            var described = JoinGroupResponse.JoinGroupResponseMember()
            described.memberId = other.id
            described.groupInstanceId = other.instanceID
            described.metadata = other.metadata(of: group.chosen)
            return described
        }
        return response
    }

    private func answerJoin(_ member: GroupMember, _ code: ErrorCode) {
        guard let exchange = member.join else { return }
        member.join = nil
        exchange.answer(Self.refusedJoin(code, member.id, exchange))
    }

    static func refusedJoin(_ code: ErrorCode, _ member: String, _ exchange: Exchange) -> JoinGroupResponse {
        var response = JoinGroupResponse()
        response.errorCode = code.rawValue
        response.memberId = member
        // Null came with version 7.
        response.protocolName = exchange.header.version >= 7 ? nil : ""
        return response
    }

    func answerSync(_ member: GroupMember, _ code: ErrorCode) {
        guard let exchange = member.sync else { return }
        member.sync = nil
        exchange.answer(Self.refusedSync(code))
    }

    static func refusedSync(_ code: ErrorCode) -> SyncGroupResponse {
        var response = SyncGroupResponse()
        response.errorCode = code.rawValue
        return response
    }

    func synced(_ member: GroupMember, in group: Group) -> SyncGroupResponse {
        var response = SyncGroupResponse()
        response.protocolType = group.protocolType
        response.protocolName = group.chosen
        response.assignment = member.assignment
        return response
    }
}
