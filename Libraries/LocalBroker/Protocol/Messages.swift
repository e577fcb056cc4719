/// The body of a request, read in any of its versions.
protocol RequestBody: Sendable {
    static var key: Int16 { get }
    static var versions: ClosedRange<Int16> { get }
    /// From this version on lengths are compact and structures end with tagged fields.
    static var firstFlexible: Int16 { get }

    init(from reader: inout WireReader, version: Int16) throws(WireError)
}

/// The body of a response, written in any of its versions.
protocol ResponseBody: Sendable {
    static var key: Int16 { get }
    static var versions: ClosedRange<Int16> { get }
    static var firstFlexible: Int16 { get }

    func write(to writer: inout WireWriter, version: Int16)
}

/// What stands in front of every request.
struct RequestHeader: Equatable, Sendable {
    var key: Int16
    var version: Int16
    var correlation: Int32
    var clientID: String?

    /// Reads key, version and correlation, which every version has at the same place, and then the rest.
    ///
    /// - Parameter firstFlexible: by key and version, from which version on a header ends with tagged fields; nil for a
    ///   call or version that is not answered: then only the first three values are read.
    init(from reader: inout WireReader, firstFlexible: (Int16, Int16) -> Int16?) throws(WireError) {
        key = try reader.int16()
        version = try reader.int16()
        correlation = try reader.int32()
        guard let flexible = firstFlexible(key, version) else { return }
        clientID = try reader.string(compact: false, "ClientId")
        if version >= flexible { try reader.skipTags() }
    }
}
