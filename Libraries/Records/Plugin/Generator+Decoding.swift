extension Generator {
    func writeDecoder(_ message: Message, to out: inout SourceText) {
        out.block("public init(decoding bytes: RawSpan) throws(RecordError)") { out in
            out.line("self.init()")
            out.line("let reader = RecordReader(bytes)")
            out.line("try self.merge(from: reader.cursor, to: reader.end, isFresh: true)")
        }
        out.line()
        out.block("public mutating func decode(_ bytes: RawSpan) throws(RecordError)") { out in
            out.line("self.clear()")
            out.line("let reader = RecordReader(bytes)")
            out.line("try self.merge(from: reader.cursor, to: reader.end, isFresh: true)")
        }
        out.line()
        out.block("public mutating func clear()") { out in writeClearing(message, to: &out) }
        out.line()
        out.line("/// Reads fields over those that are there, as protobuf merges a message that comes in pieces.")
        out.block(
            "package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool)"
                + " throws(RecordError)"
        ) { out in writeInOrder(message, to: &out) }
        guard !message.fields.isEmpty else { return }
        out.line()
        writeAnyOrder(message, to: &out)
    }

    private func writeClearing(_ message: Message, to out: inout SourceText) {
        guard message.hasLists else {
            out.line("self = \(message.name)()")
            return
        }
        for field in message.fields {
            let value = field.cardinality == .repeated ? ".empty()" : " = \(defaultValue(field))"
            out.line("self.\(field.name)\(value)")
        }
    }

    /// The way of a record that one of our own writers wrote: each field in its turn, or absent.
    private func writeInOrder(_ message: Message, to out: inout SourceText) {
        let required = message.requiredFields
        let needsReader = "var reader = RecordReader(from: start, to: end)"
        out.line(needsReader)
        if !required.isEmpty { out.line("var seen: UInt64 = isFresh ? 0 : ~0") }
        for field in message.fields { writeInOrder(field, to: &out) }
        if message.fields.isEmpty {
            out.line("while !reader.isAtEnd { try reader.skip(try reader.tag()) }")
            return
        }
        let seen = required.isEmpty ? "" : ", &seen"
        out.line("if !reader.isAtEnd { try mergeAnyOrder(from: reader.cursor, to: end\(seen)) }")
        for field in required {
            let bit = "1 << \(field.requiredBit ?? 0)"
            out.line("guard seen & (\(bit)) != 0 else { throw .missingField(\(field.number)) }")
        }
    }

    private func writeInOrder(_ field: Field, to out: inout SourceText) {
        let tag = tagLiteral(field, wireType: field.isPacked ? 2 : nil)
        guard field.cardinality == .repeated, !field.isPacked else {
            out.block("if reader.take(\(tag))") { out in writeValue(field, to: &out) }
            return
        }
        out.block("if reader.take(\(tag))") { out in
            let raw = field.number << 3 | field.kind.wireType
            out.block("if self.\(field.name).capacity == 0") { out in
                out.line("self.\(field.name).reserveCapacity(RecordReader.countRun(of: \(raw), reader.cursor, end))")
            }
            out.block("repeat", tail: "} while reader.take(\(tag))") { out in writeValue(field, to: &out) }
        }
    }

    /// Everything else: fields out of order, repeated, unpacked or unknown.
    private func writeAnyOrder(_ message: Message, to out: inout SourceText) {
        let seen = message.requiredFields.isEmpty ? "" : ", _ seen: inout UInt64"
        out.line("@inline(never)")
        out.block(
            "private mutating func mergeAnyOrder(from start: UnsafeRawPointer, to end: UnsafeRawPointer\(seen))"
                + " throws(RecordError)"
        ) { out in
            out.line("var reader = RecordReader(from: start, to: end)")
            out.block("while !reader.isAtEnd") { out in
                out.line("let tag = try reader.tag()")
                out.line("switch tag {")
                for field in message.fields {
                    if field.isPacked {
                        out.line("case \(field.number << 3 | 2):")
                        out.indented { out in writeValue(field, to: &out) }
                        out.line("case \(field.number << 3 | field.kind.wireType):")
                        out.indented { out in out.line("self.\(field.name).append(\(scalar(field, "reader")))") }
                    } else {
                        out.line("case \(field.number << 3 | field.kind.wireType):")
                        out.indented { out in writeValue(field, to: &out) }
                    }
                }
                out.line("default: try reader.skip(tag)")
                out.line("}")
            }
        }
    }

    /// Reads what follows a tag into the field.
    private func writeValue(_ field: Field, to out: inout SourceText) {
        let name = "self.\(field.name)"
        switch field.kind {
        case .message(let type):
            out.line("let body = try reader.delimited()")
            if field.cardinality == .repeated {
                out.line("\(name).append(\(type)())")
                out.line(
                    "try \(name)[\(name).count - 1].merge(from: body.cursor, to: body.end, isFresh: true)")
            } else {
                out.line("let isFresh = \(name) == nil")
                out.line("if isFresh { \(name) = \(type)() }")
                out.line("try \(name)?.merge(from: body.cursor, to: body.end, isFresh: isFresh)")
            }
        case .union(let type):
            out.line("let body = try reader.delimited()")
            if field.cardinality == .repeated {
                out.line("\(name).append(try \(type)(mergingInto: nil, from: body.cursor, to: body.end))")
            } else {
                out.line("\(name) = try \(type)(mergingInto: \(name), from: body.cursor, to: body.end)")
            }
        default:
            if field.isPacked {
                writePacked(field, to: &out)
            } else if field.cardinality == .repeated {
                out.line("\(name).append(\(scalar(field, "reader")))")
            } else if field.kind == .ascii, field.cardinality == .singular {
                out.line("try reader.ascii(into: &\(name))")
            } else {
                out.line("\(name) = \(scalar(field, "reader"))")
                if let bit = field.requiredBit { out.line("seen |= 1 << \(bit)") }
            }
        }
    }

    private func writePacked(_ field: Field, to out: inout SourceText) {
        out.line("var packed = try reader.delimited()")
        switch field.kind.wireType {
        case 1: out.line("self.\(field.name).makeRoom(for: packed.remaining / 8)")
        case 5: out.line("self.\(field.name).makeRoom(for: packed.remaining / 4)")
        default: break
        }
        out.line("while !packed.isAtEnd { self.\(field.name).append(\(scalar(field, "packed"))) }")
    }

    /// An expression that reads one value.
    private func scalar(_ field: Field, _ reader: String) -> String {
        let read =
            switch field.kind {
            case .fixed64: "try \(reader).fixed64()"
            case .sfixed64: "try \(reader).sfixed64()"
            case .fixed32: "try \(reader).fixed32()"
            case .sfixed32: "try \(reader).sfixed32()"
            case .uint32: "try \(reader).uint32()"
            case .int32: "try \(reader).int32()"
            case .int64: "try \(reader).int64()"
            case .uint64: "try \(reader).uint64()"
            case .bool: "try \(reader).bool()"
            case .bytes: "try \(reader).bytes()"
            case .string: "try \(reader).string()"
            case .ascii: "try \(reader).ascii()"
            case .enumeration: "try \(reader).enumeration(\(field.number))"
            case .message, .union: ""
            }
        return field.wrapper.isEmpty ? read : "\(field.wrapper)(rawValue: \(read))"
    }
}

extension Field {
    var isPacked: Bool { cardinality == .repeated && kind.isPackable }
}
