/// The numbers by which the protocol names what was wrong, as far as the store gives them.
///
/// Source: Kafka's protocol guide, "Error Codes".
enum StoreCode {
    static let offsetOutOfRange: Int16 = 1
    static let corruptMessage: Int16 = 2
    static let messageTooLarge: Int16 = 10
    static let invalidTimestamp: Int16 = 32
    static let unsupportedForMessageFormat: Int16 = 43
    static let outOfOrderSequenceNumber: Int16 = 45
    static let invalidProducerEpoch: Int16 = 47
    static let invalidTransactionState: Int16 = 48
    static let storageError: Int16 = 56
    static let invalidRecord: Int16 = 87
}
