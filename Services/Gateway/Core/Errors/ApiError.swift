import TradingCore

/// A request's failure as the client sees it.
public struct ApiError: Error, Equatable, Sendable {
    public var code: ErrorCode
    public var message: String
    public var httpStatus: Int
    public var detail: ErrorDetail?
    /// For the header `Retry-After`.
    public var retryAfterMilliseconds: Int64?

    public init(
        _ code: ErrorCode, _ message: String? = nil, httpStatus: Int? = nil, detail: ErrorDetail? = nil,
        retryAfterMilliseconds: Int64? = nil
    ) {
        self.code = code
        self.message = message ?? code.message
        self.httpStatus = httpStatus ?? code.httpStatus
        self.detail = detail
        self.retryAfterMilliseconds = retryAfterMilliseconds
    }
}

/// What an error says beside its code and text.
public enum ErrorDetail: Equatable, Sendable {
    /// The value that broke a filter, and its limit; in 10^-decimals.
    case filter(Filter, limit: Int64, actual: Int64, decimals: Int)
    case time(server: Int64, timestamp: Int64, window: Int64)
    case key(KeyRefusal, permission: String?)
    case order(OrderID)
    case retry(milliseconds: Int64)
    /// The SHA-256 of the payload that was verified, in hexadecimal digits.
    case payload(String)
}

/// Why a key was refused.
public enum KeyRefusal: String, Sendable {
    case unknown = "KEY_UNKNOWN"
    case disabled = "KEY_DISABLED"
    case address = "IP_NOT_ALLOWED"
    case permission = "PERMISSION"
}

extension ApiError {
    static let duplicateParameter = ApiError(.tooManyParameters)
    static let badSymbol = ApiError(.badSymbol)
    static let overloaded = ApiError(.overloaded)
    static let timeout = ApiError(.timeout)
    static let noSuchOrder = ApiError(.noSuchOrder)
    static let zeroNotional = ApiError(.newOrderRejected, "Price * QTY is zero or less.")

    /// The characters of an id that a client may choose.
    static let clientOrderIDRange = "^[a-zA-Z0-9-_]{1,36}$"
    static let decimalRange = "^([0-9]{1,20})(\\.[0-9]{1,20})?$"
    static let integerRange = "^[0-9]{1,20}$"

    static func mandatory(_ name: ParameterName) -> ApiError {
        ApiError(
            .mandatoryParameter, "Mandatory parameter '\(name.text)' was not sent, was empty/null, or malformed.")
    }

    static func eitherMandatory(_ first: ParameterName, _ second: ParameterName) -> ApiError {
        ApiError(
            .mandatoryParameter,
            "Param '\(first.text)' or '\(second.text)' must be sent, but both were empty/null!")
    }

    static func illegalCharacters(in name: String, range: String = "valid percent-encoded UTF-8") -> ApiError {
        ApiError(.illegalCharacters, "Illegal characters found in parameter '\(name)'; legal range is '\(range)'.")
    }

    static func notRequired(_ name: ParameterName) -> ApiError {
        ApiError(.parameterNotRequired, "Parameter '\(name.text)' sent when not required.")
    }

    static func tooMuchPrecision(_ name: String) -> ApiError {
        ApiError(.badPrecision, "Parameter '\(name)' has too much precision.")
    }

    static func invalid(_ name: ParameterName) -> ApiError {
        ApiError(.invalidParameter, "Data sent for parameter '\(name.text)' is not valid.")
    }

    static func filter(_ filter: Filter, limit: Int64 = 0, actual: Int64 = 0, decimals: Int = 0) -> ApiError {
        ApiError(
            .filterFailure, "Filter failure: \(filter.contractName)",
            detail: .filter(filter, limit: limit, actual: actual, decimals: decimals))
    }

    static func rejectedKey(_ refusal: KeyRefusal, permission: String? = nil) -> ApiError {
        ApiError(.rejectedKey, detail: .key(refusal, permission: permission))
    }
}

extension Filter {
    /// The filter's name in the client API.
    public var contractName: String {
        switch self {
        case .priceFilter: "PRICE_FILTER"
        case .lotSize: "LOT_SIZE"
        case .marketLotSize: "MARKET_LOT_SIZE"
        case .notional: "NOTIONAL"
        case .percentPriceBySide: "PERCENT_PRICE_BY_SIDE"
        case .maxNumOrders: "MAX_NUM_ORDERS"
        case .maxOpenNotional: "MAX_OPEN_NOTIONAL"
        case .maxNumAlgoOrders: "MAX_NUM_ALGO_ORDERS"
        case .maxPosition: "MAX_POSITION"
        }
    }
}
