import Records
import TradingCore

/// What the refused command was, as far as its error depends on it.
public enum RefusedOperation: Equatable, Sendable {
    case place(OrderType)
    case cancel
    case amend
    case withdrawal
    case query
}

extension ApiError {
    /// The client API's error for a refusal that came back over the log.
    ///
    /// - Parameter now: the wall clock in milliseconds, for `Retry-After`.
    public static func refused(_ refusal: Refusal, _ operation: RefusedOperation, now: Int64) -> ApiError {
        switch refusal.reason {
        case .filter:
            return .filter(
                refusal.filter ?? .notional, limit: refusal.limit, actual: refusal.actual,
                decimals: Int(refusal.decimals))
        case .deadlinePassed, .markedOrder: return ApiError(.invalidTimestamp)
        case .unknownInstrument: return .badSymbol
        case .tooManyOrders: return .tooManyOrders(limit: refusal.limit, retryAt: refusal.retryAt.rawValue, now: now)
        case .unknownOrder: return ApiError(operation == .query ? .noSuchOrder : .cancelRejected)
        case .cancelRestricted:
            return ApiError(.cancelRejected, "Order was not canceled due to cancel restrictions.")
        case .clientOrderIDMismatch: return ApiError(.clientOrderIDMismatch)
        case .amendIncreasesQuantity:
            return ApiError(.amendRejected, "Order amend (quantity increase) is not supported.")
        case .amendChangesNothing: return ApiError(.amendRejected)
        case .tooMuchPrecision: return .tooMuchPrecision(operation == .amend ? "newQty" : "quantity")
        case .unreadable: return ApiError(.unknown, httpStatus: 400)
        case .invalidQuantity:
            return operation == .amend ? .invalid(.newQty) : .filter(.lotSize)
        case .unknownAsset: return .invalid(.coin)
        case .amountOutOfRange: return operation == .withdrawal ? .invalid(.amount) : .filter(.notional)
        case .duplicateReference: return .invalid(.withdrawOrderId)
        case .unknownWithdrawal, .withdrawalNotOpen: return ApiError(.unsupportedOperation)
        case .marketClosed, .accountMayNotTrade, .accountActionDisabled, .insufficientBalance, .duplicateOrder,
            .wouldMatchImmediately, .wouldTriggerImmediately, .unsupportedOrderType, .notionalZero, .unknownAccount,
            .symbolNotPermitted:
            return .rejectedOrder(refusal, operation)
        }
    }

    /// -2010 with the text that clients tell the cases apart by.
    private static func rejectedOrder(_ refusal: Refusal, _ operation: RefusedOperation) -> ApiError {
        let text: String =
            switch refusal.reason {
            case .marketClosed: "Market is closed."
            case .accountActionDisabled: "This action is disabled on this account."
            case .insufficientBalance: "Account has insufficient balance for requested action."
            case .duplicateOrder: "Duplicate order sent."
            case .wouldMatchImmediately: "Order would immediately match and take."
            case .wouldTriggerImmediately: "Order would trigger immediately."
            case .unsupportedOrderType: unsupportedText(operation)
            case .notionalZero: "Price * QTY is zero or less."
            case .symbolNotPermitted: "This symbol is not permitted for this account."
            default: "This account may not place or cancel orders."
            }
        let detail: ErrorDetail? = refusal.reason == .duplicateOrder ? .order(refusal.orderId) : nil
        return ApiError(.newOrderRejected, text, detail: detail)
    }

    private static func unsupportedText(_ operation: RefusedOperation) -> String {
        guard case .place(let type) = operation else { return ErrorCode.unsupportedOperation.message }
        let kind =
            switch type {
            case .limit: "Limit"
            case .limitMaker: "Limit maker"
            case .market: "Market"
            case .stopLoss: "Stop loss"
            case .stopLossLimit: "Stop loss limit"
            case .takeProfit: "Take profit"
            case .takeProfitLimit: "Take profit limit"
            }
        return "\(kind) orders are not supported for this symbol."
    }

    /// -1015; the day's limit when trying again makes sense only at midnight.
    static func tooManyOrders(limit: Int64, retryAt: Int64, now: Int64) -> ApiError {
        let wait = max(0, retryAt - now)
        let interval = wait > 10_000 ? "DAY" : "10 SECOND"
        return ApiError(
            .tooManyOrders, "Too many new orders; current limit is \(limit) orders per \(interval).",
            detail: .retry(milliseconds: wait), retryAfterMilliseconds: wait)
    }
}
