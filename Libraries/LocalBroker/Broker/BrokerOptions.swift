/// What a broker is started with. Sizes are in bytes, times in milliseconds.
public struct BrokerOptions: Sendable {
    /// Where everything is kept; made when it is not there.
    public var folder: String
    /// The address to listen on, numeric, and how clients are told to reach it.
    public var address = "127.0.0.1"
    public var port: UInt16 = 9092
    /// The name or address that clients are given; nil for `address`.
    public var advertisedHost: String?
    /// Acknowledges and shows a record once it is on the disk; without it once it is written to the file, which
    /// survives the end of the process but not of the machine.
    public var syncs = true
    public var nodeID: Int32 = 1
    /// Makes a topic that a producer or consumer asks for.
    public var createsTopics = true
    public var defaultPartitions: Int32 = 1
    public var retentionMilliseconds: Int64 = 7 * 24 * 3_600_000
    /// How often retention looks for what may go.
    public var retentionCheckMilliseconds = 60_000
    public var maximumRequestBytes = 64 << 20
    public var maximumConnections = 1_000
    public var maximumPartitions = 10_000

    public init(folder: String) { self.folder = folder }
}
