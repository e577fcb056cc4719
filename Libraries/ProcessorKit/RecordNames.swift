import Records
import TradingCore

extension Topic {
    /// The name of a record type of this topic, as its schema has it; the number where the schema has none.
    func recordName(_ type: UInt32) -> String {
        let names: [UInt32: String] =
            switch self {
            case .orders: OrdersRecord.typeNames
            case .ledger: LedgerRecord.typeNames
            case .matching: MatchingRecord.typeNames
            case .executions: ExecutionsRecord.typeNames
            case .accountEvents: AccountEventsRecord.typeNames
            case .marketData: MarketDataRecord.typeNames
            case .referenceData: ReferenceDataRecord.typeNames
            case .quarantine: [:]
            }
        return names[type] ?? "\(type)"
    }
}
