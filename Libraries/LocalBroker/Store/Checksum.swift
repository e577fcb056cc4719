import CChecksum

/// CRC-32C (Castagnoli), which record batches and the store's own files carry: by the processor's instruction where
/// there is one, by tables elsewhere.
enum Checksum {
    /// - Parameter before: the checksum of the bytes before these, when they come in parts.
    @inline(__always)
    static func crc32c(_ bytes: UnsafeRawBufferPointer, after before: UInt32 = 0) -> UInt32 {
        guard let start = bytes.baseAddress else { return before }
        return cchecksum_crc32c(before, start, bytes.count)
    }

    /// The same value by tables, whatever the processor can do.
    static func crc32cByTables(_ bytes: UnsafeRawBufferPointer, after before: UInt32 = 0) -> UInt32 {
        guard let start = bytes.baseAddress else { return before }
        return cchecksum_crc32c_tables(before, start, bytes.count)
    }

    /// Whether the processor's instruction is used.
    static var isNative: Bool { cchecksum_crc32c_is_native() != 0 }
}
