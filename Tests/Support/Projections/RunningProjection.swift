import Messaging
import Network
import ProcessorKit
import ServiceKit

/// A projection's thread that runs; it is stopped and joined at the latest when this object goes.
public final class RunningProjection<Partition: PartitionProjection & SendableMetatype>: Sendable {
    public typealias Projection = ProjectionThread<Partition, InMemoryLog>

    public let context: ServiceContext
    private let projection: Projection
    private let thread: WorkerThread

    public init(_ context: ServiceContext, _ projection: Projection) {
        self.context = context
        self.projection = projection
        thread = WorkerThread(name: "projection") { projection.run() }
    }

    public func stop() { projection.stop() }

    /// Stops, and waits for the thread.
    public func end() {
        projection.stop()
        thread.join()
    }

    deinit { end() }
}
