import Crypto
import Network
import TradingCore

extension KeyPermissions {
    /// The name of a single permission in the client API.
    var contractName: String { names.first ?? "NONE" }
}

/// How a key's requests are signed.
public enum KeySecret: Sendable {
    /// The shared secret.
    case hmac([UInt8])
    case ed25519(Ed25519.PublicKey)
}

/// An API key as the gateway keeps it in memory.
public struct ApiKey: Sendable {
    public var key: String
    public var account: AccountID
    public var secret: KeySecret
    public var permissions: KeyPermissions
    /// Addresses that may use the key; empty: all.
    public var allowedAddresses: [IPAddress]
    public var isEnabled: Bool
    public var revision: UInt64
    /// When it was made.
    public var created: TradingCore.Timestamp

    public init(
        key: String, account: AccountID, secret: KeySecret, permissions: KeyPermissions = [.read, .trade],
        allowedAddresses: [IPAddress] = [], isEnabled: Bool = true, revision: UInt64 = 1,
        created: TradingCore.Timestamp = TradingCore.Timestamp(0)
    ) {
        self.key = key
        self.account = account
        self.secret = secret
        self.permissions = permissions
        self.allowedAddresses = allowedAddresses
        self.isEnabled = isEnabled
        self.revision = revision
        self.created = created
    }
}

/// What a store knows of a key.
public enum KeyLookup: Sendable {
    case known(ApiKey)
    case absent
    /// It must be looked up first: `ApiKeyStore.load`.
    case notLoaded
    /// Whether there is such a key cannot be found out now.
    case unavailable
}

/// The API keys. Any thread may ask.
public protocol ApiKeyStore: AnyObject, Sendable {
    /// What memory says.
    func lookup(_ key: String) -> KeyLookup

    /// Looks a key up where keys are kept and calls `completion` once, on any thread; with `unavailable` when the store cannot be reached.
    /// `lookup` goes on saying `notLoaded` then.
    func load(_ key: String, _ completion: @escaping @Sendable (KeyLookup) -> Void)

    /// Changes whenever a key that was given out has changed or gone, so that copies are thrown away.
    var generation: UInt64 { get }

    /// A key has changed, as `reference-data` says: a revoked one is refused from now on.
    func changed(_ key: String, revision: UInt64, isRevoked: Bool)
}
