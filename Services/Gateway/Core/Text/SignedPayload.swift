/// The bytes that a client signed, rebuilt exactly as it sent them.
public enum SignedPayload {
    /// A REST request's payload: the raw query and then the raw body, joined with nothing between, each without its `signature` pair
    /// and the `&` that joined it. Nothing is decoded, sorted or encoded again.
    public static func append(
        query: UnsafeRawBufferPointer, body: UnsafeRawBufferPointer, to payload: inout [UInt8]
    ) {
        appendWithoutSignature(query, to: &payload)
        appendWithoutSignature(body, to: &payload)
    }

    private static let name: StaticString = "signature="

    private static func appendWithoutSignature(_ text: UnsafeRawBufferPointer, to payload: inout [UInt8]) {
        guard let pair = signaturePair(text) else { return payload.append(contentsOf: text) }
        if pair.lowerBound == 0 {
            // The `&` after the pair joined it to the rest.
            payload.append(contentsOf: text[min(pair.upperBound + 1, text.count)...])
        } else {
            payload.append(contentsOf: text[..<(pair.lowerBound - 1)])
            payload.append(contentsOf: text[pair.upperBound...])
        }
    }

    /// Where the first `signature` pair stands; searched from the end, where it normally is.
    private static func signaturePair(_ text: UnsafeRawBufferPointer) -> Range<Int>? {
        var end = text.count
        while end > 0 {
            var start = end
            while start > 0, text[start - 1] != UInt8(ascii: "&") { start -= 1 }
            let isSignature =
                end - start >= name.utf8CodeUnitCount
                && name.withUTF8Buffer { $0.elementsEqual(text[start..<start + name.utf8CodeUnitCount]) }
            if isSignature { return start..<end }
            end = start - 1
        }
        return nil
    }

    /// A JSON request's payload: every member of `params` but `signature`, sorted by name, `name=value` joined by `&`, values by the text
    /// in which they were sent, nothing percent-encoded.
    public static func append(
        _ scanner: JSONScanner, object: Int, in source: UnsafeRawBufferPointer, to payload: inout [UInt8],
        order: inout [Int]
    ) {
        order.removeAll(keepingCapacity: true)
        var child = object + 1
        while child < scanner.nodes[object].next {
            order.append(child)
            child = scanner.nodes[child].next
        }
        let nodes = scanner.nodes
        order.sort { source[nodes[$0].key].lexicographicallyPrecedes(source[nodes[$1].key]) }
        var isFirst = true
        for index in order {
            let node = nodes[index]
            if "signature".utf8.elementsEqual(source[node.key]) { continue }
            if !isFirst { payload.append(UInt8(ascii: "&")) }
            isFirst = false
            appendText(source[node.key], hasEscapes: node.keyHasEscapes, to: &payload)
            payload.append(UInt8(ascii: "="))
            appendText(source[node.text], hasEscapes: node.kind == .string && node.hasEscapes, to: &payload)
        }
    }

    private static func appendText(
        _ text: Slice<UnsafeRawBufferPointer>, hasEscapes: Bool, to payload: inout [UInt8]
    ) {
        if hasEscapes {
            JSONText.appendUnescaped(UnsafeRawBufferPointer(rebasing: text), to: &payload)
        } else {
            payload.append(contentsOf: text)
        }
    }
}
