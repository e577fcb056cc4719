import TestBasics

extension SplitMix64 {
    /// From 0 to before `bound`; 0 when that is not positive.
    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(bound, 1))) }
}

/// Damages an encoding in one to three ways.
func mutate(_ original: [UInt8], with other: [UInt8], _ generator: inout SplitMix64) -> [UInt8] {
    var bytes = original
    for _ in 0...generator.below(3) {
        let place = generator.below(bytes.count + 1)
        switch generator.below(9) {
        case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8(generator.below(8))
        case 1 where place < bytes.count: bytes[place] = UInt8(truncatingIfNeeded: generator.next())
        case 2: bytes.removeSubrange(place...)
        case 3 where place < bytes.count: bytes.remove(at: place)
        case 4: bytes.insert(UInt8(truncatingIfNeeded: generator.next()), at: place)
        case 5 where place < bytes.count: bytes[place] = [0, 0x7f, 0x80, 0xff][generator.below(4)]
        case 6: bytes += other
        case 7: bytes = other + bytes
        case 8:
            // A tag of any field and wire type, with a long varint as its value or length.
            let tag = UInt8(truncatingIfNeeded: generator.next()) & 0x7f
            let tail = [UInt8](repeating: 0x80 | UInt8(generator.below(128)), count: generator.below(11))
            bytes.insert(contentsOf: [tag] + tail + [UInt8(generator.below(128))], at: place)
        default: break
        }
    }
    return bytes
}
