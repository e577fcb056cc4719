import Network
import TradingCore
import Web

/// One socket on `/ws` or `/stream` (section 9 of the client API's contract).
final class StreamSession: WebSocketHandler {
    static let maximumStreams = 1_024
    /// Control messages and control frames in one second.
    static let maximumControlsPerSecond = 20

    private(set) weak var socket: WebSocket?
    private(set) var isCombined: Bool
    private let unit: TimeUnit
    private let owner: GatewayLoop
    private var streams: [(key: StreamKey, name: String)] = []
    private var initial: [(key: StreamKey, name: String)]
    private var controlSecond: UInt64 = 0
    private var controls = 0

    init(
        owner: GatewayLoop, isCombined: Bool, unit: TimeUnit, streams: [(key: StreamKey, name: String)]
    ) {
        self.owner = owner
        self.isCombined = isCombined
        self.unit = unit
        initial = streams
    }

    func opened(_ socket: WebSocket) {
        self.socket = socket
        owner.openedSocket()
        let wanted = initial
        initial = []
        do throws(ApiError) {
            for stream in wanted { try add(stream.key, stream.name) }
        } catch {
            socket.close(code: .tryAgainLater, reason: error.message)
        }
    }

    func closed(_ socket: WebSocket, code: UInt16, reason: String) {
        for stream in streams { owner.streams.unsubscribe(self, from: stream.key) }
        streams = []
        self.socket = nil
        owner.closedSocket()
    }

    func receivedControl(_ socket: WebSocket, _ kind: WebSocketControl) {
        // Pongs nobody asked for do no harm; only what costs an answer counts.
        if kind == .ping { _ = countControl(socket) }
    }

    func received(_ socket: WebSocket, _ message: WebSocketMessage) {
        guard countControl(socket) else { return }
        var scanner = JSONScanner()
        do throws(JSONError) {
            try scanner.scan(message.bytes)
        } catch {
            return refuse(socket, code: 3, "Invalid JSON: \(error)", id: nil)
        }
        let id = scanner.member("id", of: 0, in: message.bytes).map { RequestID(scanner.nodes[$0], message.bytes) }
        guard scanner.nodes[0].kind == .object, let methodNode = scanner.member("method", of: 0, in: message.bytes),
            scanner.nodes[methodNode].kind == .string
        else { return refuse(socket, code: 2, "Invalid request: a method is missing", id: id) }
        let method = String(decoding: message.bytes[scanner.nodes[methodNode].text], as: UTF8.self)
        let parameters = scanner.member("params", of: 0, in: message.bytes)
        perform(method, parameters, scanner, message.bytes, socket, id: id)
    }

    private func perform(
        _ method: String, _ parameters: Int?, _ scanner: JSONScanner, _ bytes: UnsafeRawBufferPointer,
        _ socket: WebSocket, id: RequestID?
    ) {
        let names = parameters.flatMap {
            StringArray.read(UnsafeRawBufferPointer(rebasing: bytes[scanner.nodes[$0].text]))
        }
        switch method {
        case "SUBSCRIBE", "UNSUBSCRIBE":
            guard let names else { return refuse(socket, code: 2, "Invalid request: params must be names", id: id) }
            if method == "SUBSCRIBE" { subscribe(names, socket, id: id) } else { unsubscribe(names, socket, id: id) }
        case "LIST_SUBSCRIPTIONS":
            answer(socket, id: id) { writer in
                writer.beginArray()
                for stream in streams { writer.string(stream.name) }
                writer.endArray()
            }
        case "SET_PROPERTY", "GET_PROPERTY":
            property(method, parameters, scanner, bytes, socket, id: id)
        default: refuse(socket, code: 2, "Invalid request: unknown method", id: id)
        }
    }

