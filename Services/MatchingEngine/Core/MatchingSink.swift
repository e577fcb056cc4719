import Records
import TradingCore

/// Takes what the engine makes of its inbox, in the order in which it is to be written. What it is handed is lent for the call.
public protocol MatchingSink {
    /// The effects of a numbered input, or one part of them.
    mutating func execution(_ execution: borrowing EngineEvent)
    /// Log time goes on.
    mutating func tick(_ tick: EngineTick)
    /// What an input did to the accounts of one ledger partition.
    mutating func settlement(_ partition: Int, _ settlement: borrowing KeptRecord<Settlement>)
}
