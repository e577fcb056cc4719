/// Which start of the machine this is: as long as it is the same, what was written to a file is there, synchronised or
/// not.
struct BootIdentity: Hashable, Sendable {
    var high: UInt64
    var low: UInt64

    static let unknown = BootIdentity(high: 0, low: 0)

    /// Whether the system says which start it is.
    var isKnown: Bool { self != .unknown }

    /// The kernel's random number of this start.
    static func current() -> BootIdentity {
        do throws(StoreError) {
            let file = try StoreFile("/proc/sys/kernel/random/boot_id", .read, calls: SystemFiles())
            var text = [UInt8](repeating: 0, count: 64)
            let result = text.withUnsafeMutableBytes { bytes in
                Result { () throws(StoreError) in try file.read(bytes, at: 0) }
            }
            return parse(text.prefix(try result.get()))
        } catch {
            // Without it nothing is taken for granted that was not synchronised.
            return .unknown
        }
    }

    /// Reads 32 hexadecimal digits with dashes between them.
    static func parse(_ text: some Sequence<UInt8>) -> BootIdentity {
        var identity = BootIdentity.unknown
        var digits = 0
        for character in text {
            guard let digit = Character(UnicodeScalar(character)).hexDigitValue else { continue }
            identity.high = identity.high << 4 | identity.low >> 60
            identity.low = identity.low << 4 | UInt64(digit)
            digits += 1
        }
        return digits == 32 ? identity : .unknown
    }
}
