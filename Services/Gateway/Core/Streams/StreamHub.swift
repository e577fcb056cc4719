import Network
import TradingCore
import Web

/// One loop's subscribers of public streams. An event is framed once and shared by all that get it in the same form.
public final class StreamHub {
    private struct Topic {
        /// `{"stream":"…","data":`
        var prefix: [UInt8]
        var raw: [StreamSession] = []
        var combined: [StreamSession] = []
        var isEmpty: Bool { raw.isEmpty && combined.isEmpty }
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
        if let known = topics.removeValue(forKey: key) { topic = known } else { topic = try newTopic(key, name: name) }
        if session.isCombined { topic.combined.append(session) } else { topic.raw.append(session) }
        topics[key] = topic
    }

    func unsubscribe(_ session: StreamSession, from key: StreamKey) {
        guard var topic = topics.removeValue(forKey: key) else { return }
        topic.raw.removeAll { $0 === session }
        topic.combined.removeAll { $0 === session }
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
        guard !topic.combined.isEmpty else { return }
        scratch.removeAll(keepingCapacity: true)
        scratch.append(contentsOf: topic.prefix)
        scratch.append(contentsOf: event)
        scratch.append(UInt8(ascii: "}"))
        let frame = loop.shareFrame(text: scratch)
        for session in topic.combined { session.socket?.send(frame) }
    }

    private func newTopic(_ key: StreamKey, name: String) throws(ApiError) -> Topic {
        guard engine.post(.stream(key, loop: number, isWanted: true)) else { throw .overloaded }
        var writer = JSONWriter(capacity: 64)
        writer.beginObject()
        writer.key("stream")
        writer.string(name)
        writer.key("data")
        return Topic(prefix: writer.take())
    }
}
