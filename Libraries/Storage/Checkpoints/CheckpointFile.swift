import Crypto

/// A checkpoint's file: a header of fixed length, then the checkpoint.
///
///     0   8 bytes   "VENUECKP"
///     8   UInt32    format version, little-endian like all numbers here
///     12  UInt32    length of the header
///     16  UInt64    sequence
///     24  UInt64    length of the checkpoint
///     32  32 bytes  SHA-256 of the 32 bytes before it and the checkpoint
enum CheckpointFile {
    static let headerLength = 64
    static let formatVersion: UInt32 = 1
    private static let magic = Array("VENUECKP".utf8)
    private static let digestOffset = 32

    enum Problem: Error, Hashable {
        case damaged(String)
        case newerFormat(UInt32)
    }

    static func header(sequence: UInt64, checkpoint: [UInt8]) throws(CryptoError) -> [UInt8] {
        var header = magic
        header.appendLittleEndian(formatVersion)
        header.appendLittleEndian(UInt32(headerLength))
        header.appendLittleEndian(sequence)
        header.appendLittleEndian(UInt64(checkpoint.count))
        return header + (try digest(header, checkpoint[...]).bytes)
    }

    /// - Returns: the checkpoint in `file`, which was stored under `sequence`.
    static func checkpoint(in file: [UInt8], sequence: UInt64) throws(Problem) -> [UInt8] {
        guard file.count >= headerLength else { throw .damaged("\(file.count) bytes are no header") }
        guard file.starts(with: magic) else { throw .damaged("no checkpoint") }
        let version: UInt32 = file.littleEndian(at: 8)
        guard version <= formatVersion else { throw .newerFormat(version) }
        let length: UInt64 = file.littleEndian(at: 24)
        guard UInt64(file.count - headerLength) == length else {
            throw .damaged("\(file.count - headerLength) of \(length) bytes")
        }
        guard file.littleEndian(at: 16) == sequence else { throw .damaged("stored under another number") }
        let stored = Digest256(file.span.bytes.extracting(digestOffset..<headerLength))
        let checkpoint = file[headerLength...]
        do throws(CryptoError) {
            let found = try digest(Array(file[..<digestOffset]), checkpoint)
            guard found == stored else { throw CryptoError(operation: "checksum", reason: "differs") }
        } catch {
            throw .damaged(error.description)
        }
        return Array(checkpoint)
    }

    private static func digest(_ head: [UInt8], _ checkpoint: ArraySlice<UInt8>) throws(CryptoError) -> Digest256 {
        let hash = try SHA256()
        try hash.update(head)
        try hash.update(checkpoint.span.bytes)
        return try hash.finish()
    }
}

extension [UInt8] {
    fileprivate mutating func appendLittleEndian<Number: FixedWidthInteger>(_ number: Number) {
        Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
    }

    fileprivate func littleEndian<Number: FixedWidthInteger>(at offset: Int) -> Number {
        withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Number.self)) }
    }
}
