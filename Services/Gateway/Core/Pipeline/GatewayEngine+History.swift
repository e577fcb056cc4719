import Messaging
import Records
import TradingCore

/// Questions to the database that have no answer yet, and queries that wait until the history has got far enough.
struct OpenQuestions {
    struct Wait {
        var partition: Int
        /// The next offset of `executions` that the history must have reached.
        var next: Int64
        var deadline: Int64
        var body: (Bool) -> Void
    }

    /// Questions at once; one more is refused.
    static let maximum = 4_096
    /// Results that may wait: one for each question, and as many that have come too late.
    static let resultCapacity = 2 * (maximum + 1)
    /// How long an answer of the database is waited for; microseconds.
    static let patienceMicroseconds: Int64 = 10_000_000

    struct Question {
        var deadline: Int64
        var body: (HistoryResult) -> Void
    }

    var open: [UInt64: Question] = [:]
    /// When questions are next looked through for expired ones; microseconds.
    var nextExpiry: Int64 = 0
    var lastToken: UInt64 = 0
    var waits: [Wait] = []
    var isAskingPositions = false
    /// When the positions are asked for next; microseconds.
    var nextPositions: Int64 = 0
}

extension GatewayEngine {
    /// How often the history's position is looked at while nobody waits for it, and while somebody does.
    private static var idlePositionMicroseconds: Int64 { 250_000 }
    private static var busyPositionMicroseconds: Int64 { 10_000 }

    /// Asks the database; on no answer the client gets -1001, except for a single order: `body` sees then that there was none.
    func askHistory(
        _ question: HistoryQuestion, _ address: ReplyAddress, _ body: @escaping (HistoryResult) -> Void
    ) {
        guard questions.open.count < OpenQuestions.maximum else { return reply(address, .overloaded) }
        ask(question) { [unowned self] result in
            if case .unavailable(let reason) = result { report("the database did not answer: \(reason)", nil) }
            // An order may be found without the database; everything else cannot.
            if case .order = question { return body(result) }
            if case .unavailable = result { return reply(address, ApiError(.disconnected)) }
            body(result)
        }
    }

    private func ask(_ question: HistoryQuestion, _ body: @escaping (HistoryResult) -> Void) {
        questions.lastToken += 1
        let token = questions.lastToken
        questions.open[token] = OpenQuestions.Question(
            deadline: now + OpenQuestions.patienceMicroseconds, body: body)
        let results = results
        history.ask(question) { result in
            // One that finds no room expires like one that the database never answers.
            _ = results?.post(FinishedQuery(token: token, result: result))
        }
    }

    /// The database has answered.
    public func finish(_ finished: FinishedQuery) {
        questions.open.removeValue(forKey: finished.token)?.body(finished.result)
    }

    /// Gives up questions that are too old, looked at once a second: their results were lost. Nor do queries wait for a lost position.
    func expireQuestions() {
        guard now >= questions.nextExpiry else { return }
        questions.nextExpiry = now + 1_000_000
        let expired = questions.open.filter { now >= $0.value.deadline }.keys.sorted()
        for token in expired { finish(FinishedQuery(token: token, result: .unavailable("no answer in time"))) }
        finishHistoryWaits()
    }

    // MARK: How far the history has got

    /// Calls `body` once the history in the database has everything that `executions` holds now.
    func whenHistoryIsCurrent(_ partition: Int, _ address: ReplyAddress, _ body: @escaping () -> Void) {
        let source = TopicPartition(.executions, partition)
        let deadline = now + configuration.queryMicroseconds
        session.follower.whenCurrent([source], deadline: deadline) { [unowned self] isCurrent in
            guard isCurrent else { return reply(address, .overloaded) }
            // Ticks move no history: what counts is the last record of what an engine did.
            let next = lastExecutions[partition] + 1
            if historyNext(partition) >= next { return body() }
            questions.waits.append(
                OpenQuestions.Wait(partition: partition, next: next, deadline: deadline) { [unowned self] isThere in
                    if isThere { body() } else { reply(address, ApiError(.disconnected)) }
                })
            questions.nextPositions = min(questions.nextPositions, now)
        }
    }

    private func historyNext(_ partition: Int) -> Int64 {
        partition < historyPositions.orders.count ? historyPositions.orders[partition] : 0
    }

    /// Looks how far the history has got, when that is due: closed orders that it has are forgotten, queries that waited go on.
    func watchHistory() {
        guard !questions.isAskingPositions, now >= questions.nextPositions else { return }
        questions.isAskingPositions = true
        ask(.positions) { [unowned self] result in
            questions.isAskingPositions = false
            if case .positions(let positions) = result { historyPositions = positions }
            // The record before the next one is the last that the history has.
            orders.forget(through: historyPositions.orders.map { $0 - 1 })
            finishHistoryWaits()
            let pause =
                questions.waits.isEmpty ? Self.idlePositionMicroseconds : Self.busyPositionMicroseconds
            questions.nextPositions = now + pause
        }
    }

    private func finishHistoryWaits() {
        let waits = questions.waits
        questions.waits = []
        for wait in waits {
            if historyNext(wait.partition) >= wait.next {
                wait.body(true)
            } else if now >= wait.deadline {
                wait.body(false)
            } else {
                questions.waits.append(wait)
            }
        }
    }

    // MARK: Answers

    func answerOrders(_ result: HistoryResult, _ query: HistoryQuery, _ address: ReplyAddress, _ unit: TimeUnit) {
        guard case .orders(let found) = result else { return reply(address, ApiError(.unexpectedResponse)) }
        let renderer = OrderRenderer(unit: unit)
        writer.removeAll()
        writer.beginArray()
        for order in found { renderer.queried(order, query.market, to: &writer) }
        writer.endArray()
        reply(address, Answer(body: writer.bytes))
    }

    func answerFills(
        _ result: HistoryResult, _ query: HistoryQuery, _ address: ReplyAddress, _ unit: TimeUnit
    ) {
        guard case .fills(let found) = result else { return reply(address, ApiError(.unexpectedResponse)) }
        writer.removeAll()
        FillRenderer(unit: unit).fills(found, query.market, to: &writer)
        reply(address, Answer(body: writer.bytes))
    }
}
