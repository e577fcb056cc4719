import LedgerServiceBooks
import LedgerServiceCore
import MarketDataBroadcasterMachine
import MatchingEngineMachine
import Messaging
import OrderServiceMachine
import TradingCore

/// A service's own state machine, made for one partition.
protocol ServiceMachine: StateMachine {
    static var kind: WriterKind { get }
    static var inbox: Topic { get }
    init(partition: Int, state: [UInt8]?) throws(StateError)
    /// The machine itself, without what a test has put around it.
    var base: any ServiceMachine { get }
}

extension ServiceMachine {
    var base: any ServiceMachine { self }
}

extension OrderMachine: ServiceMachine {
    static var kind: WriterKind { .orderService }
    static var inbox: Topic { .orders }
}

extension LedgerMachine: ServiceMachine {
    static var kind: WriterKind { .ledgerService }
    static var inbox: Topic { .ledger }

    /// Its checkpoints hold the whole state: no books are kept here.
    convenience init(partition: Int, state: [UInt8]?) throws(StateError) {
        try self.init(partition: partition, state: state, content: .state)
    }

    func checkInvariants() throws { try withCore { try $0.checkInvariants() } }
    func rows() -> LedgerRows { withCore { $0.rows() } }
}

extension MatchingMachine: ServiceMachine {
    static var kind: WriterKind { .matchingEngine }
    static var inbox: Topic { .matching }
}

extension BroadcasterMachine: ServiceMachine {
    static var kind: WriterKind { .marketDataBroadcaster }
    static var inbox: Topic { .executions }
}
