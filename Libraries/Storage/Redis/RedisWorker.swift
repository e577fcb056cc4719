import Glibc

/// The client's thread: connects, sends what the mailbox holds, hands out replies.
final class RedisWorker {
    private struct Flight {
        let group: RedisMailbox.Group
        let deadline: Int64
        var replies: [RedisReply] = []
    }

    /// How long an idle thread sleeps before it looks around; anything new wakes it.
    private static let idleMilliseconds: Int64 = 60_000

    private let mailbox: RedisMailbox
    private let configuration: RedisConfiguration
    private let onStateChange: @Sendable (RedisClient.State) -> Void
    private var flights: [Flight] = []
    /// Flights before this index have landed.
    private var landed = 0

    init(
        _ mailbox: RedisMailbox, _ configuration: RedisConfiguration,
        _ onStateChange: @escaping @Sendable (RedisClient.State) -> Void
    ) {
        self.mailbox = mailbox
        self.configuration = configuration
        self.onStateChange = onStateChange
    }

    func run() {
        var backoff = Backoff(attemptLimit: nil)
        while !mailbox.isClosed {
            do throws(RedisError) {
                let link = try connect()
                backoff.reset()
                try serve(link)
            } catch {
                goAway(error)
                pause(milliseconds: backoff.next() ?? backoff.longestMilliseconds)
            }
        }
        goAway(.closed)
    }

    private func connect() throws(RedisError) -> RedisLink {
        do throws(RedisError) {
            let link = try RedisLink(configuration)
            mailbox.set(.connected)
            onStateChange(.connected)
            return link
        } catch {
            throw error.whileConnecting
        }
    }

    /// Works until the mailbox is closed and everything under way is answered; throws when the connection is lost.
    private func serve(_ link: RedisLink) throws(RedisError) {
        while true {
            send(mailbox.takeAll(), link)
            if flights.isEmpty, mailbox.isClosed { return }
            let deadline =
                flights.isEmpty ? monotonicMilliseconds() + RedisWorker.idleMilliseconds : flights[landed].deadline
            _ = try link.step(wake: mailbox.wakeReceiver, deadline: deadline)
            while let reply = try link.nextReply() { try land(reply) }
            // Only what has not come after the socket was emptied is late: this thread may have been suspended.
            guard flights.isEmpty || flights[landed].deadline > monotonicMilliseconds() else {
                throw .timedOut(milliseconds: configuration.replyTimeoutMilliseconds)
            }
        }
    }

    private func send(_ groups: [RedisMailbox.Group], _ link: RedisLink) {
        guard !groups.isEmpty else { return }
        let deadline = monotonicMilliseconds() + Int64(configuration.replyTimeoutMilliseconds)
        for group in groups {
            for command in group.commands { link.enqueue(command) }
            flights.append(Flight(group: group, deadline: deadline))
        }
    }

    private func land(_ reply: RedisReply) throws(RedisError) {
        guard landed < flights.count else { throw .unexpectedReply("more than was asked") }
        flights[landed].replies.append(reply)
        let flight = flights[landed]
        guard flight.replies.count == flight.group.commands.count else { return }
        landed += 1
        // Moving what is left to the front is paid for by as many landings.
        if 2 * landed >= flights.count {
            flights.removeFirst(landed)
            landed = 0
        }
        finish(flight.group, .success(flight.replies))
    }

    /// Fails what is under way, and what was handed over but not sent.
    private func goAway(_ reason: RedisError) {
        let state: RedisClient.State = reason == .closed ? .closed : .away(.notConnected(reason: reason.description))
        mailbox.set(state)
        let lost = flights[landed...]
        flights = []
        landed = 0
        for flight in lost { finish(flight.group, .failure(reason)) }
        for group in mailbox.takeAll() {
            finish(group, .failure(reason == .closed ? .closed : .notConnected(reason: reason.description)))
        }
        onStateChange(state)
    }

    private func finish(_ group: RedisMailbox.Group, _ result: Result<[RedisReply], RedisError>) {
        mailbox.release(group)
        group.completion(result)
    }

    /// Sleeps before the next attempt; closing the client ends it early.
    private func pause(milliseconds: Int) {
        _ = RedisSocket.wait(
            mailbox.wakeReceiver, POLLIN, deadline: monotonicMilliseconds() + Int64(milliseconds))
    }
}
