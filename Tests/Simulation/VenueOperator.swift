import Messaging
import Records
import TradingCore

/// The operators' common table (rule 15): each definition with its revision, and what every inbox has reported of it.
struct VenueOperator {
    enum Subject: Hashable, CaseIterable {
        case firstInstrument, secondInstrument, firstAccount, thirdAccount, feeSchedule, venue
    }

    /// What a definition says in one revision.
    struct Version {
        var status = TradingStatus.trading
        var isKilled = false
        var basisPoints: UInt32 = 10
    }

    /// A definition on its way to one inbox.
    struct Write {
        var subject: Subject
        var revision: UInt64
        var destination: TopicPartition
    }

    private let venue: VenueShape
    /// By revision, the first one at 1.
    private(set) var versions: [Subject: [Version]]
    /// The highest revision that each inbox has reported.
    private(set) var reported: [Subject: [TopicPartition: UInt64]] = [:]
    /// Waits for an operator to send it, in any order.
    private(set) var waiting: [Write] = []
    private var open: [UInt64: Write] = [:]
    /// Reports of a revision higher than the one that was written: the write had come too late.
    private(set) var overtaken = 0

    init(_ venue: VenueShape) {
        self.venue = venue
        versions = Dictionary(uniqueKeysWithValues: Subject.allCases.map { ($0, [Version()]) })
    }

    func revision(_ subject: Subject) -> UInt64 { UInt64(versions[subject, default: []].count) }

    /// The version of a revision; the first one where a report names none.
    func version(_ subject: Subject, _ revision: UInt64) -> Version {
        let all = versions[subject, default: []]
        return revision >= 1 && revision <= UInt64(all.count) ? all[Int(revision) - 1] : Version()
    }

    func current(_ subject: Subject) -> Version { version(subject, revision(subject)) }

    // MARK: Changing and writing

    /// Raises a definition's revision in the table and sets out to write it.
    mutating func change(_ subject: Subject, _ random: inout Randomness) {
        var version = current(subject)
        switch subject {
        case .firstInstrument, .secondInstrument:
            let closed: [TradingStatus] = [.halt, .pause, .cancelOnly]
            version.status = version.status == .trading ? closed[random.below(3)] : .trading
        case .firstAccount, .thirdAccount, .venue: version.isKilled.toggle()
        case .feeSchedule: version.basisPoints = UInt32(random.below(30))
        }
        versions[subject, default: []].append(version)
        write(subject)
    }

    /// Opens markets and accounts again that are closed.
    mutating func reopen(_ random: inout Randomness) {
        for subject in Subject.allCases {
            let version = current(subject)
            if version.isKilled || version.status != .trading { change(subject, &random) }
        }
    }

    /// An instrument goes to its engine first, and to `orders` once that has reported it.
    private mutating func write(_ subject: Subject) {
        let revision = revision(subject)
        for destination in destinations(of: subject) where reported(subject, destination) < revision {
            if destination.topic == .orders, let engine = engine(of: subject), reported(subject, engine) < revision {
                continue
            }
            waiting.append(Write(subject: subject, revision: revision, destination: destination))
        }
    }

    /// Writes again whatever no inbox has confirmed and nobody is at.
    mutating func reconcile() {
        for subject in Subject.allCases {
            let isUnderWay =
                waiting.contains { $0.subject == subject } || open.values.contains { $0.subject == subject }
            if !isUnderWay { write(subject) }
        }
    }

    var isConfirmed: Bool {
        Subject.allCases.allSatisfy { subject in
            destinations(of: subject).allSatisfy { reported(subject, $0) == revision(subject) }
        }
    }

    /// What is not confirmed, for a violation.
    var unconfirmed: String {
        Subject.allCases.flatMap { subject in
            destinations(of: subject).filter { reported(subject, $0) < revision(subject) }
                .map { "\(subject) \(revision(subject)) in \($0), which has \(reported(subject, $0))" }
        }.joined(separator: ", ") + "; open: \(open.values), waiting: \(waiting)"
    }

    /// Takes a waiting write, not always the oldest.
    mutating func takeWrite(_ random: inout Randomness) -> Write? {
        waiting.isEmpty ? nil : waiting.remove(at: random.below(waiting.count))
    }

    mutating func sent(_ write: Write, token: UInt64) { open[token] = write }

    /// - Throws: when an inbox reports a revision that nobody gave, or one lower than it had.
    mutating func answered(_ token: UInt64, _ answer: Answer) throws {
        guard let write = open.removeValue(forKey: token) else { return }
        let revision: UInt64?
        switch answer {
        case .execution(let execution): revision = execution.report?.revision
        case .event(let event): revision = event.revisionReport?.revision
        case .unknown, .shed: return
        }
        guard let revision, revision >= write.revision, revision <= self.revision(write.subject) else {
            throw Violation("\(write) was answered with revision \(revision.map { "\($0)" } ?? "none")")
        }
        if revision > write.revision { overtaken += 1 }
        let before = reported(write.subject, write.destination)
        reported[write.subject, default: [:]][write.destination] = max(before, revision)
        if write.destination.topic == .matching { self.write(write.subject) }
    }

    /// The beginning's definitions stand everywhere.
    private func reported(_ subject: Subject, _ destination: TopicPartition) -> UInt64 {
        reported[subject]?[destination] ?? 1
    }

    // MARK: Where definitions go

    func instrument(of subject: Subject) -> Int? {
        switch subject {
        case .firstInstrument: 1
        case .secondInstrument: 2
        case .firstAccount, .thirdAccount, .feeSchedule, .venue: nil
        }
    }

    func account(of subject: Subject) -> Int? {
        switch subject {
        case .firstAccount: 1
        case .thirdAccount: 3
        case .firstInstrument, .secondInstrument, .feeSchedule, .venue: nil
        }
    }

    private func engine(of subject: Subject) -> TopicPartition? {
        instrument(of: subject).map { TopicPartition(.matching, venue.partition(ofInstrument: $0)) }
    }

    private func destinations(of subject: Subject) -> [TopicPartition] {
        if let account = account(of: subject) { return [venue.orders(ofAccount: account)] }
        let orders = (0..<venue.accountPartitions).map { TopicPartition(.orders, $0) }
        return (engine(of: subject).map { [$0] } ?? []) + orders
    }

    func record(of write: Write) -> SentRecord {
        let version = version(write.subject, write.revision)
        if let number = instrument(of: write.subject) {
            var definition = venue.instrument(number)
            definition.revision = write.revision
            definition.status = version.status
            return write.destination.topic == .matching
                ? .matching(.instrument(definition)) : .orders(.instrument(definition))
        }
        if let number = account(of: write.subject) {
            var definition = venue.account(number)
            definition.revision = write.revision
            definition.killed = version.isKilled
            return .orders(.account(definition))
        }
        if write.subject == .venue {
            return .orders(.venue(VenueDefinition(revision: write.revision, killed: version.isKilled)))
        }
        var schedule = venue.feeSchedule
        schedule.revision = write.revision
        schedule.takerBasisPoints = version.basisPoints
        return .orders(.feeSchedule(schedule))
    }
}
