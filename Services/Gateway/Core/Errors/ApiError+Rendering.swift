import TradingCore

extension ApiError {
    /// Appends `{"code":…,"msg":…}` with `detail` where there is one; `requestID` makes it name the request.
    public func append(to writer: inout JSONWriter, requestID: ASCIIText = ASCIIText(), data: [UInt8]? = nil) {
        writer.beginObject()
        writer.key("code")
        writer.integer(code.rawValue)
        writer.key("msg")
        writer.string(message)
        if let data {
            writer.key("data")
            writer.raw(data)
        }
        if detail != nil || !requestID.isEmpty {
            writer.key("detail")
            writer.beginObject()
            detail?.appendMembers(to: &writer)
            if !requestID.isEmpty {
                writer.key("requestId")
                writer.string(requestID)
            }
            writer.endObject()
        }
        writer.endObject()
    }
}

extension ErrorDetail {
    fileprivate func appendMembers(to writer: inout JSONWriter) {
        switch self {
        case .filter(let filter, let limit, let actual, let decimals):
            writer.key("filter")
            writer.string(filter.contractName)
            writer.key("limit")
            writer.decimal(Int128(limit), decimals: decimals, minimumDecimals: 0)
            writer.key("actual")
            writer.decimal(Int128(actual), decimals: decimals, minimumDecimals: 0)
        case .time(let server, let timestamp, let window):
            writer.key("serverTime")
            writer.integer(server)
            writer.key("timestamp")
            writer.integer(timestamp)
            writer.key("recvWindow")
            writer.integer(window)
        case .key(let refusal, let permission):
            writer.key("reason")
            writer.string(refusal.rawValue)
            if let permission {
                writer.key("permission")
                writer.string(permission)
            }
        case .order(let order):
            writer.key("orderId")
            writer.integer(order.rawValue)
        case .retry(let milliseconds):
            writer.key("retryAfterMs")
            writer.integer(milliseconds)
        case .payload(let hash):
            writer.key("payloadSha256")
            writer.string(hash)
        }
    }
}
