import CLinux
import Glibc
import Synchronization

/// A named thread of the operating system that runs one closure and ends with it: an event loop, or work that waits.
///
/// One that nobody joins goes on by itself when this object goes.
public final class WorkerThread: Sendable {
    private let identifier: pthread_t
    private let joined = Mutex(false)

    /// Starts the thread; the process stops, with the reason on standard error, when the system has none to give.
    ///
    /// - Parameter name: at most 15 bytes are kept by the system.
    public init(name: String, _ body: @escaping @Sendable () -> Void) {
        var identifier = pthread_t()
        let start = Unmanaged.passRetained(Start(name: name, body: body))
        let code = pthread_create(&identifier, nil, { WorkerThread.main($0) }, start.toOpaque())
        guard code == 0 else {
            WorkerThread.stop(NetworkError(operation: "thread \(name)", code: code))
        }
        self.identifier = identifier
    }

    /// A release build's precondition says nothing, and an operator should know which limit was met.
    private static func stop(_ error: NetworkError) -> Never {
        let line = "the process stops: \(error)\n"
        _ = line.utf8CString.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count - 1) }
        preconditionFailure("\(error)")
    }

    deinit {
        if !joined.withLock({ $0 }) { pthread_detach(identifier) }
    }

    /// Waits until the thread has ended.
    public func join() {
        joined.withLock { joined in
            guard !joined else { return }
            pthread_join(identifier, nil)
            joined = true
        }
    }

    /// Whether the caller runs on this thread.
    public var isCurrent: Bool { pthread_equal(identifier, pthread_self()) != 0 }

    private final class Start: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    private static func main(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let argument else { return nil }
        let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
        clinux_thread_name(start.name)
        start.body()
        return nil
    }
}
