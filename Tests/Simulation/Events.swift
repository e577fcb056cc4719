/// What happened in histories, counted so that the simulation cannot lose its power unnoticed.
enum Event: String, CaseIterable, Sendable {
    // Faults.
    case crash, stop, suspension, gatewayDeath, takeover, brokerAway, clockSetBack, acknowledgementLost,
        acknowledgedAndLost, frameRefused, oldFrameAgain, forgedRecord, retention
    // What readers dropped.
    case copyDropped, holeDropped, staleDropped, epochClosed, quarantined
    // Incidents.
    case tailLost, passedByRetention, otherCluster, replicaDiverged, versionRaised, oldReleaseStopped
    // What clients were told.
    case outcomeUnknown, shed, deadlinePassed, orderNotFound, read
    // What the venue did.
    case accepted, trade, immediateOrCancelEnded, fillOrKillFilled, fillOrKillEnded, makerOnlyRested, makerOnlyRefused,
        marketByQuantity, marketByQuote, prevention, amended, canceled, canceledByVenue, closedMarketRefused,
        killedRefused, withdrawalSettled, withdrawalReleased, definitionOvertaken

    /// How often it must have happened in 2,000 histories.
    var leastInTwoThousand: Int {
        switch self {
        case .otherCluster, .passedByRetention: 40
        case .tailLost, .replicaDiverged, .versionRaised, .oldReleaseStopped, .definitionOvertaken: 60
        default: 300
        }
    }
}

/// Counts of events.
struct EventCounts: Sendable, CustomStringConvertible {
    private var counts: [Event: Int] = [:]

    subscript(_ event: Event) -> Int {
        get { counts[event, default: 0] }
        set { counts[event] = newValue }
    }

    mutating func add(_ other: EventCounts) { counts.merge(other.counts, uniquingKeysWith: +) }

    /// The events that happened too seldom in so many histories.
    func missing(in histories: Int) -> [Event] {
        Event.allCases.filter { self[$0] * 2_000 < $0.leastInTwoThousand * histories }
    }

    var description: String { Event.allCases.map { "\($0.rawValue) \(self[$0])" }.joined(separator: ", ") }
}
