import Foundation
import Storage
import TradingCore
import Web

/// Why an operator's request was not carried out, as the operator API says it.
public struct OperatorError: Error, Equatable, Sendable {
    public var status: HTTPStatus
    /// A stable word for programs.
    public var code: String
    /// A sentence for people; it names the limit.
    public var message: String
    /// The member of the request that is wrong.
    public var field: String?

    public static func invalid(_ field: String, _ message: String) -> OperatorError {
        OperatorError(status: .badRequest, code: "INVALID_FIELD", message: message, field: field)
    }

    public static func missing(_ field: String) -> OperatorError {
        OperatorError(status: .badRequest, code: "MISSING_FIELD", message: "\(field) is required", field: field)
    }

    static func missingReason(limit: Int) -> OperatorError {
        OperatorError(
            status: .badRequest, code: "MISSING_FIELD",
            message: "reason is required: why, in 1 to \(limit) characters, for the audit trail", field: "reason")
    }

    public static func unknown(_ what: String, _ name: String) -> OperatorError {
        OperatorError(status: .notFound, code: "NOT_FOUND", message: "there is no \(what) \(name)", field: nil)
    }

    public static func conflict(_ message: String, field: String? = nil) -> OperatorError {
        OperatorError(status: .conflict, code: "CONFLICT", message: message, field: field)
    }

    static let invalidJSON = OperatorError(
        status: .badRequest, code: "INVALID_JSON", message: "the body is not a JSON object", field: nil)

    static let zeroCharacter = OperatorError(
        status: .badRequest, code: "INVALID_FIELD", message: "no text may have a zero character", field: nil)

    public static let unauthorized = OperatorError(
        status: .unauthorized, code: "UNAUTHORIZED", message: "send Authorization: Bearer and a configured token",
        field: nil)

    public static let overloaded = OperatorError(
        status: .serviceUnavailable, code: "OVERLOADED",
        message: "the line is full or the broker is away; nothing was done", field: nil)

    /// What was sent may still take effect; definitions are sent again until they are confirmed.
    public static let outcomeUnknown = OperatorError(
        status: .gatewayTimeout, code: "OUTCOME_UNKNOWN", message: "no confirmation within 10 seconds", field: nil)

    static func refused(_ reason: RefusalReason) -> OperatorError {
        OperatorError(status: .conflict, code: "REFUSED", message: "refused: \(reason)", field: nil)
    }

    /// What any other error means to an operator.
    static func from(_ error: any Error) -> OperatorError {
        if let error = error as? OperatorError { return error }
        if let error = error as? DecodingError { return invalid(error) }
        if let error = error as? PostgresError, error.isRetryable {
            return OperatorError(
                status: .serviceUnavailable, code: "DATABASE_AWAY", message: error.description, field: nil)
        }
        if error is PostgresPoolError { return overloaded }
        return OperatorError(
            status: .internalServerError, code: "INTERNAL", message: String(describing: error), field: nil)
    }

    private static func invalid(_ error: DecodingError) -> OperatorError {
        switch error {
        case .keyNotFound(let key, _):
            return missing(key.stringValue)
        case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
            let field = context.codingPath.map(\.stringValue).joined(separator: ".")
            return invalid(field, "\(field) must be a \(type)")
        case .dataCorrupted(let context):
            let field = context.codingPath.map(\.stringValue).joined(separator: ".")
            // The body is JSON: a value is outside its type.
            return OperatorError(
                status: .badRequest, code: "INVALID_FIELD", message: context.debugDescription,
                field: field.isEmpty ? nil : field)
        @unknown default:
            return OperatorError(status: .badRequest, code: "INVALID_JSON", message: "\(error)", field: nil)
        }
    }
}
