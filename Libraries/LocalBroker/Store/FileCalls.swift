import Glibc

/// The system calls that can fail because of the disk. Each returns what the call returns, or `-errno`.
protocol FileCalls: Sendable {
    func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, at position: Int) -> Int
    func read(_ descriptor: Int32, _ bytes: UnsafeMutableRawBufferPointer, at position: Int) -> Int
    /// Gives the file disk blocks, which read as zeros, for this range; the file's length grows to its end.
    func allocate(_ descriptor: Int32, from position: Int, count: Int) -> Int32
    func truncate(_ descriptor: Int32, to length: Int) -> Int32
    /// Returns once the file's bytes, and what is needed to find them, are on the disk.
    func synchronizeData(_ descriptor: Int32) -> Int32
    /// Returns once the names in a folder are on the disk.
    func synchronizeFolder(_ descriptor: Int32) -> Int32
}

/// The system's own calls.
struct SystemFiles: FileCalls {
    func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, at position: Int) -> Int {
        let count = pwrite(descriptor, bytes.baseAddress, bytes.count, off_t(position))
        return count < 0 ? -Int(errno) : count
    }

    func read(_ descriptor: Int32, _ bytes: UnsafeMutableRawBufferPointer, at position: Int) -> Int {
        let count = pread(descriptor, bytes.baseAddress, bytes.count, off_t(position))
        return count < 0 ? -Int(errno) : count
    }

    func allocate(_ descriptor: Int32, from position: Int, count: Int) -> Int32 {
        while true {
            let code = posix_fallocate(descriptor, off_t(position), off_t(count))
            if code != EINTR { return -code }
        }
    }

    func truncate(_ descriptor: Int32, to length: Int) -> Int32 {
        ftruncate(descriptor, off_t(length)) < 0 ? -errno : 0
    }

    func synchronizeData(_ descriptor: Int32) -> Int32 {
        fdatasync(descriptor) < 0 ? -errno : 0
    }

    func synchronizeFolder(_ descriptor: Int32) -> Int32 {
        fsync(descriptor) < 0 ? -errno : 0
    }
}
