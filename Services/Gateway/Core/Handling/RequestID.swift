/// The `id` of a JSON request: a number, string or null, given back in the text in which it came.
struct RequestID: Sendable {
    /// JSON.
    let text: [UInt8]

    static let maximumBytes = 256

    /// Anything but a scalar of a decent length counts as null.
    init(_ node: JSONScanner.Node, _ source: UnsafeRawBufferPointer) {
        switch node.kind {
        case .number where node.text.count <= RequestID.maximumBytes: text = Array(source[node.text])
        case .string where node.text.count <= RequestID.maximumBytes:
            text = [UInt8(ascii: "\"")] + source[node.text] + [UInt8(ascii: "\"")]
        default: text = Array("null".utf8)
        }
    }

    static func append(_ id: RequestID?, to writer: inout JSONWriter) {
        if let id { writer.raw(id.text) } else { writer.null() }
    }
}
