/// How a service's process ends, for whoever supervises it.
public enum ExitCode: Int32, Sendable {
    case clean = 0
    /// `--check-config` found something wrong, or a command's answer is no (`verify`).
    case failed = 1
    /// A mistake on the command line (EX_USAGE).
    case usage = 64
    /// A broken invariant (EX_SOFTWARE): to start again by itself would be wrong, somebody has to look.
    case brokenInvariant = 70
    /// A passing trouble, such as a store that is away (EX_TEMPFAIL): start again.
    case temporaryFailure = 75
    /// The configuration is wrong (EX_CONFIG).
    case badConfiguration = 78
}

/// An error that ends a service and knows with which code. Any other error that `start` throws is a temporary failure.
public struct ServiceFailure: Error, Sendable, CustomStringConvertible {
    public let exitCode: ExitCode
    public let reason: String

    public init(_ exitCode: ExitCode, _ reason: String) {
        self.exitCode = exitCode
        self.reason = reason
    }

    public var description: String { reason }
}
