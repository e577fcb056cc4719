/// The codes of the client API's errors.
public enum ErrorCode: Int, CaseIterable, Sendable {
    case unknown = -1000
    case disconnected = -1001
    case unauthorized = -1002
    case tooManyRequests = -1003
    case unexpectedResponse = -1006
    case timeout = -1007
    case overloaded = -1008
    case filterFailure = -1013
    case unknownOrderComposition = -1014
    case tooManyOrders = -1015
    case serviceRetired = -1016
    case unsupportedOperation = -1020
    case invalidTimestamp = -1021
    case invalidSignature = -1022
    case illegalCharacters = -1100
    case tooManyParameters = -1101
    case mandatoryParameter = -1102
    case parameterNotRequired = -1106
    case badPrecision = -1111
    case invalidTimeInForce = -1115
    case invalidOrderType = -1116
    case invalidSide = -1117
    case badInterval = -1120
    case badSymbol = -1121
    case invalidListenKey = -1125
    case moreThan24Hours = -1127
    case optionalParametersBadCombination = -1128
    case invalidParameter = -1130
    case badReceiveWindow = -1131
    case invalidJSON = -1135
    case invalidCancelRestrictions = -1145
    case duplicateSymbol = -1151
    case invalidTimeUnit = -1194
    case newOrderRejected = -2010
    case cancelRejected = -2011
    case noSuchOrder = -2013
    case badKeyFormat = -2014
    case rejectedKey = -2015
    case cancelReplacePartial = -2021
    case cancelReplaceFailed = -2022
    case orderArchived = -2026
    case subscriptionActive = -2035
    case subscriptionInactive = -2036
    case amendRejected = -2038
    case clientOrderIDMismatch = -2039

    /// The HTTP status, also the `status` of a WebSocket answer.
    public var httpStatus: Int {
        switch self {
        case .unauthorized, .badKeyFormat, .rejectedKey: 401
        case .cancelReplacePartial: 409
        case .tooManyRequests, .tooManyOrders: 429
        case .unknown, .disconnected, .unexpectedResponse: 500
        case .overloaded: 503
        case .timeout: 504
        default: 400
        }
    }

    /// The text, where it has no parameter; clients compare some of them character by character.
    public var message: String {
        switch self {
        case .unknown: "An unknown error occurred while processing the request."
        case .disconnected: "Internal error; unable to process your request. Please try again."
        case .unauthorized: "You are not authorized to execute this request."
        case .tooManyRequests: "Too much request weight used."
        case .unexpectedResponse:
            "An unexpected response was received from the message bus. Execution status unknown."
        case .timeout:
            "Timeout waiting for response from backend server. Send status unknown; execution status unknown."
        case .overloaded:
            "Server is currently overloaded with other requests. Please try again in a few minutes."
        case .filterFailure: "Filter failure."
        case .unknownOrderComposition: "Unsupported order combination."
        case .tooManyOrders: "Too many new orders."
        case .serviceRetired: "This service is no longer available."
        case .unsupportedOperation: "This operation is not supported."
        case .invalidTimestamp: "Timestamp for this request is outside of the recvWindow."
        case .invalidSignature: "Signature for this request is not valid."
        case .tooManyParameters: "Duplicate values for a parameter detected."
        case .invalidTimeInForce: "Invalid timeInForce."
        case .invalidOrderType: "Invalid orderType."
        case .invalidSide: "Invalid side."
        case .badInterval: "Invalid interval."
        case .badSymbol: "Invalid symbol."
        case .invalidListenKey: "This listenKey does not exist."
        case .moreThan24Hours: "More than 24 hours between startTime and endTime."
        case .optionalParametersBadCombination: "Combination of optional parameters invalid."
        case .badReceiveWindow: "recvWindow must be less than 60000"
        case .invalidJSON: "Invalid JSON Request"
        case .invalidCancelRestrictions: "Invalid cancelRestrictions"
        case .duplicateSymbol: "Symbol is present multiple times in the list."
        case .invalidTimeUnit: "Invalid value for time unit; expected either MICROSECOND or MILLISECOND."
        case .newOrderRejected: "Order rejected."
        case .cancelRejected: "Unknown order sent."
        case .noSuchOrder: "Order does not exist."
        case .badKeyFormat: "API-key format invalid."
        case .rejectedKey: "Invalid API-key, IP, or permissions for action."
        case .cancelReplacePartial: "Order cancel-replace partially failed."
        case .cancelReplaceFailed: "Order cancel-replace failed."
        case .orderArchived:
            "Order was canceled or expired with no executed qty over 90 days ago and has been archived."
        case .subscriptionActive: "User Data Stream subscription already active."
        case .subscriptionInactive: "User Data Stream subscription not active."
        case .amendRejected: "The requested action would change no state; rejecting."
        case .clientOrderIDMismatch: "Client order ID is not correct for this order ID."
        case .illegalCharacters, .mandatoryParameter, .parameterNotRequired, .badPrecision, .invalidParameter:
            "Data sent for a parameter is not valid."
        }
    }
}
