import Glibc

/// Why a file could not be read or understood.
public struct FileReadError: Error, Sendable, Equatable {
    public let reason: String

    public init(reason: String) {
        self.reason = reason
    }
}

/// The longest configuration file that is read, in bytes.
private let maximumConfigurationFileSize = 1 << 20

/// Reads a file of at most 1 MiB into memory.
public func readWholeFile(_ path: String) -> Result<[UInt8], FileReadError> {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return .failure(FileReadError(reason: systemErrorText(errno))) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16_384)
    while true {
        let count = read(descriptor, &chunk, chunk.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { return .failure(FileReadError(reason: systemErrorText(errno))) }
        guard count > 0 else { return .success(bytes) }
        bytes += chunk[..<count]
        guard bytes.count <= maximumConfigurationFileSize else {
            return .failure(FileReadError(reason: "longer than \(maximumConfigurationFileSize) bytes"))
        }
    }
}

/// The text of an `errno`.
func systemErrorText(_ code: Int32) -> String {
    guard let text = strerror(code) else { return "error \(code)" }
    return String(cString: text)
}

/// Reads a JSON configuration file into flat keys: `{"kafka": {"bootstrap-servers": "a:9092"}}` is the key
/// `kafka.bootstrap-servers`. Numbers keep the text that they have in the file, so decimals stay exact; a key given
/// twice is reported by whoever gathers the entries.
struct ConfigurationFile {
    typealias Entry = (key: String, text: ConfigurationText)

    private static let maximumDepth = 16
    private var bytes: ArraySlice<UInt8>
    private var line = 1
    private var entries: [Entry] = []

    static func entries(of bytes: [UInt8]) throws(FileReadError) -> [Entry] {
        var file = ConfigurationFile(bytes: bytes[...])
        file.skipBlanks()
        guard file.bytes.first == UInt8(ascii: "{") else { throw file.failure("expected an object of keys") }
        try file.readObject(prefix: "", depth: 0)
        file.skipBlanks()
        guard file.bytes.isEmpty else { throw file.failure("something follows the object") }
        return file.entries
    }

    private init(bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
    }

    private func failure(_ reason: String) -> FileReadError {
        FileReadError(reason: "line \(line): \(reason)")
    }

    private mutating func skipBlanks() {
        while let byte = bytes.first, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            if byte == 0x0A { line += 1 }
            bytes.removeFirst()
        }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard bytes.first == UInt8(ascii: character) else { return false }
        bytes.removeFirst()
        return true
    }

    private mutating func readObject(prefix: String, depth: Int) throws(FileReadError) {
        guard depth < Self.maximumDepth else { throw failure("nested deeper than \(Self.maximumDepth)") }
        guard take("{"), !take("}") else { return }
        repeat {
            skipBlanks()
            guard bytes.first == UInt8(ascii: "\"") else { throw failure("expected a key in quotes") }
            let key = prefix + (try readString())
            guard take(":") else { throw failure("expected ':' after '\(key)'") }
            skipBlanks()
            switch bytes.first {
            case UInt8(ascii: "{"): try readObject(prefix: key + ".", depth: depth + 1)
            case UInt8(ascii: "["): entries.append((key, .list(try readList(of: key))))
            default: entries.append((key, .text(try readScalar(of: key))))
            }
        } while take(",")
        guard take("}") else { throw failure("expected ',' or '}'") }
    }

    private mutating func readList(of key: String) throws(FileReadError) -> [String] {
        guard take("["), !take("]") else { return [] }
        var items: [String] = []
        repeat {
            skipBlanks()
            items.append(try readScalar(of: key))
        } while take(",")
        guard take("]") else { throw failure("expected ',' or ']' in '\(key)'") }
        return items
    }

    private mutating func readScalar(of key: String) throws(FileReadError) -> String {
        if bytes.first == UInt8(ascii: "\"") { return try readString() }
        let word = bytes.prefix { byte in
            (48...57).contains(byte) || (97...122).contains(byte) || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: ".")
        }
        let text = String(decoding: word, as: UTF8.self)
        let isNumber = word.contains { (48...57).contains($0) } && !word.contains { (97...122).contains($0) }
        guard text == "true" || text == "false" || isNumber else {
            throw failure("expected text in quotes, a plain number, true or false for '\(key)'")
        }
        bytes = bytes.dropFirst(word.count)
        return text
    }

    private mutating func readString() throws(FileReadError) -> String {
        bytes.removeFirst()
        var text: [UInt8] = []
        while let byte = bytes.popFirst() {
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else { throw failure("text is not UTF-8") }
                return string
            case UInt8(ascii: "\\"): text += Array(try readEscape().utf8)
            case 0..<0x20: throw failure("a control character or line end in text")
            default: text.append(byte)
            }
        }
        throw failure("text without a closing quote")
    }

    private mutating func readEscape() throws(FileReadError) -> String {
        switch bytes.popFirst() {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let digits = String(decoding: bytes.prefix(4), as: UTF8.self)
            bytes = bytes.dropFirst(4)
            guard digits.count == 4, let code = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(code) else {
                throw failure("unknown escape \\u\(digits)")
            }
            return String(Character(scalar))
        default: throw failure("unknown escape in text")
        }
    }
}
