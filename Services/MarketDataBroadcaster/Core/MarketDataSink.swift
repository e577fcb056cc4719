import Records

/// Takes the public market data, in the order in which it is to be written to the broadcaster's own partition of `market-data`.
///
/// The records are scratch of the core, lent for the call, kept and used again.
public protocol MarketDataSink {
    /// What one input of the engine changed for everybody.
    mutating func update(_ update: borrowing KeptRecord<MarketUpdate>)
    /// Candles and tickers that changed; at most one a second and market.
    mutating func statistics(_ statistics: MarketStatistics)
    /// The whole public state of a market, or one part of it.
    mutating func snapshot(_ snapshot: MarketSnapshot)
}
