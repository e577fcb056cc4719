import TradingCore

/// Typed values of parameters, each with the client API's own error.
extension ParameterList {
    /// A signed or unsigned decimal integer; nil when it was not sent.
    ///
    /// - Throws: -1102 when empty, -1100 when not digits.
    public func integer(_ name: ParameterName) throws(ApiError) -> Int64? {
        guard has(name) else { return nil }
        if isEmpty(name) { throw .mandatory(name) }
        let value: Int64? =
            withBytes(name) { bytes in
                guard bytes.count <= 20 else { return nil }
                var value: Int64 = 0
                var start = 0
                let isNegative = bytes[0] == UInt8(ascii: "-")
                if isNegative { start = 1 }
                guard start < bytes.count else { return nil }
                for index in start..<bytes.count {
                    let digit = bytes[index] &- UInt8(ascii: "0")
                    guard digit < 10 else { return nil }
                    let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
                    let (sum, overflowed) = scaled.addingReportingOverflow(Int64(digit))
                    guard !overflow, !overflowed else { return nil }
                    value = sum
                }
                return isNegative ? -value : value
            } ?? nil
        guard let value else { throw .illegalCharacters(in: name.text, range: ApiError.integerRange) }
        return value
    }

    /// The id from which a list goes on; nil when it was not sent.
    public func fromID() throws(ApiError) -> Int64? {
        guard let value = try integer(.fromId) else { return nil }
        guard value >= 0 else { throw .invalid(.fromId) }
        return value
    }

    /// A positive id; nil when it was not sent.
    public func identifier(_ name: ParameterName) throws(ApiError) -> Int64? {
        guard let value = try integer(name) else { return nil }
        guard value > 0 else { throw .invalid(name) }
        return value
    }

    /// An input time in milliseconds; values above 10^14 are microseconds.
    public func time(_ name: ParameterName) throws(ApiError) -> TradingCore.Timestamp? {
        guard let value = try integer(name) else { return nil }
        guard value >= 0 else { throw .invalid(name) }
        return TradingCore.Timestamp(value > TimeWindow.microsecondThreshold ? value / 1_000 : value)
    }

    /// `limit`: cut to `maximum`.
    public func limit(default standard: Int, maximum: Int) throws(ApiError) -> Int {
        guard has(.limit) else { return standard }
        // More digits than an integer holds are above any maximum, too.
        let isHuge = withBytes(.limit) { bytes in
            bytes.drop { $0 == UInt8(ascii: "0") }.count > 18 && bytes.allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
        }
        if isHuge == true { return maximum }
        let value: Int64?
        do throws(ApiError) { value = try integer(.limit) } catch { throw .mandatory(.limit) }
        guard let value else { return standard }
        guard value > 0 else { throw .invalid(.limit) }
        return Int(min(value, Int64(maximum)))
    }

    /// A decimal as an integer of 10^-decimals, not negative; nil when it was not sent.
    ///
    /// - Throws: -1102 when empty, -1100 when no decimal, -1111 when it has more decimals, -1130 when too large.
    public func decimal(_ name: ParameterName, decimals: Int) throws(ApiError) -> Int64? {
        guard has(name) else { return nil }
        if isEmpty(name) { throw .mandatory(name) }
        let parsed: Result<Int64, DecimalError>? = withBytes(name) { bytes in
            do throws(DecimalError) {
                return .success(try DecimalText.parse(bytes, decimals: decimals))
            } catch {
                return .failure(error)
            }
        }
        switch parsed {
        case nil: return nil
        case .success(let value)? where value >= 0: return value
        case .success?, .failure(.malformed)?:
            throw .illegalCharacters(in: name.text, range: ApiError.decimalRange)
        case .failure(.tooPrecise)?: throw .tooMuchPrecision(name.text)
        case .failure(.outOfRange)?: throw .invalid(name)
        }
    }

