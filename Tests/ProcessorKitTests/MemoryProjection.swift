import Messaging
import ProcessorKit
import Records
import Storage
import Synchronization
import TradingCore

/// A table in memory and its position, for any number of replicas. It fails as a database does.
final class MemoryTable: Sendable {
    enum Trouble {
        case none
        /// No session can be made, and those that were are lost.
        case away
        /// What is stored is refused, and will be until somebody mends it.
        case broken
        /// The next batch is stored, and its answer is lost with the session.
        case losesAnswer
        /// What is to be stored waits.
        case held
    }

    struct State {
        var trouble = Trouble.none
        var sessions = 0
        var writer: Int?
        var position: StoredPosition?
        /// The ids of the orders that were stored.
        var rows: [Int64] = []
        var isSaving = false
        /// How many records projections have taken, and how many of them were not to be stored.
        var taken = 0
        var seen = 0
    }

    let state = Mutex(State())

    func set(_ trouble: Trouble) {
        state.withLock { state in
            state.trouble = trouble
            if trouble == .away { state.writer = nil }
        }
    }

    /// Ends all sessions, as a restart does.
    func endSessions() { state.withLock { $0.writer = nil } }

    var rows: [Int64] { state.withLock { $0.rows } }

    /// The next offset in the stored position; 0 without one.
    var next: Int64 { state.withLock { $0.position?.position.next ?? 0 } }
}

/// Stores the id of every order that an engine accepted.
final class MemoryProjection: PartitionProjection, SendableMetatype {
    static let inbox = TopicPartition(.executions, UInt16(0))

    let partition = MemoryProjection.inbox
    let isOwned = true
    private let table: MemoryTable
    private let session: Int
    private var gathered: [Int64] = []
    private(set) var isWithinParts = false

    init(_ table: MemoryTable) {
        self.table = table
        session = table.state.withLock { state in
            state.sessions += 1
            return state.sessions
        }
    }

    deinit {
        table.state.withLock { state in
            if state.writer == session { state.writer = nil }
        }
    }

    var waitingRows: Int { gathered.count }

    func connect() throws { try table.state.withLock { try MemoryProjection.check($0) } }

    private static func check(_ state: borrowing MemoryTable.State) throws {
        guard case .away = state.trouble else { return }
        throw PostgresError(.notConnected, operation: "connect", message: "nobody is there")
    }

    func becomeWriter() throws -> Bool {
        try table.state.withLock { state in
            try MemoryProjection.check(state)
            if state.writer == nil { state.writer = session }
            return state.writer == session
        }
    }

    func load() throws -> StoredPosition? {
        try table.state.withLock { state in
            try MemoryProjection.check(state)
            return state.position
        }
    }

    func discard() {
        gathered = []
        isWithinParts = false
    }

    func take(
        _ record: FollowedRecord, _ payload: RawSpan, after last: @autoclosure () -> RecordMark?, isWritten: Bool
    ) throws(RecordFailure) {
        let content: ExecutionsRecord
        do throws(RecordError) {
            content = try ExecutionsRecord(type: record.header.type, payload: payload)
        } catch {
            throw .unreadable("\(error)")
        }
        if isWritten, case .execution(let execution) = content {
            isWithinParts = execution.moreParts
            if let accepted = execution.accepted { gathered.append(accepted.orderId.rawValue) }
        }
        table.state.withLock { state in
            state.taken += 1
            if !isWritten { state.seen += 1 }
        }
    }

    func save(from previous: Int64, to position: FollowerPosition, cluster: String) throws {
        let pause = try LogWake()
        table.state.withLock { $0.isSaving = true }
        while table.state.withLock({ $0.trouble == .held }) { pause.wait(milliseconds: 1) }
        try table.state.withLock { state in
            state.isSaving = false
            try MemoryProjection.check(state)
            guard state.writer == session else {
                throw PostgresError(.connectionLost, operation: "insert", message: "the session has ended")
            }
            guard state.trouble != .broken else {
                throw PostgresError(.refused, operation: "insert", message: "no such table", sqlState: "42P01")
            }
            guard (state.position?.position.next ?? 0) == previous else { throw ProjectionSuperseded() }
            state.position = StoredPosition(position: position, cluster: cluster)
            state.rows += gathered
            guard state.trouble == .losesAnswer else { return }
            state.trouble = .none
            state.writer = nil
            throw PostgresError(.connectionLost, operation: "commit", message: "the session has ended")
        }
        gathered = []
    }
}