    private func subscribe(_ names: [String], _ socket: WebSocket, id: RequestID?) {
        var found: [(key: StreamKey, name: String)] = []
        for name in names {
            guard let key = StreamKey(name: name, reference: owner.reference, unit: unit) else {
                return fail(socket, .badSymbol, id: id)
            }
            let isNew = !streams.contains { $0.key == key } && !found.contains { $0.key == key }
            if isNew { found.append((key, name)) }
        }
        guard streams.count + found.count <= StreamSession.maximumStreams else {
            return refuse(socket, code: 2, "Invalid request: too many streams", id: id)
        }
        let before = streams.count
        do throws(ApiError) {
            for stream in found { try add(stream.key, stream.name) }
        } catch {
            for stream in streams[before...] { owner.streams.unsubscribe(self, from: stream.key) }
            streams.removeSubrange(before...)
            return fail(socket, error, id: id)
        }
        // Events come in later turns of the loop: the acknowledgement goes out before the first one.
        answer(socket, id: id) { $0.null() }
    }

    private func unsubscribe(_ names: [String], _ socket: WebSocket, id: RequestID?) {
        for name in names {
            // By whichever of its names; a market that is gone has no key any more.
            let key = StreamKey(name: name, reference: owner.reference, unit: unit)
            guard let index = streams.firstIndex(where: { $0.name == name || $0.key == key }) else { continue }
            owner.streams.unsubscribe(self, from: streams[index].key)
            streams.remove(at: index)
        }
        answer(socket, id: id) { $0.null() }
    }

    private func add(_ key: StreamKey, _ name: String) throws(ApiError) {
        guard !streams.contains(where: { $0.key == key }) else { return }
        try owner.streams.subscribe(self, to: key, name: name)
        streams.append((key, name))
    }

    private func property(
        _ method: String, _ parameters: Int?, _ scanner: JSONScanner, _ bytes: UnsafeRawBufferPointer,
        _ socket: WebSocket, id: RequestID?
    ) {
        guard let parameters, scanner.nodes[parameters].kind == .array,
            scanner.nodes[parameters].next > parameters + 1,
            bytes[scanner.nodes[parameters + 1].text].elementsEqual("combined".utf8)
        else { return refuse(socket, code: 2, "Invalid request: the property is combined", id: id) }
        if method == "GET_PROPERTY" { return answer(socket, id: id) { $0.bool(isCombined) } }
        guard scanner.nodes[parameters].next == parameters + 3, scanner.nodes[parameters + 2].kind == .bool else {
            return refuse(socket, code: 2, "Invalid request: combined is true or false", id: id)
        }
        let wanted = bytes[scanner.nodes[parameters + 2].text].first == UInt8(ascii: "t")
        let kept = streams
        for stream in kept { owner.streams.unsubscribe(self, from: stream.key) }
        isCombined = wanted
        streams = []
        do throws(ApiError) {
            for stream in kept { try add(stream.key, stream.name) }
        } catch {
            return socket.close(code: .tryAgainLater, reason: error.message)
        }
        answer(socket, id: id) { $0.null() }
    }

    private func countControl(_ socket: WebSocket) -> Bool {
        let second = owner.loop.now / 1_000
        if second != controlSecond { (controlSecond, controls) = (second, 0) }
        controls += 1
        if controls <= StreamSession.maximumControlsPerSecond { return true }
        socket.close(code: .policyViolation, reason: "too many messages")
        return false
    }

    // MARK: Answers

    private func answer(_ socket: WebSocket, id: RequestID?, _ result: (inout JSONWriter) -> Void) {
        var writer = JSONWriter(capacity: 128)
        writer.beginObject()
        writer.key("result")
        result(&writer)
        writer.key("id")
        RequestID.append(id, to: &writer)
        writer.endObject()
        socket.send(text: writer.bytes)
    }

    private func refuse(_ socket: WebSocket, code: Int, _ message: String, id: RequestID?) {
        var writer = JSONWriter(capacity: 128)
        writer.beginObject()
        writer.key("code")
        writer.integer(code)
        writer.key("msg")
        writer.string(message)
        if id != nil {
            writer.key("id")
            RequestID.append(id, to: &writer)
        }
        writer.endObject()
        socket.send(text: writer.bytes)
    }

    private func fail(_ socket: WebSocket, _ error: ApiError, id: RequestID?) {
        var writer = JSONWriter(capacity: 128)
        writer.beginObject()
        writer.key("error")
        error.append(to: &writer)
        writer.key("id")
        RequestID.append(id, to: &writer)
        writer.endObject()
        socket.send(text: writer.bytes)
    }
}
