import Testing

@testable import protoc_gen_trading

@Suite struct `The generator` {
    private func field(
        _ name: String, _ number: UInt32, type: UInt64, typeName: String = "", isInOneof: Bool = false
    ) -> FieldDescriptor {
        var field = FieldDescriptor()
        field.name = name
        field.number = number
        field.type = type
        field.typeName = typeName
        field.isInOneof = isInOneof
        return field
    }

    private func message(_ name: String, _ fields: [FieldDescriptor], oneofs: Int = 0) -> MessageDescriptor {
        var message = MessageDescriptor()
        message.name = name
        message.fields = fields
        message.oneofs = oneofs
        return message
    }

    private func refusal(_ messages: [MessageDescriptor]) -> String? {
        var file = FileDescriptor()
        file.name = "test.proto"
        file.messages = messages
        do throws(SchemaError) {
            _ = try Generator(schema: try Schema([file])).source(of: file)
            return nil
        } catch {
            return error.text
        }
    }

    @Test func `refuses a message that contains itself`() {
        let tree = message("Tree", [field("leaf", 1, type: 11, typeName: "Leaf")])
        let leaf = message("Leaf", [field("tree", 1, type: 11, typeName: "Tree")])
        #expect(refusal([tree, leaf])?.contains("contains itself") == true)
        #expect(refusal([message("Leaf", [])]) == nil)
    }

    @Test func `refuses floating point`() {
        #expect(refusal([message("Price", [field("value", 1, type: 1)])])?.contains("floating point") == true)
    }

    @Test func `refuses a oneof outside a union, and a union that is more than one`() {
        let part = field("part", 1, type: 4, isInOneof: true)
        #expect(refusal([message("Mixed", [part], oneofs: 1)])?.contains("(trading.union)") == true)
        var union = message("Union", [part], oneofs: 1)
        union.isUnion = true
        #expect(refusal([union])?.contains("members are messages") == true)
        union.fields.append(field("beside", 2, type: 4))
        #expect(refusal([union])?.contains("exactly one oneof") == true)
    }

    @Test func `refuses types that are not in its files`() {
        #expect(refusal([message("Lost", [field("part", 1, type: 11, typeName: "Other")])]) != nil)
        #expect(refusal([message("Lost", [field("part", 1, type: 14, typeName: "Other")])]) != nil)
    }

    @Test func `writes tags of two bytes as they stand in memory`() throws {
        var file = FileDescriptor()
        file.messages = [message("Wide", [field("far", 16, type: 6), field("farther", 2047, type: 4)])]
        let source = try Generator(schema: try Schema([file])).source(of: file)
        #expect(source.contains("RecordStore.tag(UInt16(\(0x0181)), &cursor)"))
        #expect(source.contains("RecordStore.tag(UInt16(\(0x7ff8)), &cursor)"))
    }
}
