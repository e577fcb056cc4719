/// A price in ticks of its instrument; 0 means none.
@frozen
public struct Price: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
    public var rawValue: Int64

    @inlinable
    public init(rawValue: Int64) { self.rawValue = rawValue }

    @inlinable
    public init(_ value: Int64) { rawValue = value }

    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    public var description: String { "\(rawValue)" }
}

/// A quantity in lots (steps) of its instrument.
@frozen
public struct Quantity: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
    public var rawValue: Int64

    @inlinable
    public init(rawValue: Int64) { self.rawValue = rawValue }

    @inlinable
    public init(_ value: Int64) { rawValue = value }

    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    public var description: String { "\(rawValue)" }
}

/// An amount of one asset in its minor units (10^-decimals of a whole unit); signed where it is a posting.
@frozen
public struct Amount: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
    public var rawValue: Int64

    @inlinable
    public init(rawValue: Int64) { self.rawValue = rawValue }

    @inlinable
    public init(_ value: Int64) { rawValue = value }

    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    public var description: String { "\(rawValue)" }
}

/// Milliseconds since the Unix epoch, UTC. In a state machine always log time: the stamp that a topic gave to a record.
@frozen
public struct Timestamp: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
    public var rawValue: Int64

    @inlinable
    public init(rawValue: Int64) { self.rawValue = rawValue }

    @inlinable
    public init(_ value: Int64) { rawValue = value }

    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    public var description: String { "\(rawValue)" }
}

extension Price {
    @inlinable
    public static var zero: Price { Price(0) }
}

extension Quantity {
    @inlinable
    public static var zero: Quantity { Quantity(0) }

    @inlinable
    public static func + (left: Quantity, right: Quantity) -> Quantity { Quantity(left.rawValue + right.rawValue) }

    @inlinable
    public static func - (left: Quantity, right: Quantity) -> Quantity { Quantity(left.rawValue - right.rawValue) }

    @inlinable
    public static func += (left: inout Quantity, right: Quantity) { left.rawValue += right.rawValue }

    @inlinable
    public static func -= (left: inout Quantity, right: Quantity) { left.rawValue -= right.rawValue }
}

extension Amount {
    @inlinable
    public static var zero: Amount { Amount(0) }

    @inlinable
    public static func + (left: Amount, right: Amount) -> Amount { Amount(left.rawValue + right.rawValue) }

    @inlinable
    public static func - (left: Amount, right: Amount) -> Amount { Amount(left.rawValue - right.rawValue) }

    @inlinable
    public static prefix func - (amount: Amount) -> Amount { Amount(-amount.rawValue) }

    @inlinable
    public static func += (left: inout Amount, right: Amount) { left.rawValue += right.rawValue }

    @inlinable
    public static func -= (left: inout Amount, right: Amount) { left.rawValue -= right.rawValue }
}

extension Timestamp {
    /// Milliseconds from `earlier` to `self`.
    @inlinable
    public func milliseconds(since earlier: Timestamp) -> Int64 { rawValue - earlier.rawValue }

    @inlinable
    public func advanced(byMilliseconds milliseconds: Int64) -> Timestamp { Timestamp(rawValue + milliseconds) }
}
