/// The file that keeps where a log starts, `start`: the offset and its checksum. It is on the disk before anything below
/// is removed, so a segment that comes back after the end of the machine is known to be gone.
enum LogStart {
    private static let name = "start"
    private static let bytes = 12

    /// 0 when nothing was ever removed.
    static func read(_ folder: String, calls: any FileCalls) throws(StoreError) -> Int64 {
        let path = "\(folder)/\(name)"
        guard let content = try StorePath.contents(path, calls: calls) else { return 0 }
        let offset: Int64? = content.withUnsafeBytes { content in
            guard content.count == bytes else { return nil }
            let checked = UnsafeRawBufferPointer(rebasing: content[..<8])
            let checksum = UInt32(littleEndian: content.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
            guard checksum == Checksum.crc32c(checked) else { return nil }
            return Int64(littleEndian: content.loadUnaligned(as: Int64.self))
        }
        guard let offset, offset >= 0 else {
            throw .damaged(path: path, position: 0, reason: "its checksum does not fit")
        }
        return offset
    }

    static func write(_ offset: Int64, _ folder: String, calls: any FileCalls) throws(StoreError) {
        var content: [UInt8] = []
        withUnsafeBytes(of: offset.littleEndian) { content.append(contentsOf: $0) }
        let checksum = content.withUnsafeBytes { Checksum.crc32c($0) }
        withUnsafeBytes(of: checksum.littleEndian) { content.append(contentsOf: $0) }
        try StorePath.replace("\(folder)/\(name)", with: content, durable: true, calls: calls)
    }
}
