import Foundation
import OrderServiceCore
import Records
import TradingCore

/// Why the hour cannot be had.
struct HourError: Error, CustomStringConvertible {
    var description: String
}

/// One real hour of orders as a gateway would write them: 100 accounts (order id mod 100), self-trade prevention NONE, cancels and
/// amendments by client id.
struct Hour: ~Copyable {
    static let accounts = 100
    static let instrument = InstrumentID(1)
    static let expectedFills = 4_056
    /// The hour's commands come evenly.
    static let milliseconds: Int64 = 3_600_000
    static let start = Timestamp(1_340_285_400_000)

    /// What a client asked for, to be lent where it stands.
    enum Command: ~Copyable {
        case place(KeptRecord<PlaceOrder>)
        case cancel(KeptRecord<CancelOrder>)
        case amend(KeptRecord<AmendOrder>)
    }

    /// Reference data and money, to be applied before the clock is looked at.
    let preparation: [OrdersRecord]
    let commands: KeptList<Command>

    /// Log time of the `index`-th command.
    func time(_ index: Int) -> Timestamp {
        Hour.start.advanced(byMilliseconds: Int64(index) * Hour.milliseconds / Int64(commands.count))
    }

    /// Reads the hour from the folder that `LOBSTER_DATA` names.
    init() throws {
        guard let folder = ProcessInfo.processInfo.environment["LOBSTER_DATA"] else {
            throw HourError(description: "LOBSTER_DATA names no folder with the hour of orders")
        }
        let traded = try Hour.rows("\(folder)/lobster_AAPL_expected_fills.csv.gz")
        let rows = try Hour.rows("\(folder)/lobster_AAPL_commands.csv.gz")
        commands = Hour.commands(rows, fills: traded)
        preparation = Hour.preparation
    }

    /// The rows of a gzipped CSV file, or of its unpacked neighbour, without the heading; absent numbers are 0.
    private static func rows(_ path: String) throws -> [(operation: String, values: [Int64])] {
        let text = try text(path)
        return text.split(separator: "\n").dropFirst().map { line in
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            return (String(fields[1]), fields.map { Int64($0) ?? 0 })
        }
    }

    private static func text(_ path: String) throws -> String {
        let unpacked = String(path.dropLast(".gz".count))
        if FileManager.default.fileExists(atPath: unpacked) {
            return try String(contentsOfFile: unpacked, encoding: .utf8)
        }
        let unzip = Process()
        unzip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        unzip.arguments = ["gzip", "-dc", path]
        let output = Pipe()
        unzip.standardOutput = output
        try unzip.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        unzip.waitUntilExit()
        guard unzip.terminationStatus == 0 else { throw HourError(description: "\(path) cannot be read") }
        return text
    }

    private static func commands(
        _ rows: [(operation: String, values: [Int64])], fills: [(operation: String, values: [Int64])]
    ) -> KeptList<Command> {
        var open: [Int64: (ordered: Int64, traded: Int64)] = [:]
        var nextFill = 0
        var commands = KeptList<Command>(capacity: max(rows.count, 1))
        for (operation, values) in rows {
            let (number, id, size) = (values[0], values[2], values[5])
            if operation == "ADD" || operation == "IOC" { open[id] = (size, 0) }
            if operation == "REDUCE" { open[id]?.ordered -= size }
            commands.append(command(operation, values, open[id] ?? (0, 0)))
            while nextFill < fills.count, fills[nextFill].values[0] == number {
                let fill = fills[nextFill].values
                open[fill[1]]?.traded += fill[4]
                open[fill[2]]?.traded += fill[4]
                nextFill += 1
            }
        }
        return commands
    }

    private static func command(
        _ operation: String, _ values: [Int64], _ size: (ordered: Int64, traded: Int64)
    ) -> Command {
        let account = AccountID(UInt32(values[2] % Int64(accounts)) + 1)
        let name = ASCIIText("\(values[2])") ?? ASCIIText()
        if operation == "ADD" || operation == "IOC" {
            return .place(
                KeptRecord(
                    PlaceOrder(
                        account: account, instrument: instrument, clientOrderId: name,
                        side: values[3] == 1 ? .buy : .sell, type: .limit,
                        timeInForce: operation == "IOC" ? .immediateOrCancel : .goodTillCanceled,
                        // Dollars × 10,000 in, dollars × 10^8 out.
                        quantity: values[5] * wholeUnit, price: values[4] * 10_000, selfTradePrevention: .none)))
        }
        if operation == "REDUCE", size.ordered > size.traded {
            return .amend(
                KeptRecord(
                    AmendOrder(
                        account: account, instrument: instrument, origClientOrderId: name,
                        newQuantity: size.ordered * wholeUnit)))
        }
        return .cancel(
            KeptRecord(CancelOrder(account: account, instrument: instrument, origClientOrderId: name)))
    }

    /// Both assets have 8 decimals.
    private static let wholeUnit: Int64 = 100_000_000
    private static let base = AssetID(1)
    private static let quote = AssetID(2)
    private static let generous: UInt32 = 1_000_000

    private static var preparation: [OrdersRecord] {
        var records: [OrdersRecord] = [
            .asset(AssetDefinition(asset: base, revision: 1, code: "AAPL", decimals: 8, depositsEnabled: true)),
            .asset(AssetDefinition(asset: quote, revision: 1, code: "USD", decimals: 8, depositsEnabled: true)),
            .feeSchedule(
                FeeSchedule(schedule: FeeScheduleID(1), revision: 1, makerBasisPoints: 8, takerBasisPoints: 10)),
            .venue(VenueDefinition(revision: 1, ordersPer10Seconds: generous, ordersPerDay: generous)),
            .instrument(market),
        ]
        for number in 1...UInt32(accounts) {
            let account = AccountID(number)
            records.append(
                .account(
                    AccountDefinition(
                        account: account, revision: 1, feeSchedule: FeeScheduleID(1), mayTrade: true, mayWithdraw: true,
                        mayDeposit: true)))
            for asset in [base, quote] {
                records.append(
                    .deposit(
                        Deposit(
                            account: account, asset: asset, amount: Amount(100_000_000 * wholeUnit),
                            reference: ASCIIText("\(number)-\(asset)") ?? ASCIIText())))
            }
        }
        return records
    }

    /// AAPLUSD: tick 0.01, step 1.
    static var market: InstrumentDefinition {
        InstrumentDefinition(
            instrument: instrument, revision: 1, symbol: "AAPLUSD", baseAsset: base, quoteAsset: quote, partition: 0,
            status: .trading, baseDecimals: 8, quoteDecimals: 8, tickSize: wholeUnit / 100, stepSize: wholeUnit,
            minimumPrice: wholeUnit / 100, maximumPrice: 1_000_000 * wholeUnit, minimumQuantity: wholeUnit,
            maximumQuantity: 100_000_000 * wholeUnit, minimumNotional: Amount(wholeUnit),
            bidMultiplierUp: 12_000, bidMultiplierDown: 8_000, askMultiplierUp: 12_000, askMultiplierDown: 8_000,
            maximumOrders: generous, firstReferencePrice: 585 * wholeUnit)
    }
}
