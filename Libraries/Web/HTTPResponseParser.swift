/// Parses answers on the client's side: status line, fields, a sized, chunked or absent body.
struct HTTPResponseParser {
    /// Of an answer's head.
    static let headBytes = 65_536

    /// Of an answer's body.
    let bodyLimit: Int
    private var body: [UInt8] = []
    private var current: HTTPClientResponse?
    private var rest = 0
    private var chunks: ChunkedDecoder?

    init(bodyLimit: Int) { self.bodyLimit = bodyLimit }

    /// - Parameter isHead: whether the answer is one to HEAD, which has no body.
    /// - Returns: bytes used, and the answer when it has arrived whole; nothing used when more has to come.
    mutating func take(
        _ bytes: UnsafeRawBufferPointer, isHead: Bool
    ) throws(HTTPClientError) -> (used: Int, response: HTTPClientResponse?) {
        if current != nil { return try takeBody(bytes) }
        guard let end = Self.headEnd(bytes) else {
            guard bytes.count < Self.headBytes else { throw .malformedAnswer("head too long") }
            return (0, nil)
        }
        var response = try Self.parseHead(UnsafeRawBufferPointer(rebasing: bytes[..<end]))
        // An interim answer is passed over; the one to an upgrade is final.
        if (100...199).contains(response.status), response.status != 101 { return (end, nil) }
        guard !isHead, response.status != 101, response.status != 204, response.status != 304 else {
            return (end, response)
        }
        if response.header("transfer-encoding")?.lowercased() == "chunked" {
            var limits = HTTPLimits()
            limits.bodyBytes = bodyLimit
            chunks = ChunkedDecoder(limits: limits)
        } else if let text = response.header("content-length") {
            guard let length = Int(text), length >= 0, length <= bodyLimit else {
                throw .malformedAnswer("content length \(text)")
            }
            if length == 0 { return (end, response) }
            rest = length
        } else {
            throw .malformedAnswer("neither length nor chunks")
        }
        response.body = []
        current = response
        return (end, nil)
    }

    private mutating func takeBody(
        _ bytes: UnsafeRawBufferPointer
    ) throws(HTTPClientError) -> (used: Int, response: HTTPClientResponse?) {
        let used: Int
        let isWhole: Bool
        if var decoder = chunks {
            do throws(HTTPRefusal) {
                used = try decoder.decode(bytes, into: &body)
            } catch {
                throw .malformedAnswer("chunks")
            }
            isWhole = decoder.isDone
            chunks = isWhole ? nil : decoder
        } else {
            used = min(rest, bytes.count)
            body.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[..<used]))
            rest -= used
            isWhole = rest == 0
        }
        guard isWhole, var response = current else { return (used, nil) }
        response.body = body
        body = []
        current = nil
        return (used, response)
    }

    private static func headEnd(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard bytes.count >= 4 else { return nil }
        for index in 3..<bytes.count
        where bytes[index] == 0x0a && bytes[index - 1] == 0x0d && bytes[index - 2] == 0x0a && bytes[index - 3] == 0x0d {
            return index + 1
        }
        return nil
    }

    private static func parseHead(_ bytes: UnsafeRawBufferPointer) throws(HTTPClientError) -> HTTPClientResponse {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n")
        let status = lines.first?.split(separator: " ", maxSplits: 2) ?? []
        guard status.count >= 2, status[0].hasPrefix("HTTP/1."), let code = UInt16(status[1]) else {
            throw .malformedAnswer("status line")
        }
        var response = HTTPClientResponse(status: code, headers: [], body: [])
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { throw .malformedAnswer("header") }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            response.headers.append((name: line[..<colon].lowercased(), value: String(value)))
        }
        return response
    }
}
