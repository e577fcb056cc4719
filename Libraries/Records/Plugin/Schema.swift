/// A schema that the generator cannot or will not write Swift for; the text names the place.
struct SchemaError: Error {
    var text: String
}

/// How a field's value is written.
enum FieldKind: Equatable {
    case fixed64, sfixed64, fixed32, sfixed32, uint32, int32, int64, uint64, bool
    case bytes, string, ascii
    case enumeration(String)
    case message(String)
    case union(String)
}

enum Cardinality: Equatable {
    case singular, optional, repeated
}

struct Field {
    var name: String
    var comment: String
    var number: UInt32
    var kind: FieldKind
    var cardinality: Cardinality
    /// The wrapper type around the integer, or empty.
    var wrapper: String
    /// The position of the field's presence bit in its message, for required fields.
    var requiredBit: Int?
}

struct Message {
    var name: String
    var comment: String
    var fields: [Field]

    var hasLists: Bool { fields.contains { $0.cardinality == .repeated } }
    var requiredFields: [Field] { fields.filter { $0.requiredBit != nil } }
}

struct Union {
    var name: String
    var comment: String
    /// Members by number; each of kind `.message`.
    var members: [Field]
}

struct Enumeration {
    struct Case {
        var name: String
        var comment: String
        var number: UInt64
    }

    var name: String
    /// The type's name in Swift: the schema's, or that of a type in TradingCore.
    var swiftName: String
    var isExternal: Bool
    var comment: String
    /// Without the unspecified 0.
    var cases: [Case]
}

/// Every file of a run, resolved: types by name, each checked.
struct Schema {
    private(set) var enumerations: [String: Enumeration] = [:]
    private(set) var messages: [String: Message] = [:]
    private(set) var unions: [String: Union] = [:]
    private var unionNames: Set<String> = []

    init(_ files: [FileDescriptor]) throws(SchemaError) {
        for file in files {
            for descriptor in file.enums { enumerations[descriptor.name] = try Enumeration(descriptor) }
            for message in file.messages where message.isUnion { unionNames.insert(message.name) }
        }
        for file in files {
            for descriptor in file.messages {
                let fields = try descriptor.resolved(enumerations: enumerations, unions: unionNames)
                if descriptor.isUnion {
                    unions[descriptor.name] = Union(
                        name: descriptor.name, comment: descriptor.comment, members: fields)
                } else {
                    messages[descriptor.name] = Message(
                        name: descriptor.name, comment: descriptor.comment, fields: fields)
                }
            }
        }
        for name in messages.keys.sorted() + unions.keys.sorted() { try refuseRecursion(name, path: []) }
    }

    /// Messages never contain themselves, so the depth of a decode is bounded by the schema.
    private func refuseRecursion(_ name: String, path: [String]) throws(SchemaError) {
        if path.contains(name) {
            throw SchemaError(text: "\(name) contains itself: \((path + [name]).joined(separator: " → "))")
        }
        for field in messages[name]?.fields ?? unions[name]?.members ?? [] {
            switch field.kind {
            case .message(let inner), .union(let inner): try refuseRecursion(inner, path: path + [name])
            default: break
            }
        }
    }
}

extension Enumeration {
    init(_ descriptor: EnumDescriptor) throws(SchemaError) {
        name = descriptor.name
        isExternal = !descriptor.swiftEnum.isEmpty
        swiftName = isExternal ? descriptor.swiftEnum : descriptor.name
        comment = descriptor.comment
        cases = []
        let prefix = descriptor.name.snakeCased.uppercased() + "_"
        for value in descriptor.values where value.number != 0 {
            guard value.number <= 255 else {
                throw SchemaError(text: "\(name).\(value.name): enum numbers are at most 255")
            }
            let short = value.name.hasPrefix(prefix) ? String(value.name.dropFirst(prefix.count)) : value.name
            cases.append(Case(name: short.lowerCamelCased, comment: value.comment, number: value.number))
        }
        guard !cases.isEmpty else { throw SchemaError(text: "\(name): an enum needs a value besides 0") }
    }
}

