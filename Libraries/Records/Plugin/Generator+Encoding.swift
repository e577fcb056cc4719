extension Generator {
    /// Bytes that a value takes at most behind its tag, or nil where that depends on the value.
    private func valueBound(_ kind: FieldKind) -> Int? {
        switch kind {
        case .fixed64, .sfixed64: 8
        case .fixed32, .sfixed32: 4
        case .uint32: 5
        case .int32, .int64, .uint64: 10
        case .bool: 1
        case .enumeration(let name): isSmall(name) ? 1 : 2
        case .ascii: 40
        case .bytes, .string: nil
        case .message(let name): constantBound(name).map { $0 + varintSize($0) }
        case .union: nil
        }
    }

    private func varintSize(_ value: Int) -> Int { value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : 4 }

    private func tagSize(_ field: Field) -> Int { field.number < 16 ? 1 : 2 }

    /// The bound of a whole message where it is the same for every value.
    func constantBound(_ name: String) -> Int? {
        var sum = 0
        for field in schema.messages[name]?.fields ?? [] {
            guard field.cardinality != .repeated, let bound = valueBound(field.kind) else { return nil }
            sum += tagSize(field) + bound
        }
        return sum
    }

    /// The bound of a message as a Swift expression; a length takes at most five bytes.
    private func boundExpression(_ message: Message) -> [String] {
        var constant = 0
        var terms: [String] = []
        for field in message.fields {
            let name = "self.\(field.name)"
            let tag = tagSize(field)
            switch (field.cardinality, valueBound(field.kind)) {
            case (.repeated, let bound?) where field.kind.isPackable:
                constant += tag + 5
                terms.append("\(name).count &* \(bound)")
            case (.repeated, let bound?):
                terms.append("\(name).count &* \(tag + bound)")
            case (.repeated, nil):
                terms.append("\(name).reduce(0) { $0 &+ \(tag + 5) &+ $1.\(sizeMember(field.kind)) }")
            case (_, let bound?):
                constant += tag + bound
            case (.optional, nil):
                constant += tag + 5
                terms.append("(\(name)?.\(sizeMember(field.kind)) ?? 0)")
            case (.singular, nil):
                constant += tag + 5
                terms.append("\(name).\(sizeMember(field.kind))")
            }
        }
        return ["\(constant)"] + terms
    }

    private func sizeMember(_ kind: FieldKind) -> String {
        switch kind {
        case .bytes: "count"
        case .string: "utf8.count"
        default: "fieldsBound"
        }
    }

    func writeEncoder(_ message: Message, to out: inout SourceText) {
        let terms = boundExpression(message)
        out.line("@inline(__always)")
        out.block("package var fieldsBound: Int") { out in
            if terms.count == 1 {
                out.line(terms[0])
            } else {
                out.line("var bound = \(terms[0])")
                for term in terms.dropFirst() { out.line("bound &+= \(term)") }
                out.line("return bound")
            }
        }
        out.line()
        out.line("@inline(__always)")
        out.line("public var sizeBound: Int { fieldsBound &+ RecordStore.slack }")
        out.line()
        out.block("public func encode(into writer: inout RecordWriter)") { out in
            out.line("writer.commit(to: encodeFields(at: writer.reserve(sizeBound)))")
        }
        if message.hasLists {
            out.line()
            out.block(
                "public static func encode(_ record: UnsafePointer<\(message.name)>, into writer: inout RecordWriter)"
            ) { out in
                out.line("let start = writer.reserve(record.pointee.sizeBound)")
                out.line("writer.commit(to: record.pointee.encodeFields(at: start))")
            }
        }
        out.line()
        out.line("@inline(__always)")
        out.block("package func encodeFields(at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer") { out in
            if message.fields.isEmpty {
                out.line("start")
                return
            }
            out.line("var cursor = start")
            for field in message.fields { writeEncoding(field, to: &out) }
            out.line("return cursor")
        }
    }

    private func writeEncoding(_ field: Field, to out: inout SourceText) {
        let name = "self.\(field.name)"
        switch field.cardinality {
        case .optional:
            out.block("if let value = \(name)") { out in writeElement(field, "value", to: &out) }
        case .singular:
            if field.requiredBit != nil {
                writeElement(field, name, to: &out)
            } else {
                out.block("if \(isNotDefault(field, name))") { out in writeElement(field, name, to: &out) }
            }
        case .repeated where field.kind.isPackable:
            out.block("if !\(name).isEmpty") { out in writePacked(field, name, to: &out) }
        case .repeated:
            out.block("for index in 0..<\(name).count") { out in writeElement(field, "\(name)[index]", to: &out) }
        }
    }

    private func isNotDefault(_ field: Field, _ name: String) -> String {
        switch field.kind {
        case .bool: name
        case .bytes, .string, .ascii: "!\(name).isEmpty"
        default: "\(number(field, name)) != 0"
        }
    }

    /// The integer of a value, out of its wrapper.
    private func number(_ field: Field, _ name: String) -> String {
        if case .enumeration = field.kind { return "\(name).rawValue" }
        return field.wrapper.isEmpty ? name : "\(name).rawValue"
    }

    private func writeElement(_ field: Field, _ name: String, to out: inout SourceText) {
        out.line("RecordStore.tag(\(tagLiteral(field)), &cursor)")
        switch field.kind {
        case .bytes: out.line("cursor = RecordStore.bytes(\(name), at: cursor)")
        case .string: out.line("cursor = RecordStore.string(\(name), at: cursor)")
        case .ascii: out.line("RecordStore.ascii(\(name), &cursor)")
        case .message, .union:
            out.line("let body = cursor")
            out.line("cursor = \(name).encodeFields(at: body + 1)")
            out.line("RecordStore.closeDelimited(from: body, &cursor)")
        default: writeNumber(field, name, to: &out)
        }
    }

    private func writeNumber(_ field: Field, _ name: String, to out: inout SourceText) {
        let value = number(field, name)
        switch field.kind {
        case .fixed64: out.line("RecordStore.fixed64(\(value), &cursor)")
        case .sfixed64: out.line("RecordStore.fixed64(UInt64(bitPattern: \(value)), &cursor)")
        case .fixed32: out.line("RecordStore.fixed32(\(value), &cursor)")
        case .sfixed32: out.line("RecordStore.fixed32(UInt32(bitPattern: \(value)), &cursor)")
        case .uint64: out.line("RecordStore.varint(\(value), &cursor)")
        case .uint32: out.line("RecordStore.varint(UInt64(\(value)), &cursor)")
        case .int64: out.line("RecordStore.varint(UInt64(bitPattern: \(value)), &cursor)")
        case .int32: out.line("RecordStore.varint(UInt64(bitPattern: Int64(\(value))), &cursor)")
        case .bool: out.line("RecordStore.byte(\(value) ? 1 : 0, &cursor)")
        case .enumeration(let name) where isSmall(name): out.line("RecordStore.byte(\(value), &cursor)")
        default: out.line("RecordStore.varint(UInt64(\(value)), &cursor)")
        }
    }

    /// Whether each of the enum's numbers takes one byte.
    private func isSmall(_ enumeration: String) -> Bool {
        schema.enumerations[enumeration]?.cases.allSatisfy { $0.number < 0x80 } ?? false
    }

    private func writePacked(_ field: Field, _ name: String, to out: inout SourceText) {
        out.line("RecordStore.tag(\(tagLiteral(field, wireType: 2)), &cursor)")
        if field.kind.wireType == 0 {
            out.line("let body = cursor")
            out.line("cursor += 1")
        } else {
            let size = field.kind.wireType == 1 ? 8 : 4
            out.line("RecordStore.varint(UInt64(\(name).count &* \(size)), &cursor)")
        }
        out.block("for index in 0..<\(name).count") { out in writeNumber(field, "\(name)[index]", to: &out) }
        if field.kind.wireType == 0 { out.line("RecordStore.closeDelimited(from: body, &cursor)") }
    }

    /// The tag as it stands in memory: one byte, or two with the first one low.
    func tagLiteral(_ field: Field, wireType: UInt32? = nil) -> String {
        let tag = field.number << 3 | (wireType ?? field.kind.wireType)
        if tag < 0x80 { return "UInt8(\(tag))" }
        return "UInt16(\(tag & 0x7f | 0x80 | (tag >> 7) << 8))"
    }
}
