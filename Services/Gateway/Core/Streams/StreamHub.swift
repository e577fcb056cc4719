import Network
import TradingCore
import Web

/// One loop's subscribers of public streams. An event is framed once and shared by all that get it in the same form.
public final class StreamHub {
    /// Sessions that get a stream wrapped, under one of the names that it has.
    private struct Wrapped {
        let name: String
        /// `{"stream":"…","data":`
        let prefix: [UInt8]
        var sessions: [StreamSession]
    }

    private struct Topic {
        var raw: [StreamSession] = []
        var wrapped: [Wrapped] = []
        var isEmpty: Bool { raw.isEmpty && wrapped.isEmpty }
    }

    private let loop: EventLoop
    private let number: UInt16
    private let engine: any EnginePort
    private var topics: [StreamKey: Topic] = [:]
    private var scratch: [UInt8] = []

    init(loop: EventLoop, number: UInt16, engine: any EnginePort) {
        self.loop = loop
        self.number = number
        self.engine = engine
    }

    /// - Throws: -1008 when the engine has too much to do to hear of it.
    func subscribe(_ session: StreamSession, to key: StreamKey, name: String) throws(ApiError) {
        var topic: Topic
        if let known = topics.removeValue(forKey: key) { topic = known } else { topic = try newTopic(key) }
        if !session.isCombined {
            topic.raw.append(session)
        } else if let index = topic.wrapped.firstIndex(where: { $0.name == name }) {
            topic.wrapped[index].sessions.append(session)
        } else {
            topic.wrapped.append(Wrapped(name: name, prefix: StreamHub.prefix(name), sessions: [session]))
        }
        topics[key] = topic
    }

    func unsubscribe(_ session: StreamSession, from key: StreamKey) {
        guard var topic = topics.removeValue(forKey: key) else { return }
        topic.raw.removeAll { $0 === session }
        for index in topic.wrapped.indices { topic.wrapped[index].sessions.removeAll { $0 === session } }
        topic.wrapped.removeAll(where: \.sessions.isEmpty)
        if topic.isEmpty {
            _ = engine.post(.stream(key, loop: number, isWanted: false))
        } else {
            topics[key] = topic
        }
    }

    /// Sends an event to its subscribers.
    func deliver(_ key: StreamKey, _ event: [UInt8]) {
        guard let topic = topics[key] else { return }
        if !topic.raw.isEmpty {
            let frame = loop.shareFrame(text: event)
            for session in topic.raw { session.socket?.send(frame) }
        }
        for wrapped in topic.wrapped {
            scratch.removeAll(keepingCapacity: true)
            scratch.append(contentsOf: wrapped.prefix)
            scratch.append(contentsOf: event)
            scratch.append(UInt8(ascii: "}"))
            let frame = loop.shareFrame(text: scratch)
            for session in wrapped.sessions { session.socket?.send(frame) }
        }
    }

    private func newTopic(_ key: StreamKey) throws(ApiError) -> Topic {
        guard engine.post(.stream(key, loop: number, isWanted: true)) else { throw .overloaded }
        return Topic()
    }

    private static func prefix(_ name: String) -> [UInt8] {
        var writer = JSONWriter(capacity: 64)
        writer.beginObject()
        writer.key("stream")
        writer.string(name)
        writer.key("data")
        return writer.take()
    }
}