    /// `true` or `false`.
    public func bool(_ name: ParameterName) throws(ApiError) -> Bool? {
        guard has(name) else { return nil }
        let value: Bool? =
            withBytes(name) { bytes in
                if bytes.elementsEqual("true".utf8) || bytes.elementsEqual("TRUE".utf8) { return true }
                return bytes.elementsEqual("false".utf8) || bytes.elementsEqual("FALSE".utf8) ? false : nil
            } ?? nil
        guard let value else { throw .invalid(name) }
        return value
    }

    /// An id that a client chose; empty when it was not sent.
    ///
    /// - Throws: -1102 when empty, -1100 when it is longer than 36 characters or has one outside `[a-zA-Z0-9-_]`.
    public func clientOrderID(_ name: ParameterName) throws(ApiError) -> ASCIIText {
        guard has(name) else { return ASCIIText() }
        if isEmpty(name) { throw .mandatory(name) }
        let text: ASCIIText? =
            withBytes(name) { bytes in
                guard bytes.count <= 36 else { return nil }
                for byte in bytes {
                    let isLetter = (byte | 32) &- 97 < 26
                    guard isLetter || byte &- 48 < 10 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") else {
                        return nil
                    }
                }
                return ASCIIText(bytes)
            } ?? nil
        guard let text else { throw .illegalCharacters(in: name.text, range: ApiError.clientOrderIDRange) }
        return text
    }

    /// One of a list of words; nil when it was not sent.
    public func word<Value>(
        _ name: ParameterName, else error: ApiError, _ read: (UnsafeRawBufferPointer) -> Value?
    ) throws(ApiError) -> Value? {
        guard has(name) else { return nil }
        if isEmpty(name) { throw .mandatory(name) }
        guard let value = withBytes(name, read) ?? nil else { throw error }
        return value
    }

    /// The market of `symbol`.
    ///
    /// - Throws: -1102 without one, -1121 when there is no such market.
    public func market(_ reference: ReferenceSnapshot) throws(ApiError) -> Market {
        guard let market = try optionalMarket(reference) else { throw .mandatory(.symbol) }
        return market
    }

    public func optionalMarket(_ reference: ReferenceSnapshot) throws(ApiError) -> Market? {
        guard has(.symbol) else { return nil }
        if isEmpty(.symbol) { throw .mandatory(.symbol) }
        let symbol: ASCIIText? = withBytes(.symbol) { ASCIIText($0) } ?? nil
        guard let symbol, let market = reference.market(symbol) else { throw .badSymbol }
        return market
    }

    /// The markets of `symbols`, a JSON array; nil when it was not sent.
    ///
    /// - Throws: -1121 for an unknown one, -1151 for one that is there twice, -1100 when it is no array of strings.
    public func markets(_ reference: ReferenceSnapshot) throws(ApiError) -> [Market]? {
        guard has(.symbols) else { return nil }
        let names: [String]? = withBytes(.symbols) { StringArray.read($0) } ?? nil
        guard let names, !names.isEmpty else {
            throw .illegalCharacters(in: "symbols", range: "^\\[\"[A-Z0-9-_.]{1,20}\"(,\"[A-Z0-9-_.]{1,20}\")*\\]$")
        }
        var markets: [Market] = []
        for name in names {
            guard let symbol = ASCIIText(name), let market = reference.market(symbol) else { throw .badSymbol }
            guard !markets.contains(where: { $0.id == market.id }) else { throw ApiError(.duplicateSymbol) }
            markets.append(market)
        }
        return markets
    }
}

/// A JSON array of strings.
enum StringArray {
    static func read(_ bytes: UnsafeRawBufferPointer) -> [String]? {
        var scanner = JSONScanner()
        do throws(JSONError) { try scanner.scan(bytes) } catch { return nil }
        guard scanner.nodes[0].kind == .array else { return nil }
        var strings: [String] = []
        var child = 1
        while child < scanner.nodes[0].next {
            let node = scanner.nodes[child]
            guard node.kind == .string else { return nil }
            strings.append(JSONText.string(node, bytes))
            child = node.next
        }
        return strings
    }
}
