import Records
import Testing
import TradingCore

@testable import GatewayCore

/// The error table of the client API's contract, character by character where clients compare.
@Suite struct ErrorTests {
    static let table: [(code: Int, status: Int, message: String)] = [
        (-1000, 500, "An unknown error occurred while processing the request."),
        (-1001, 500, "Internal error; unable to process your request. Please try again."),
        (-1002, 401, "You are not authorized to execute this request."),
        (-1006, 500, "An unexpected response was received from the message bus. Execution status unknown."),
        (
            -1007, 504,
            "Timeout waiting for response from backend server. Send status unknown; execution status unknown."
        ),
        (-1008, 503, "Server is currently overloaded with other requests. Please try again in a few minutes."),
        (-1014, 400, "Unsupported order combination."), (-1016, 400, "This service is no longer available."),
        (-1020, 400, "This operation is not supported."),
        (-1021, 400, "Timestamp for this request is outside of the recvWindow."),
        (-1022, 400, "Signature for this request is not valid."),
        (-1101, 400, "Duplicate values for a parameter detected."), (-1115, 400, "Invalid timeInForce."),
        (-1116, 400, "Invalid orderType."), (-1117, 400, "Invalid side."), (-1120, 400, "Invalid interval."),
        (-1121, 400, "Invalid symbol."), (-1125, 400, "This listenKey does not exist."),
        (-1127, 400, "More than 24 hours between startTime and endTime."),
        (-1128, 400, "Combination of optional parameters invalid."), (-1135, 400, "Invalid JSON Request"),
        (-1131, 400, "recvWindow must be less than 60000"), (-1145, 400, "Invalid cancelRestrictions"),
        (-1151, 400, "Symbol is present multiple times in the list."),
        (-1194, 400, "Invalid value for time unit; expected either MICROSECOND or MILLISECOND."),
        (-2011, 400, "Unknown order sent."), (-2013, 400, "Order does not exist."),
        (-2014, 401, "API-key format invalid."),
        (-2015, 401, "Invalid API-key, IP, or permissions for action."),
        (-2021, 409, "Order cancel-replace partially failed."), (-2022, 400, "Order cancel-replace failed."),
        (
            -2026, 400,
            "Order was canceled or expired with no executed qty over 90 days ago and has been archived."
        ),
        (-2035, 400, "User Data Stream subscription already active."),
        (-2036, 400, "User Data Stream subscription not active."),
        (-2038, 400, "The requested action would change no state; rejecting."),
        (-2039, 400, "Client order ID is not correct for this order ID."),
    ]

    @Test(arguments: table) func `A row of the table is exact`(_ row: (code: Int, status: Int, message: String)) throws
    {
        let code = try #require(ErrorCode(rawValue: row.code))
        let error = ApiError(code)
        #expect(error.httpStatus == row.status)
        #expect(error.message == row.message)
    }

