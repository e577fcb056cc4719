/// A topic of the broker: its partitions' logs and its settings.
final class Topic {
    let name: String
    let id: KafkaUUID
    /// Settings that were given, by Kafka's names; others have their defaults.
    var settings: [String: String]
    var partitions: [Partition]

    init(name: String, id: KafkaUUID, settings: [String: String], partitions: [Partition]) {
        self.name = name
        self.id = id
        self.settings = settings
        self.partitions = partitions
    }

    func partition(_ index: Int32) -> Partition? {
        partitions.indices.contains(Int(index)) ? partitions[Int(index)] : nil
    }

    /// Names that Kafka takes: letters, digits, `.`, `_` and `-`, at most 249 of them, and not `.` or `..`.
    static func isName(_ name: String) -> Bool {
        (1...249).contains(name.utf8.count) && name != "." && name != ".."
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}

/// A partition: its log, and whoever waits for it.
final class Partition {
    let topic: String
    let index: Int32
    let log: PartitionLog
    /// Fetches to be looked at again when records are shown.
    var fetches: [WaitingFetch] = []
    /// Whoever waits until the log is on the disk below an offset; is told whether it is, or never will be.
    var acknowledgements: [(offset: Int64, done: (Bool) -> Void)] = []
    /// Bytes written since records were shown last.
    var unshownBytes = 0
    /// Records were shown in this turn.
    var isListed = false
    /// Records were written in this turn that the disk does not have.
    var isDirty = false

    init(topic: String, index: Int32, log: PartitionLog) {
        self.topic = topic
        self.index = index
        self.log = log
    }
}
