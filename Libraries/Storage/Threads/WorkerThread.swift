import Glibc

/// An operating-system thread with a name, for work that blocks.
package final class WorkerThread: Sendable {
    private let identifier: pthread_t

    /// - Parameter name: at most 15 bytes are shown by the system.
    package init(name: String, _ body: @escaping @Sendable () -> Void) {
        var identifier = pthread_t()
        let start = Unmanaged.passRetained(Start(name: name, body: body))
        let failure = pthread_create(
            &identifier, nil,
            { argument in
                guard let argument else { return nil }
                let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                WorkerThread.nameCurrent(start.name)
                start.body()
                return nil
            }, start.toOpaque())
        precondition(failure == 0, "no thread could be made: \(String(cString: strerror(failure)))")
        self.identifier = identifier
    }

    /// Waits until the thread has ended; once.
    package func join() {
        pthread_join(identifier, nil)
    }

    var isCurrent: Bool { pthread_equal(identifier, pthread_self()) != 0 }

    /// The name is for people who look at the process: a system that does not take it is no failure.
    private static func nameCurrent(_ name: String) {
        let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        _ = write(file, name, min(name.utf8.count, 15))
        close(file)
    }

    private final class Start: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }
}