    @Test func `Rows with a parameter name it`() {
        #expect(
            ApiError.mandatory(.symbol).message
                == "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed.")
        #expect(
            ApiError.eitherMandatory(.orderId, .origClientOrderId).message
                == "Param 'orderId' or 'origClientOrderId' must be sent, but both were empty/null!")
        #expect(ApiError.notRequired(.price).message == "Parameter 'price' sent when not required.")
        #expect(ApiError.tooMuchPrecision("price").message == "Parameter 'price' has too much precision.")
        #expect(ApiError.invalid(.limit).message == "Data sent for parameter 'limit' is not valid.")
        #expect(
            ApiError.illegalCharacters(in: "orderId", range: "R").message
                == "Illegal characters found in parameter 'orderId'; legal range is 'R'.")
    }

    static let refusals: [(reason: RefusalReason, operation: RefusedOperation, code: Int, message: String)] = [
        (.deadlinePassed, .place(.limit), -1021, "Timestamp for this request is outside of the recvWindow."),
        (.markedOrder, .place(.limit), -1021, "Timestamp for this request is outside of the recvWindow."),
        (.unknownInstrument, .place(.limit), -1121, "Invalid symbol."),
        (.marketClosed, .place(.limit), -2010, "Market is closed."),
        (.accountMayNotTrade, .place(.limit), -2010, "This account may not place or cancel orders."),
        (.accountActionDisabled, .withdrawal, -2010, "This action is disabled on this account."),
        (.insufficientBalance, .place(.limit), -2010, "Account has insufficient balance for requested action."),
        (.duplicateOrder, .place(.limit), -2010, "Duplicate order sent."),
        (.wouldMatchImmediately, .place(.limitMaker), -2010, "Order would immediately match and take."),
        (.wouldTriggerImmediately, .place(.stopLoss), -2010, "Order would trigger immediately."),
        (.unknownOrder, .cancel, -2011, "Unknown order sent."), (.unknownOrder, .query, -2013, "Order does not exist."),
        (.unknownOrder, .amend, -2011, "Unknown order sent."),
        (.cancelRestricted, .cancel, -2011, "Order was not canceled due to cancel restrictions."),
        (.clientOrderIDMismatch, .cancel, -2039, "Client order ID is not correct for this order ID."),
        (.amendIncreasesQuantity, .amend, -2038, "Order amend (quantity increase) is not supported."),
        (.amendChangesNothing, .amend, -2038, "The requested action would change no state; rejecting."),
        (.unsupportedOrderType, .place(.stopLoss), -2010, "Stop loss orders are not supported for this symbol."),
        (
            .unsupportedOrderType, .place(.takeProfitLimit), -2010,
            "Take profit limit orders are not supported for this symbol."
        ),
        (.notionalZero, .place(.limit), -2010, "Price * QTY is zero or less."),
        (.tooMuchPrecision, .place(.limit), -1111, "Parameter 'quantity' has too much precision."),
        (.unknownAccount, .place(.limit), -2010, "This account may not place or cancel orders."),
        (.unreadable, .place(.limit), -1000, "An unknown error occurred while processing the request."),
        (.symbolNotPermitted, .place(.limit), -2010, "This symbol is not permitted for this account."),
    ]

    @Test(arguments: refusals) func `A refusal of the log has its code and text`(
        _ row: (reason: RefusalReason, operation: RefusedOperation, code: Int, message: String)
    ) {
        var refusal = Refusal()
        refusal.reason = row.reason
        let error = ApiError.refused(refusal, row.operation, now: 0)
        #expect(error.code.rawValue == row.code)
        #expect(error.message == row.message)
        #expect(error.httpStatus == 400, "a known refusal is never a server's error")
    }

    @Test(arguments: Filter.allCases) func `A filter's failure names it with its limit`(_ filter: Filter) {
        var refusal = Refusal()
        refusal.reason = .filter
        refusal.filter = filter
        (refusal.limit, refusal.actual, refusal.decimals) = (500, 123, 2)
        let error = ApiError.refused(refusal, .place(.limit), now: 0)
        #expect(error.message == "Filter failure: \(filter.contractName)")
        let text = Fixtures.text { error.append(to: &$0) }
        #expect(
            text
                == #"{"code":-1013,"msg":"Filter failure: \#(filter.contractName)","detail":{"filter":"\#(filter.contractName)","limit":"5.00","actual":"1.23"}}"#
        )
    }

    @Test func `Every reason has an error`() {
        for reason in RefusalReason.allCases {
            var refusal = Refusal()
            refusal.reason = reason
            for operation: RefusedOperation in [.place(.market), .cancel, .amend, .withdrawal, .query] {
                #expect(!ApiError.refused(refusal, operation, now: 0).message.isEmpty)
            }
        }
    }

    @Test func `Too many orders says for how long`() {
        var refusal = Refusal()
        refusal.reason = .tooManyOrders
        refusal.limit = 100
        refusal.retryAt = Timestamp(10_000)
        let short = ApiError.refused(refusal, .place(.limit), now: 4_000)
        #expect(short.message == "Too many new orders; current limit is 100 orders per 10 SECOND.")
        #expect((short.httpStatus, short.retryAfterMilliseconds) == (429, 6_000))
        refusal.retryAt = Timestamp(86_400_000)
        #expect(ApiError.refused(refusal, .place(.limit), now: 0).message.hasSuffix("orders per DAY."))
    }

    @Test func `A duplicate names the order that has the id`() {
        var refusal = Refusal()
        refusal.reason = .duplicateOrder
        refusal.orderId = OrderID(42)
        let text = Fixtures.text { ApiError.refused(refusal, .place(.limit), now: 0).append(to: &$0, requestID: "r-1") }
        #expect(text == #"{"code":-2010,"msg":"Duplicate order sent.","detail":{"orderId":42,"requestId":"r-1"}}"#)
    }

    @Test func `A refused key says why`() {
        let text = Fixtures.text { ApiError.rejectedKey(.permission, permission: "TRADE").append(to: &$0) }
        #expect(
            text
                == #"{"code":-2015,"msg":"Invalid API-key, IP, or permissions for action.","detail":{"reason":"PERMISSION","permission":"TRADE"}}"#
        )
    }
}