extension MessageDescriptor {
    fileprivate func resolved(
        enumerations: [String: Enumeration], unions: Set<String>
    ) throws(SchemaError) -> [Field] {
        if hasNestedTypes {
            throw SchemaError(text: "\(name): types stand at the top of a file, and maps are not used")
        }
        if isUnion {
            guard oneofs == 1, fields.allSatisfy(\.isInOneof) else {
                throw SchemaError(text: "\(name): a union is exactly one oneof")
            }
        } else if oneofs != 0 {
            throw SchemaError(text: "\(name): a oneof stands in a message of its own, marked (trading.union)")
        }
        var resolved: [Field] = []
        var requiredCount = 0
        for descriptor in fields.sorted(by: { $0.number < $1.number }) {
            var field = try descriptor.resolved(in: name, enumerations: enumerations, unions: unions)
            if descriptor.isRequired {
                guard case .enumeration = field.kind, field.cardinality == .singular, !isUnion else {
                    throw SchemaError(text: "\(name).\(field.name): only a singular enum field can be required")
                }
                field.requiredBit = requiredCount
                requiredCount += 1
            } else if case .enumeration = field.kind, field.cardinality == .singular {
                field.cardinality = .optional
            }
            if isUnion, case .message = field.kind {
            } else if isUnion {
                throw SchemaError(text: "\(name).\(field.name): a union's members are messages, not unions")
            }
            resolved.append(field)
        }
        return resolved
    }
}

extension FieldDescriptor {
    fileprivate func resolved(
        in message: String, enumerations: [String: Enumeration], unions: Set<String>
    ) throws(SchemaError) -> Field {
        let kind: FieldKind
        switch type {
        case 3: kind = .int64
        case 4: kind = .uint64
        case 5: kind = .int32
        case 6: kind = .fixed64
        case 7: kind = .fixed32
        case 8: kind = .bool
        case 9: kind = isASCII ? .ascii : .string
        case 11: kind = unions.contains(typeName) ? .union(typeName) : .message(typeName)
        case 12: kind = .bytes
        case 13: kind = .uint32
        case 14:
            guard enumerations[typeName] != nil else {
                throw SchemaError(text: "\(message).\(name): the enum \(typeName) is not in these files")
            }
            kind = .enumeration(typeName)
        case 15: kind = .sfixed32
        case 16: kind = .sfixed64
        default: throw SchemaError(text: "\(message).\(name): floating point, zigzag and groups are not used")
        }
        guard number < 2048 else { throw SchemaError(text: "\(message).\(name): field numbers are below 2048") }
        if isASCII, kind != .ascii {
            throw SchemaError(text: "\(message).\(name): only a string can be (trading.ascii)")
        }
        if !swiftType.isEmpty, !kind.isInteger {
            throw SchemaError(text: "\(message).\(name): only an integer can have a (trading.swift_type)")
        }
        var cardinality: Cardinality = isRepeated ? .repeated : isOptional ? .optional : .singular
        if cardinality == .singular, !isInOneof {
            switch kind {
            case .message, .union: cardinality = .optional
            default: break
            }
        }
        return Field(
            name: name.lowerCamelCased, comment: comment, number: number, kind: kind, cardinality: cardinality,
            wrapper: swiftType)
    }
}

extension FieldKind {
    var isInteger: Bool {
        switch self {
        case .fixed64, .sfixed64, .fixed32, .sfixed32, .uint32, .int32, .int64, .uint64: true
        default: false
        }
    }

    /// Numbers of a repeated field stand one after another under one tag.
    var isPackable: Bool {
        switch self {
        case .bytes, .string, .ascii, .message, .union: false
        default: true
        }
    }

    var wireType: UInt32 {
        switch self {
        case .fixed64, .sfixed64: 1
        case .fixed32, .sfixed32: 5
        case .uint32, .int32, .int64, .uint64, .bool, .enumeration: 0
        case .bytes, .string, .ascii, .message, .union: 2
        }
    }
}

extension String {
    /// `some_name` or `SOME_NAME` as `someName`.
    var lowerCamelCased: String {
        let words = split(separator: "_").map { $0.lowercased() }
        return words.first.map { first in
            first + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        } ?? self
    }

    /// `SomeName` as `some_name`.
    var snakeCased: String {
        var result = ""
        for character in self {
            if character.isUppercase, !result.isEmpty { result.append("_") }
            result += character.lowercased()
        }
        return result
    }
}
