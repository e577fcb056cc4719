extension Generator {
    func write(_ union: Union, to out: inout SourceText) {
        out.documentation(union.comment)
        out.block("public enum \(union.name): RecordUnion") { out in
            for member in union.members {
                out.documentation(member.comment)
                out.line("case \(member.name.escaped)(\(elementType(member)))")
            }
        }
        out.line()
        out.block("extension \(union.name)") { out in
            writeTypes(union, to: &out)
            writePayload(union, to: &out)
            writeNestedEncoder(union, to: &out)
            writeNestedDecoder(union, to: &out)
        }
    }

    private func writeTypes(_ union: Union, to out: inout SourceText) {
        out.line("public static let typeNames: [UInt32: String] = [")
        out.indented { out in
            for member in union.members { out.line("\(member.number): \"\(member.name)\",") }
        }
        out.line("]")
        out.line()
        out.line("/// The numbers of the record types, to tell them apart before a payload is decoded.")
        out.block("public enum Number") { out in
            for member in union.members {
                out.line("public static let \(member.name.escaped): UInt32 = \(member.number)")
            }
        }
        out.line()
        out.block("public var type: UInt32") { out in
            out.line("switch self {")
            for member in union.members { out.line("case .\(member.name): \(member.number)") }
            out.line("}")
        }
        out.line()
    }

    private func writePayload(_ union: Union, to out: inout SourceText) {
        out.block("public init(type: UInt32, payload: RawSpan) throws(RecordError)") { out in
            out.line("let reader = RecordReader(payload)")
            out.line("switch type {")
            for member in union.members {
                out.line("case \(member.number):")
                out.indented { out in
                    out.line("var value = \(elementType(member))()")
                    out.line("try value.merge(from: reader.cursor, to: reader.end, isFresh: true)")
                    out.line("self = .\(member.name)(value)")
                }
            }
            out.line("default: throw .unknownType(type)")
            out.line("}")
        }
        out.line()
        out.block("public func encodePayload(into writer: inout RecordWriter)") { out in
            out.line("switch self {")
            for member in union.members { out.line("case .\(member.name)(let value): value.encode(into: &writer)") }
            out.line("}")
        }
        out.line()
        out.block("public var payloadSizeBound: Int") { out in
            out.line("switch self {")
            for member in union.members { out.line("case .\(member.name)(let value): value.sizeBound") }
            out.line("}")
        }
        out.line()
    }

    private func writeNestedEncoder(_ union: Union, to out: inout SourceText) {
        out.block("package var fieldsBound: Int") { out in
            out.line("switch self {")
            for member in union.members {
                out.line("case .\(member.name)(let value): value.fieldsBound &+ \(member.number < 16 ? 6 : 7)")
            }
            out.line("}")
        }
        out.line()
        out.line("/// Writes the union as a message: its one field with tag and length.")
        out.block("package func encodeFields(at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer") { out in
            out.line("var cursor = start")
            out.line("switch self {")
            for member in union.members {
                out.line("case .\(member.name)(let value):")
                out.indented { out in
                    out.line("RecordStore.tag(\(tagLiteral(member)), &cursor)")
                    out.line("let body = cursor")
                    out.line("cursor = value.encodeFields(at: body + 1)")
                    out.line("RecordStore.closeDelimited(from: body, &cursor)")
                }
            }
            out.line("}")
            out.line("return cursor")
        }
        out.line()
    }

    private func writeNestedDecoder(_ union: Union, to out: inout SourceText) {
        out.line(
            "/// Reads the union from a message with its one field: the last member wins, one in pieces is merged.")
        out.block(
            "package init(mergingInto old: \(union.name)?, from start: UnsafeRawPointer, to end: UnsafeRawPointer)"
                + " throws(RecordError)"
        ) { out in
            out.line("var reader = RecordReader(from: start, to: end)")
            out.line("var result = old")
            out.block("while !reader.isAtEnd") { out in
                out.line("let tag = try reader.tag()")
                out.line("switch tag {")
                for member in union.members {
                    out.line("case \(member.number << 3 | 2):")
                    out.indented { out in
                        out.line("let body = try reader.delimited()")
                        out.line("var value = \(elementType(member))()")
                        out.line("var isFresh = true")
                        out.block("if case .\(member.name)(let earlier) = result") { out in
                            out.line("(value, isFresh) = (earlier, false)")
                        }
                        out.line("try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)")
                        out.line("result = .\(member.name)(value)")
                    }
                }
                out.line("default: try reader.skip(tag)")
                out.line("}")
            }
            out.line("guard let result else { throw .missingField(\(union.members.first?.number ?? 0)) }")
            out.line("self = result")
        }
    }
}
