import Network

/// What `meta.json` says about the data folder.
struct StoreMetadata: Equatable {
    static let name = "meta.json"
    static let currentFormat = 1

    var clusterID: String

    /// - Throws: `StoreError.unknownFormat` for a folder of another program or version.
    static func readOrMake(in folder: String, calls: any FileCalls) throws(StoreError) -> StoreMetadata {
        let path = "\(folder)/\(name)"
        if let bytes = try StorePath.contents(path, calls: calls) {
            return try parse(String(decoding: bytes, as: UTF8.self), path: path)
        }
        let metadata = StoreMetadata(clusterID: randomClusterID())
        try StorePath.replace(path, with: Array(metadata.text.utf8), durable: true, calls: calls)
        return metadata
    }

    var text: String { "{\"format\": \(Self.currentFormat), \"cluster_id\": \"\(clusterID)\"}\n" }

    private static func parse(_ text: String, path: String) throws(StoreError) -> StoreMetadata {
        let format = value(of: "format", in: text)
        guard format == String(currentFormat) else { throw .unknownFormat(path: path, found: format ?? "none") }
        guard let id = value(of: "cluster_id", in: text), !id.isEmpty else {
            throw .damaged(path: path, position: 0, reason: "it names no cluster id")
        }
        return StoreMetadata(clusterID: id)
    }

    /// A number or a string without escapes in a flat object.
    private static func value(of key: String, in text: String) -> String? {
        let parts = text.split(separator: "\"\(key)\"", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let rest = parts[1].drop { $0 == " " || $0 == ":" }
        if rest.first == "\"" { return String(rest.dropFirst().prefix { $0 != "\"" }) }
        return String(rest.prefix { $0.isNumber })
    }

    /// 128 random bits in the URL's base64 alphabet, as Kafka makes them: 22 characters, the first of which is no dash, so
    /// that no command takes the id for an option.
    private static func randomClusterID() -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        var high = SystemRandom.uint64()
        var low = SystemRandom.uint64()
        var characters: [UInt8] = []
        for _ in 0..<22 {
            characters.append(alphabet[Int(low & 63)])
            low = low >> 6 | high << 58
            high >>= 6
        }
        if characters[0] == UInt8(ascii: "-") { characters[0] = UInt8(ascii: "A") }
        return String(decoding: characters, as: UTF8.self)
    }
}
