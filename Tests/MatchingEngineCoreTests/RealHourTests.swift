import Foundation
import Records
import Testing
import TradingCore

@testable import MatchingEngineCore

/// One real hour of orders, from the folder that `LOBSTER_DATA` names.
enum RealHour {
    static let folder = ProcessInfo.processInfo.environment["LOBSTER_DATA"]

    /// The rows of a gzipped CSV file without its heading.
    static func rows(_ name: String) throws -> [[Substring]] {
        let unzip = Process()
        unzip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        unzip.arguments = ["gzip", "-dc", "\(folder ?? ".")/\(name)"]
        let output = Pipe()
        unzip.standardOutput = output
        try unzip.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        unzip.waitUntilExit()
        return text.split(separator: "\n").dropFirst().map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
    }
}

@Suite struct RealHourTests {
    /// Skipped unless `LOBSTER_DATA` names the folder: the data's licence keeps it out of the repository.
    @Test(.enabled(if: RealHour.folder != nil))
    func `A real hour of orders gives exactly its 4,056 fills`() throws {
        var core = MatchingCore(partition: 0)
        var sink = CollectingSink()
        var definition = EngineBench.definition()
        definition.stepSize = 100_000_000
        try core.apply(
            .instrument(definition), RecordContext(clock: Timestamp(1), writer: Writer(.gateway, 0), number: 1),
            to: &sink)
        var fills: [[String]] = []
        var orders: [Int64: OrderSize] = [:]
        var number: UInt64 = 0
        for row in try RealHour.rows("lobster_AAPL_commands.csv.gz") {
            let values = row.map { Int64($0) ?? 0 }
            let record = command(String(row[1]), values, &orders)
            number += 1
            sink.executions.removeAll(keepingCapacity: true)
            let context = RecordContext(
                clock: Timestamp(Int64(number)), writer: Writer(.ledgerService, 0), number: number)
            try core.apply(record, context, to: &sink)
            for trade in sink.executions.flatMap(\.trades) {
                orders[trade.makerOrderId.rawValue]?.traded += trade.quantity.rawValue
                orders[trade.takerOrderId.rawValue]?.traded += trade.quantity.rawValue
                fills.append([
                    "\(values[0])", "\(trade.takerOrderId)", "\(trade.makerOrderId)",
                    "\(trade.price.rawValue * 100)", "\(trade.quantity)",
                ])
            }
            if number % 5_000 == 0 { core.checkInvariants() }
        }
        let expected = try RealHour.rows("lobster_AAPL_expected_fills.csv.gz").map { $0.map(String.init) }
        #expect(expected.count == 4_056)
        #expect(fills == expected)
        core.checkInvariants()
    }

    private struct OrderSize {
        var ordered: Int64
        var traded: Int64 = 0
    }

    private func command(
        _ operation: String, _ values: [Int64], _ orders: inout [Int64: OrderSize]
    ) -> MatchingRecord {
        let id = OrderID(values[2])
        let account = AccountID(UInt32(values[2] % 100) + 1)
        let market = EngineBench.market
        switch operation {
        case "REDUCE":
            var size = orders[values[2]] ?? OrderSize(ordered: 0)
            size.ordered -= values[5]
            orders[values[2]] = size
            let left = size.ordered
            guard left > size.traded else {
                return .cancelOrder(CancelOrder(account: account, instrument: market, orderId: id))
            }
            return .amendOrder(
                AmendOrder(account: account, instrument: market, orderId: id, newLots: Quantity(left)))
        case "DELETE":
            return .cancelOrder(CancelOrder(account: account, instrument: market, orderId: id))
        default:
            orders[values[2]] = OrderSize(ordered: values[5])
            return .submitOrder(
                SubmitOrder(
                    orderId: id, account: account, instrument: market, side: values[3] == 1 ? .buy : .sell,
                    type: .limit, timeInForce: operation == "IOC" ? .immediateOrCancel : .goodTillCanceled,
                    price: Price(values[4] / 100), quantity: Quantity(values[5]), quotePerTickLot: 1_000_000,
                    basePerLot: 100_000_000))
        }
    }
}
