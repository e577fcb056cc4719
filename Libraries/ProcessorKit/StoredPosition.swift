import Messaging
import TradingCore

/// A follower's position with the cluster in which it holds, as a projection stores it beside what it projected.
public struct StoredPosition: Sendable, Equatable {
    static let formatVersion: UInt16 = 1

    public var position: FollowerPosition
    public var cluster: String

    public init(position: FollowerPosition, cluster: String) {
        self.position = position
        self.cluster = cluster
    }

    public var encoded: [UInt8] {
        var writer = StateWriter(capacity: 256)
        writer.write(StoredPosition.formatVersion)
        // A position is what a runtime state says of an inbox, without what was written.
        RuntimeState(
            clusterID: cluster, inbox: position.partition, writer: Writer(rawValue: 0), next: position.next,
            last: position.last, sequences: position.sequences
        ).encode(into: &writer)
        return writer.bytes
    }

    /// - Throws: `StateError` when the bytes are not a position.
    public init(decoding bytes: [UInt8]) throws(StateError) {
        var reader = StateReader(bytes)
        let version: UInt16 = try reader.read()
        guard version == StoredPosition.formatVersion else { throw StateError("position format \(version)") }
        let state = try RuntimeState(decoding: &reader)
        self.init(
            position: FollowerPosition(
                partition: state.inbox, next: state.next, last: state.last, sequences: state.sequences),
            cluster: state.clusterID)
    }
}
