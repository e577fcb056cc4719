import Network

/// A member of a consumer group.
final class GroupMember {
    let id: String
    /// Given by members that keep their place over restarts (static membership, KIP-345).
    let instanceID: String?
    var clientID: String
    var host: String
    var sessionMilliseconds: Int
    var rebalanceMilliseconds: Int
    /// What it can do, the best first, with what it says about itself.
    var protocols: [(name: String, metadata: [UInt8])]
    var assignment: [UInt8] = []
    /// Its JoinGroup that waits for the others.
    var join: Exchange?
    /// Its SyncGroup that waits for the leader's.
    var sync: Exchange?
    var session: Timer?

    init(id: String, request: JoinGroupRequest, protocols: [(name: String, metadata: [UInt8])], exchange: Exchange) {
        self.id = id
        instanceID = request.groupInstanceId
        self.protocols = protocols
        clientID = exchange.header.clientID ?? ""
        host = "/" + exchange.peer
        sessionMilliseconds = Int(request.sessionTimeoutMs)
        rebalanceMilliseconds = Int(
            request.rebalanceTimeoutMs >= 0 ? request.rebalanceTimeoutMs : request.sessionTimeoutMs)
    }

    func metadata(of name: String) -> [UInt8] { protocols.first { $0.name == name }?.metadata ?? [] }

    func hasSameProtocols(as others: [(name: String, metadata: [UInt8])]) -> Bool {
        protocols.count == others.count
            && zip(protocols, others).allSatisfy { $0.name == $1.name && $0.metadata == $1.metadata }
    }
}

/// A consumer group under the classic protocol: members join, one of them (the leader) assigns, all get their part.
/// Source: "Kafka Client-side Assignment Proposal", KIP-62, KIP-345, KIP-394.
final class Group {
    enum State: String {
        case empty = "Empty"
        /// Members are awaited; those that were there have to join again.
        case preparing = "PreparingRebalance"
        /// All have joined; the leader's assignment is awaited.
        case completing = "CompletingRebalance"
        case stable = "Stable"
    }

    let name: String
    var state = State.empty
    var generation: Int32 = 0
    var protocolType = ""
    var chosen = ""
    var leader = ""
    /// In the order in which they came.
    var members: [GroupMember] = []
    /// Ids that were given out and have not joined yet, with what ends them.
    var pending: [String: Timer] = [:]
    var rebalance: Timer?
    /// The group had no members before: more of them are waited for whether or not all have joined.
    var isFirstRebalance = false

    init(name: String) { self.name = name }

    func member(_ id: String) -> GroupMember? { members.first { $0.id == id } }
    func member(instance: String) -> GroupMember? { members.first { $0.instanceID == instance } }

    /// Protocols that every member knows.
    func common() -> Set<String> {
        members.reduce(into: Set(members.first?.protocols.map(\.name) ?? [])) { common, member in
            common.formIntersection(member.protocols.map(\.name))
        }
    }

    /// The common protocol that most members like best; of equals the first by name.
    func vote() -> String {
        let common = common()
        var votes: [String: Int] = [:]
        for member in members {
            if let best = member.protocols.first(where: { common.contains($0.name) }) {
                votes[best.name, default: 0] += 1
            }
        }
        return votes.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? ""
    }
}
