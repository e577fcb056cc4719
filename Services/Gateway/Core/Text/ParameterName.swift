/// The parameters that any route or method of the client API knows; every other one is ignored, though it is signed.
public enum ParameterName: UInt8, CaseIterable, Sendable {
    case symbol, symbols, permissions, showPermissionSets, symbolStatus
    case side, type, timeInForce, quantity, quoteOrderQty, price, stopPrice, icebergQty, trailingDelta
    case pegPriceType, pegOffsetType, pegOffsetValue
    case newClientOrderId, newOrderRespType, selfTradePreventionMode, strategyId, strategyType
    case orderId, origClientOrderId, cancelRestrictions, newQty
    case cancelReplaceMode, cancelOrderId, cancelOrigClientOrderId, cancelNewClientOrderId, orderRateLimitExceededMode
    case computeCommissionRates, omitZeroBalances
    case limit, fromId, startTime, endTime, interval, timeZone, windowSize, preventedMatchId
    case recvWindow, timestamp, signature, apiKey, listenKey, returnRateLimits, subscriptionId, timeUnit
    case coin, asset, network, address, addressTag, amount, withdrawOrderId, status, offset, name, walletType
    case streams

    /// The name as clients write it.
    public var text: String { String(describing: self) }

    /// The parameter with this name, or nil.
    static func named(_ bytes: UnsafeRawBufferPointer) -> ParameterName? {
        let table = ParameterName.table
        var index = Int(truncatingIfNeeded: NameHash.of(bytes)) & (table.count - 1)
        while let entry = table[index] {
            if entry.name.count == bytes.count, entry.name.elementsEqual(bytes) { return entry.parameter }
            index = (index + 1) & (table.count - 1)
        }
        return nil
    }

    private struct Entry {
        var name: [UInt8]
        var parameter: ParameterName
    }

    /// Open addressing, at most a quarter full.
    private static let table: [Entry?] = {
        var table = [Entry?](repeating: nil, count: 256)
        for parameter in ParameterName.allCases {
            let name = Array(parameter.text.utf8)
            var index = Int(truncatingIfNeeded: NameHash.of(name)) & 255
            while table[index] != nil { index = (index + 1) & 255 }
            table[index] = Entry(name: name, parameter: parameter)
        }
        return table
    }()
}
