import CLinux

/// A system call that failed.
public struct NetworkError: Error, Hashable, CustomStringConvertible {
    /// What was attempted, for a log line: `"bind 127.0.0.1:8080"`.
    public let operation: String
    /// The error number of the system (`errno`), positive.
    public let code: Int32

    public init(operation: String, code: Int32) {
        self.operation = operation
        self.code = code
    }

    /// The system's text for `code`, such as `"Address already in use"`.
    public var reason: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
            guard let start = buffer.baseAddress, let text = clinux_error_text(code, start, buffer.count) else {
                return "error \(code)"
            }
            return String(cString: text)
        }
    }

    public var description: String { "\(operation): \(reason)" }
}

/// Turns the `-errno` convention of CLinux into a thrown error.
@discardableResult
func checked(_ result: Int32, _ operation: @autoclosure () -> String) throws(NetworkError) -> Int32 {
    guard result >= 0 else { throw NetworkError(operation: operation(), code: -result) }
    return result
}
