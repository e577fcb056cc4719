/// Writes the Swift of one `.proto` file: values, encoders that store without checks behind one reservation, and decoders that expect
/// the fields in number order and take any.
struct Generator {
    let schema: Schema

    /// Whether a file has anything that becomes Swift; one of enums that TradingCore has does not.
    func hasSource(for file: FileDescriptor) -> Bool {
        !file.messages.isEmpty || file.enums.contains { schema.enumerations[$0.name]?.isExternal == false }
    }

    func source(of file: FileDescriptor) throws(SchemaError) -> String {
        var out = SourceText()
        out.line("// Written by scripts/generate-records from \(file.name); changes belong there.")
        out.line("// swift-format-ignore-file")
        out.line()
        out.line("import TradingCore")
        for descriptor in file.enums {
            guard let enumeration = schema.enumerations[descriptor.name], !enumeration.isExternal else { continue }
            out.line()
            write(enumeration, to: &out)
        }
        for descriptor in file.messages {
            out.line()
            if let message = schema.messages[descriptor.name] {
                try write(message, to: &out)
            } else if let union = schema.unions[descriptor.name] {
                write(union, to: &out)
            }
        }
        return out.text
    }

    private func write(_ enumeration: Enumeration, to out: inout SourceText) {
        out.documentation(enumeration.comment)
        out.block("public enum \(enumeration.swiftName): UInt8, Sendable, CaseIterable") { out in
            for item in enumeration.cases {
                out.documentation(item.comment)
                out.line("case \(item.name.escaped) = \(item.number)")
            }
        }
    }

    private func write(_ message: Message, to out: inout SourceText) throws(SchemaError) {
        for field in message.fields { try check(field, of: message) }
        out.documentation(message.comment)
        out.block("public struct \(message.name): RecordMessage") { out in
            for field in message.fields {
                out.documentation(field.comment)
                out.line("public var \(field.name.escaped): \(swiftType(field)) = \(defaultValue(field))")
            }
            if !message.fields.isEmpty { out.line() }
            out.line("@inlinable")
            out.line("public init() {}")
            if !message.fields.isEmpty { writeMemberwiseInit(message, to: &out) }
        }
        out.line()
        out.block("extension \(message.name)") { out in
            writeEncoder(message, to: &out)
            out.line()
            writeDecoder(message, to: &out)
        }
    }

    private func check(_ field: Field, of message: Message) throws(SchemaError) {
        switch field.kind {
        case .message(let name) where schema.messages[name] == nil,
            .union(let name) where schema.unions[name] == nil:
            throw SchemaError(text: "\(message.name).\(field.name): \(name) is not in these files")
        default: break
        }
    }

    private func writeMemberwiseInit(_ message: Message, to out: inout SourceText) {
        out.line()
        out.line("@inlinable")
        out.line("public init(")
        out.indented { out in
            for (index, field) in message.fields.enumerated() {
                let comma = index == message.fields.count - 1 ? "" : ","
                out.line("\(field.name.escaped): \(swiftType(field)) = \(defaultValue(field))\(comma)")
            }
        }
        out.block(")") { out in
            for field in message.fields { out.line("self.\(field.name) = \(field.name.escaped)") }
        }
    }

    // MARK: Types

    /// The type of one value, without optional or array.
    func elementType(_ field: Field) -> String {
        if !field.wrapper.isEmpty { return field.wrapper }
        return switch field.kind {
        case .fixed64, .uint64: "UInt64"
        case .sfixed64, .int64: "Int64"
        case .fixed32, .uint32: "UInt32"
        case .sfixed32, .int32: "Int32"
        case .bool: "Bool"
        case .bytes: "[UInt8]"
        case .string: "String"
        case .ascii: "ASCIIText"
        case .enumeration(let name): schema.enumerations[name]?.swiftName ?? name
        case .message(let name), .union(let name): name
        }
    }

    func swiftType(_ field: Field) -> String {
        switch field.cardinality {
        case .singular: elementType(field)
        case .optional: elementType(field) + "?"
        case .repeated: "[\(elementType(field))]"
        }
    }

    func defaultValue(_ field: Field) -> String {
        switch field.cardinality {
        case .optional: return "nil"
        case .repeated: return "[]"
        case .singular: break
        }
        if !field.wrapper.isEmpty { return "\(field.wrapper)(rawValue: 0)" }
        return switch field.kind {
        case .bool: "false"
        case .bytes: "[]"
        case .string: "\"\""
        case .ascii: "ASCIIText()"
        case .enumeration(let name): ".\(schema.enumerations[name]?.cases.first?.name.escaped ?? name)"
        default: "0"
        }
    }
}

extension String {
    /// The name as Swift takes it where a keyword may not stand.
    var escaped: String { reservedWords.contains(self) ? "`\(self)`" : self }
}

private let reservedWords: Set<String> = [
    "as", "associatedtype", "break", "case", "catch", "class", "continue", "default", "defer", "deinit", "do", "else",
    "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard", "if", "import", "in", "init",
    "inout", "internal", "is", "let", "nil", "operator", "private", "protocol", "public", "repeat", "rethrows",
    "return", "self", "static", "struct", "subscript", "super", "switch", "throw", "throws", "true", "try", "typealias",
    "var",
    "where", "while",
]
