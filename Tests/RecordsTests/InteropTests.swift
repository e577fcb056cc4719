import Foundation
import Records
import TestBasics
import Testing

/// Python's protobuf as the other side. `PYTHON` names an interpreter that has it, and then it must work; without `PYTHON` the suite is
/// skipped where `python3` has no protobuf, or where protoc is missing.
private enum Reference {
    static let python = ProcessInfo.processInfo.environment["PYTHON"] ?? "python3"

    static let isAvailable =
        ProcessInfo.processInfo.environment["PYTHON"] != nil
        || (succeeds(python, ["-c", "import google.protobuf"]) && succeeds("protoc", ["--version"]))

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static func succeeds(_ program: String, _ arguments: [String]) -> Bool {
        do {
            _ = try run(program, arguments)
            return true
        } catch {
            return false
        }
    }
}

@Suite(.enabled(if: Reference.isAvailable, "needs protoc and Python's protobuf"))
struct `Python's protobuf` {
    private let types = Dictionary(uniqueKeysWithValues: recordTypes.map { ($0.name, $0) })
    private let seed = UInt64(ProcessInfo.processInfo.environment["RECORDS_SEED"] ?? "") ?? UInt64.random(in: 0...9999)

    /// Makes the schema's descriptors and asks the reference.
    private func ask(_ arguments: [String], input: [UInt8] = []) throws -> [[UInt8]] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("records-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer {
            do { try FileManager.default.removeItem(at: folder) } catch { Issue.record(error) }
        }
        let descriptors = folder.appendingPathComponent("descriptors").path
        let schema = Reference.root.appendingPathComponent("Libraries/Records/Schema").path
        let files = try FileManager.default.contentsOfDirectory(atPath: schema).filter { $0.hasSuffix(".proto") }
        _ = try run(
            "protoc", ["--include_imports", "--descriptor_set_out=\(descriptors)", "-I", schema] + files.sorted())
        let script = Reference.root.appendingPathComponent("Tests/RecordsTests/Interop/reference.py").path
        return split(try run(Reference.python, [script, descriptors] + arguments, input: input))
    }

    /// The byte strings of the reference's stream.
    private func split(_ stream: [UInt8]) -> [[UInt8]] {
        var strings: [[UInt8]] = []
        var place = 0
        while place + 4 <= stream.count {
            let count = (0..<4).reduce(0) { $0 | Int(stream[place + $1]) << (8 * $1) }
            strings.append(Array(stream[place + 4..<place + 4 + count]))
            place += 4 + count
        }
        return strings
    }

    private func item(_ string: [UInt8]) -> [UInt8] {
        (0..<4).map { UInt8(string.count >> (8 * $0) & 0xff) } + string
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func `writes and reads every message as Swift does`() throws {
        print("seed \(seed) (RECORDS_SEED)")
        let strings = try ask(["random", "\(seed)", "200"])
        var seen: Set<String> = []
        for start in stride(from: 0, to: strings.count, by: 3) {
            let (name, encoding, fields) = (text(strings[start]), strings[start + 1], text(strings[start + 2]))
            seen.insert(name)
            if name.contains(".") {
                try checkUnion(name, encoding, memberName: fields)
                continue
            }
            let type = try #require(types[name], "\(name) is missing in the list of types")
            #expect(try type.recode(encoding) == encoding, "\(name) \(fields)")
            #expect(try type.print(encoding) == fields)
        }
        let listed =
            recordTypes.map(\.name) + unionTypes.flatMap { union in union.types.keys.map { "\(union.name).\($0)" } }
        #expect(Set(listed) == seen)
    }

    private func checkUnion(_ name: String, _ encoding: [UInt8], memberName: String) throws {
        let parts = name.split(separator: ".")
        let union = try #require(unionTypes.first { $0.name == parts[0] })
        let number = try #require(UInt32(parts[1]))
        let (type, payload) = try union.recode(number, encoding)
        #expect(type == number)
        #expect(payload == encoding)
        #expect(union.types[number] == memberName)
    }

    /// What Swift refuses beyond protobuf: what the options demand, groups, and lengths over its limits.
    private func isOwnRule(_ error: RecordError) -> Bool {
        switch error {
        case .missingField, .unknownEnumValue, .tooLong, .invalidTag, .invalidText: true
        case .truncated, .malformedVarint, .unknownType: false
        }
    }

    @Test func `reads damaged messages as Swift does`() throws {
        print("seed \(seed) (RECORDS_SEED)")
        let strings = try ask(["random", "\(seed)", "40"])
        var generator = SplitMix64(seed: seed)
        var cases: [(type: RecordType, bytes: [UInt8])] = []
        for start in stride(from: 0, to: strings.count - 5, by: 3) {
            guard let type = types[text(strings[start])] else { continue }
            for _ in 0..<8 {
                cases.append((type, mutate(strings[start + 1], with: strings[start + 4], &generator)))
            }
        }
        let verdicts = try ask(
            ["judge"], input: cases.flatMap { item(Array($0.type.name.utf8)) + item($0.bytes) })
        try #require(verdicts.count == cases.count)
        var (both, neither) = (0, 0)
        for ((type, bytes), verdict) in zip(cases, verdicts) {
            do throws(RecordError) {
                let encoding = try type.recode(bytes)
                #expect([1] + encoding == verdict, "\(type.name) \(bytes)")
                both += 1
            } catch {
                if !isOwnRule(error) { #expect(verdict.isEmpty, "\(type.name) \(error) \(bytes)") }
                neither += verdict.isEmpty ? 1 : 0
            }
        }
        #expect(both > cases.count / 10)
        #expect(neither > cases.count / 10)
    }
}

@Suite struct `The generated code` {
    @Test(.enabled(if: Reference.isAvailable, "needs protoc"))
    func `is what the schema gives`() throws {
        _ = try run(Reference.root.appendingPathComponent("scripts/generate-records").path, ["--check"])
    }
}
