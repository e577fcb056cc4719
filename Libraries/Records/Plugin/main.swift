import Records

#if canImport(Glibc)
    import Glibc
#endif

// A protoc plugin: a CodeGeneratorRequest on standard input, a CodeGeneratorResponse on standard output.

func readStandardInput() -> [UInt8] {
    var input: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while true {
        let count = read(0, &chunk, chunk.count)
        if count <= 0 { return input }
        input += chunk[..<count]
    }
}

func writeStandardOutput(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
        guard count > 0 else { exit(1) }
        rest = rest.dropFirst(count)
    }
}

func delimited(_ number: UInt32, _ body: [UInt8]) -> [UInt8] {
    varint(UInt64(number << 3 | 2)) + varint(UInt64(body.count)) + body
}

func varint(_ value: UInt64) -> [UInt8] {
    value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7f) | 0x80] + varint(value >> 7)
}

/// The response's files, or its error.
func respond(to request: [UInt8]) -> [UInt8] {
    // supported_features = FEATURE_PROTO3_OPTIONAL
    let features: [UInt8] = varint(2 << 3) + [1]
    do {
        var wanted: Set<String> = []
        var files: [FileDescriptor] = []
        for field in try WireField.all(in: request) {
            switch field.number {
            case 1: wanted.insert(field.text)
            case 15: files.append(try FileDescriptor(field.data))
            default: break
            }
        }
        let own = files.filter { !$0.name.hasPrefix("google/") }
        let generator = Generator(schema: try Schema(own))
        var response = features
        for file in own where wanted.contains(file.name) && generator.hasSource(for: file) {
            let name = file.name.split(separator: "/").last.map(String.init) ?? file.name
            let output = String(name.dropLast(".proto".count)) + ".pb.swift"
            let source = try generator.source(of: file)
            response += delimited(15, delimited(1, Array(output.utf8)) + delimited(15, Array(source.utf8)))
        }
        return response
    } catch let error as SchemaError {
        return features + delimited(1, Array(error.text.utf8))
    } catch {
        return features + delimited(1, Array("unreadable request: \(error)".utf8))
    }
}

writeStandardOutput(respond(to: readStandardInput()))
