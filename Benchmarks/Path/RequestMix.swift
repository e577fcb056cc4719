import Crypto
import Network

/// An account's key as the script hands it over.
struct ApiKey: Codable {
    var apiKey: String
    var secretKey: String
}

/// A market with prices at which orders rest, and the touch at which they fill.
struct BenchMarket {
    var symbol: String
    /// Decimal places of the price, and prices in units of the last one.
    var decimals: Int
    var restingBid: Int
    var restingAsk: Int
    var bid: Int
    var ask: Int
    var quantity: String
    /// What a standing order of a maker holds.
    var standing: String

    static let all = [
        BenchMarket(
            symbol: "BTCUSDT", decimals: 2, restingBid: 4_500_000, restingAsk: 5_500_000, bid: 4_999_000,
            ask: 5_001_000, quantity: "0.00100", standing: "900"),
        BenchMarket(
            symbol: "ETHUSDT", decimals: 2, restingBid: 225_000, restingAsk: 275_000, bid: 249_900, ask: 250_100,
            quantity: "0.0100", standing: "9000"),
        BenchMarket(
            symbol: "ETHBTC", decimals: 5, restingBid: 4_500, restingAsk: 5_500, bid: 4_999, ask: 5_001,
            quantity: "0.010", standing: "9000"),
        BenchMarket(
            symbol: "AAPLUSD", decimals: 2, restingBid: 52_650, restingAsk: 64_350, bid: 58_400, ask: 58_600,
            quantity: "1", standing: "9000000"),
    ]

    func text(_ price: Int) -> String {
        let digits = String(price)
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        return "\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
    }
}

/// Writes the requests of one account: 45% resting orders, 40% cancels, 15% orders that fill.
struct RequestMix {
    private let key: ApiKey
    private let hmac: HMACSHA256
    private let account: Int
    /// Before every client id, so that no two runs share one.
    private let run: String
    private var state: UInt64
    /// Resting orders to cancel, oldest first: market and client id.
    private var resting: [(market: Int, number: Int)] = []
    private var oldest = 0

    init(_ key: ApiKey, account: Int, run: String) throws {
        self.key = key
        self.run = run
        self.account = account
        hmac = try HMACSHA256(key: Array(key.secretKey.utf8))
        state = UInt64(account) &* 0x9E37_79B9_7F4A_7C15 | 1
    }

    private mutating func random(_ bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(bound))
    }

    /// The text of request `number`.
    mutating func next(_ number: Int) throws -> String {
        let roll = random(100)
        if roll < 40, oldest < resting.count {
            let order = resting[oldest]
            oldest += 1
            return try cancel(number, order.market, order.number)
        }
        let index = random(BenchMarket.all.count)
        let market = BenchMarket.all[index]
        let buys = random(2) == 0
        if roll >= 85 {
            return try place(
                number, clientID(number), market, buys, buys ? market.ask : market.bid, "IOC", market.quantity)
        }
        resting.append((index, number))
        let distance = random(200)
        return try place(
            number, clientID(number), market, buys, buys ? market.restingBid - distance : market.restingAsk + distance,
            "GTC",
            market.quantity)
    }

    private func clientID(_ number: Int) -> String { "\(run)-\(account)-\(number)" }

    /// The text of a placement under the client id `id`.
    func place(
        _ number: Int, _ id: String, _ market: BenchMarket, _ buys: Bool, _ price: Int, _ timeInForce: String,
        _ quantity: String
    ) throws -> String {
        let side = buys ? "BUY" : "SELL"
        let time = WallClock.milliseconds()
        let payload =
            "apiKey=\(key.apiKey)&newClientOrderId=\(id)&newOrderRespType=ACK&price=\(market.text(price))"
            + "&quantity=\(quantity)&recvWindow=60000&side=\(side)&symbol=\(market.symbol)"
            + "&timeInForce=\(timeInForce)&timestamp=\(time)&type=LIMIT"
        return
            "{\"id\":\(number),\"method\":\"order.place\",\"params\":{\"symbol\":\"\(market.symbol)\",\"side\":\"\(side)\","
            + "\"type\":\"LIMIT\",\"timeInForce\":\"\(timeInForce)\",\"quantity\":\"\(quantity)\",\"price\":\""
            + "\(market.text(price))\",\"newClientOrderId\":\"\(id)\",\"newOrderRespType\":\"ACK\","
            + "\"recvWindow\":60000,\"timestamp\":\(time),\"apiKey\":\"\(key.apiKey)\",\"signature\":\""
            + "\(try sign(payload))\"}}"
    }

    private func cancel(_ number: Int, _ market: Int, _ order: Int) throws -> String {
        let symbol = BenchMarket.all[market].symbol
        let time = WallClock.milliseconds()
        let id = clientID(order)
        let payload =
            "apiKey=\(key.apiKey)&origClientOrderId=\(id)&recvWindow=60000&symbol=\(symbol)&timestamp=\(time)"
        return
            "{\"id\":\(number),\"method\":\"order.cancel\",\"params\":{\"symbol\":\"\(symbol)\",\"origClientOrderId\":\""
            + "\(id)\",\"recvWindow\":60000,\"timestamp\":\(time),\"apiKey\":\"\(key.apiKey)\",\"signature\":\""
            + "\(try sign(payload))\"}}"
    }

    private func sign(_ payload: String) throws -> String { try hmac.authenticate(Array(payload.utf8)).hex }
}
