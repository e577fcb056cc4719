import Network
import TradingCore
import Web

extension GatewayLoop {
    /// What a new connection is charged to its address.
    private static var connectionWeight: Int { 2 }

    public func upgrade(_ request: borrowing HTTPRequest, _ exchange: HTTPExchange) -> (any WebSocketHandler)? {
        let now = WallClock.milliseconds()
        let counter = shared.limiter.counter(address: request.peer.ip, now: now)
        let reply = Reply(number: nextRequestNumber(), used: counter.used(now: now))
        do throws(ApiError) {
            try counter.connect(now: now)
            let target = try SocketTarget(
                path: request.pathText, query: request.queryText, reference: reference)
            try counter.admit(weight: GatewayLoop.connectionWeight, now: now)
            switch target.kind {
            case .requests:
                return RequestSession(
                    owner: self, address: request.peer.ip, unit: target.unit,
                    returnsRateLimits: target.returnsRateLimits,
                    trace: TraceHeader.read(request.headerText("traceparent")))
            case .streams(let isCombined, let streams):
                return StreamSession(owner: self, isCombined: isCombined, unit: target.unit, streams: streams)
            }
        } catch {
            respond(error, exchange, reply)
            return nil
        }
    }
}

/// What a socket's URL asks for.
struct SocketTarget {
    enum Kind {
        case requests
        case streams(isCombined: Bool, [(key: StreamKey, name: String)])
    }

    let kind: Kind
    let unit: TimeUnit
    let returnsRateLimits: Bool

    /// - Throws: 404 for another path, -1121 for a stream that does not exist, -1194 for an unknown unit.
    init(path: String, query: String, reference: ReferenceSnapshot) throws(ApiError) {
        var parameters = ParameterList()
        var text = query
        text.withUTF8 { parameters.addQuery(UnsafeRawBufferPointer($0)) }
        try parameters.check()
        var unit = TimeUnit.milliseconds
        if let name = parameters.string(.timeUnit) {
            guard let known = TimeUnit(name) else { throw ApiError(.invalidTimeUnit) }
            unit = known
        }
        self.unit = unit
        returnsRateLimits = try parameters.bool(.returnRateLimits) ?? true
        // Decoded first, split then: a slash between names may be encoded.
        guard let parts = PathText.parts(path) else { throw ApiError(.unknown, httpStatus: 404) }
        switch parts.first {
        case "ws-api" where parts == ["ws-api", "v3"]: kind = .requests
        case "ws", "stream":
            let listed = parameters.string(.streams)?.split(separator: "/").map(String.init) ?? []
            let names = parts.dropFirst() + listed
            guard names.count <= StreamSession.maximumStreams else { throw ApiError(.tooManyParameters) }
            var streams: [(key: StreamKey, name: String)] = []
            // Anything that is no name is a token without meaning.
            for name in names where StreamKey.isName(name) {
                guard let key = StreamKey(name: name, reference: reference, unit: unit) else { throw .badSymbol }
                streams.append((key, name))
            }
            kind = .streams(isCombined: parts.first == "stream", streams)
        default: throw ApiError(.unknown, httpStatus: 404)
        }
    }
}

/// The parts of a URL's path.
enum PathText {
    /// Percent-decoded and split at slashes, empty parts left out; nil when it is not valid.
    static func parts(_ path: String) -> [String]? {
        var bytes: [UInt8] = []
        let source = Array(path.utf8)
        var index = 0
        while index < source.count {
            if source[index] == UInt8(ascii: "%") {
                guard index + 2 < source.count, let high = hexValue(source[index + 1]),
                    let low = hexValue(source[index + 2])
                else { return nil }
                bytes.append(high << 4 | low)
                index += 3
            } else {
                bytes.append(source[index])
                index += 1
            }
        }
        guard bytes.withUnsafeBytes({ UTF8Text.isValid($0) }) else { return nil }
        return String(decoding: bytes, as: UTF8.self).split(separator: "/").map(String.init)
    }
}
