/// A mistake on the command line.
struct UsageError: Error, CustomStringConvertible {
    var text: String
    var description: String { text }
}

/// `command --name value …`.
struct Arguments {
    private let first: String
    private var values: [String: String] = [:]

    init(_ arguments: [String]) {
        first = arguments.first ?? ""
        var index = 1
        while index + 1 < arguments.count {
            values[String(arguments[index].drop { $0 == "-" })] = arguments[index + 1]
            index += 2
        }
    }

    mutating func command() -> String { first }

    func text(_ name: String) throws -> String {
        guard let value = values[name] else { throw UsageError(text: "--\(name) is missing") }
        return value
    }

    func integer(_ name: String) throws -> Int {
        let value = try text(name)
        guard let number = Int(value), number >= 0 else {
            throw UsageError(text: "--\(name) is a whole number, not \(value)")
        }
        return number
    }
}

/// When the n-th request is to be sent.
struct Schedule: Sendable {
    var rate: Int
    var warmUpSeconds: Int
    var seconds: Int

    var warmUpCount: Int { rate * warmUpSeconds }
    var count: Int { rate * (warmUpSeconds + seconds) }

    /// Nanoseconds after the start.
    func intendedTime(_ index: Int) -> UInt64 { UInt64(index) * 1_000_000_000 / UInt64(rate) }

    /// How many requests are due after `elapsed` nanoseconds.
    func due(_ elapsed: UInt64) -> Int { min(count, Int(elapsed * UInt64(rate) / 1_000_000_000) + 1) }
}
