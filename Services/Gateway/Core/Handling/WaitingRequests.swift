import Records
import TradingCore
import Web

/// A request that waits for the engine's answer, on the loop that has it.
struct WaitingRequest {
    enum Target {
        case http(HTTPExchange)
        case socket(RequestSession, RequestID?)
    }

    var target: Target
    var endpoint: Endpoint
    /// What its weight is charged to.
    var counter: WeightCounter
    var weight: Int
    /// Weight used when it was admitted.
    var used: Int
    var number: UInt64
    /// Monotonic nanoseconds.
    var started: UInt64
    var returnsRateLimits = true
    /// Of the key that signed it.
    var account = AccountID(0)
    var trace: Records.TraceContext?
}

/// The requests of one loop that wait for answers, by slot.
struct WaitingRequests {
    /// Requests at once on one loop; one more is shed.
    static let maximum = 65_536

    private var slots: [(request: WaitingRequest?, generation: UInt32)] = []
    private var free: [UInt32] = []

    var count: Int { slots.count - free.count }

    /// - Returns: the request's slot and generation; nil when there are too many.
    mutating func insert(_ request: WaitingRequest) -> (slot: UInt32, generation: UInt32)? {
        if let slot = free.popLast() {
            slots[Int(slot)].request = request
            return (slot, slots[Int(slot)].generation)
        }
        guard slots.count < WaitingRequests.maximum else { return nil }
        slots.append((request, 0))
        return (UInt32(slots.count - 1), 0)
    }

    mutating func take(_ slot: UInt32, _ generation: UInt32) -> WaitingRequest? {
        guard Int(slot) < slots.count, slots[Int(slot)].generation == generation,
            let request = slots[Int(slot)].request
        else { return nil }
        slots[Int(slot)].request = nil
        slots[Int(slot)].generation &+= 1
        free.append(slot)
        return request
    }
}
