import Crypto
import Foundation
import Network
import Records
import Synchronization
import Web

/// A named token of an operator.
public struct OperatorToken: Sendable, Equatable {
    /// What the audit trail shows.
    public var name: String
    var token: [UInt8]

    /// The shortest token.
    public static let minimumLength = 16

    static func isValid(_ text: String) -> Bool {
        do {
            _ = try OperatorToken(text)
            return true
        } catch {
            return false
        }
    }

    /// From `name:token`.
    ///
    /// - Throws: `OperatorError` when there is no name or the token is too short.
    public init(_ text: String) throws {
        guard let colon = text.firstIndex(of: ":"), colon != text.startIndex else {
            throw OperatorError.invalid("operator.tokens", "an operator's token is written name:token")
        }
        name = String(text[..<colon])
        token = Array(text[text.index(after: colon)...].utf8)
        guard token.count >= OperatorToken.minimumLength else {
            throw OperatorError.invalid(
                "operator.tokens", "the token of \(name) is shorter than \(OperatorToken.minimumLength) characters")
        }
    }
}

/// An operator's request and how it was answered, for the log.
public struct OperatorCall: Sendable {
    public var request: OperatorRequest
    public var status: HTTPStatus
    public var trace: Records.TraceContext
}

/// The operator API on a server of its own port; its work is done off the loop.
public final class OperatorHandler: WebHandler {
    /// Requests at once; one more is refused.
    public static let concurrentRequests = 256
    private static let prefix = "/operator/v1/"

    private let service: OperatorService
    private let tokens: [OperatorToken]
    private let running = RunningCount()
    private let observe: @Sendable (OperatorCall) -> Void
    private var traces = TraceMaker()

    /// - Parameters:
    ///   - tokens: none means that every request is the operator's "local"; only for a loopback address.
    ///   - observe: gets every request that was carried out.
    public init(
        service: OperatorService, tokens: [OperatorToken],
        observe: @escaping @Sendable (OperatorCall) -> Void = { _ in }
    ) {
        self.service = service
        self.tokens = tokens
        self.observe = observe
    }

    public func handle(_ request: borrowing HTTPRequest, _ exchange: HTTPExchange) {
        guard let ticket = exchange.ticket else { return }
        let parsed: OperatorRequest
        do throws(OperatorError) {
            parsed = try parse(request)
        } catch {
            let document = ErrorDocument(code: error.code, message: error.message, field: error.field)
            exchange.respond(OperatorService.response(document, error.status))
            return
        }
        guard running.enter(limit: OperatorHandler.concurrentRequests) else {
            let error = OperatorError.overloaded
            let document = ErrorDocument(code: error.code, message: error.message)
            exchange.respond(OperatorService.response(document, error.status))
            return
        }
        let service = service
        let running = running
        let observe = observe
        let trace = TraceHeader.read(request.headerText("traceparent")) ?? traces.next()
        Task {
            let response = await OperatorRequest.$trace.withValue(trace) { await service.answer(parsed) }
            running.leave()
            observe(OperatorCall(request: parsed, status: response.status, trace: trace))
            ticket.respond(response)
        }
    }

    private func parse(_ request: borrowing HTTPRequest) throws(OperatorError) -> OperatorRequest {
        let name = try operatorName(request.headerText("authorization"))
        let path = request.pathText
        guard path.hasPrefix(OperatorHandler.prefix) else { throw .unknown("route", path) }
        let parts = path.dropFirst(OperatorHandler.prefix.count).split(separator: "/")
            .map { $0.removingPercentEncoding ?? String($0) }
        var query: [String: String] = [:]
        for pair in request.queryText.split(separator: "&") {
            let sides = pair.split(separator: "=", maxSplits: 1)
            let value = sides.count == 2 ? String(sides[1]) : ""
            query[String(sides[0])] = value.removingPercentEncoding ?? value
        }
        return OperatorRequest(
            method: request.methodName, path: parts, query: query, body: Array(request.bodyText.utf8),
            operatorName: name)
    }

    private func operatorName(_ header: String?) throws(OperatorError) -> String {
        if tokens.isEmpty { return "local" }
        guard let header, header.hasPrefix("Bearer ") else { throw .unauthorized }
        let given = Array(header.dropFirst("Bearer ".count).utf8)
        for token in tokens where ConstantTime.equal(token.token, given) { return token.name }
        throw .unauthorized
    }
}

/// How many requests are being worked on.
private final class RunningCount: Sendable {
    private let count = Atomic(0)

    func enter(limit: Int) -> Bool {
        if count.wrappingAdd(1, ordering: .relaxed).newValue <= limit { return true }
        count.wrappingSubtract(1, ordering: .relaxed)
        return false
    }

    func leave() { count.wrappingSubtract(1, ordering: .relaxed) }
}
