import Records

/// What `descriptor.proto` says about a schema, as far as the generator needs it; read by the records' own reader.
struct FileDescriptor {
    var name = ""
    var messages: [MessageDescriptor] = []
    var enums: [EnumDescriptor] = []
}

struct MessageDescriptor {
    var name = ""
    var comment = ""
    var fields: [FieldDescriptor] = []
    var oneofs = 0
    var isUnion = false
    var hasNestedTypes = false
}

struct FieldDescriptor {
    var name = ""
    var comment = ""
    var number: UInt32 = 0
    var isRepeated = false
    /// The number of `FieldDescriptorProto.Type`.
    var type: UInt64 = 0
    var typeName = ""
    var isInOneof = false
    var isOptional = false
    var isASCII = false
    var isRequired = false
    var swiftType = ""
}

struct EnumDescriptor {
    struct Value {
        var name = ""
        var comment = ""
        var number: UInt64 = 0
    }

    var name = ""
    var comment = ""
    var values: [Value] = []
    var swiftEnum = ""
}

/// The numbers of the options in `trading/options.proto`.
private enum OptionNumber {
    static let ascii: UInt32 = 50001
    static let required: UInt32 = 50000
    static let swiftType: UInt32 = 50002
    static let swiftEnum: UInt32 = 50003
    static let union: UInt32 = 50004
}

extension WireField {
    var integer: UInt64 {
        if case .number(let number) = value { number } else { 0 }
    }

    var data: [UInt8] {
        if case .bytes(let bytes) = value { bytes } else { [] }
    }

    var text: String { String(decoding: data, as: UTF8.self) }
}

extension FileDescriptor {
    init(_ bytes: [UInt8]) throws(RecordError) {
        let fields = try WireField.all(in: bytes)
        for field in fields {
            switch field.number {
            case 1: name = field.text
            case 4: messages.append(try MessageDescriptor(field.data))
            case 5: enums.append(try EnumDescriptor(field.data))
            default: break
            }
        }
        for field in fields where field.number == 9 {
            for location in try WireField.all(in: field.data) where location.number == 1 {
                try attachComment(location.data)
            }
        }
    }

    /// Puts the comments of one `SourceCodeInfo.Location` where its path points.
    private mutating func attachComment(_ location: [UInt8]) throws(RecordError) {
        var path: [Int] = []
        var comment = ""
        for field in try WireField.all(in: location) {
            switch field.number {
            case 1: path = packedNumbers(field.data)
            case 3: comment = field.text
            case 4: comment += field.text
            default: break
            }
        }
        guard !comment.isEmpty else { return }
        switch (path.first, path.count) {
        case (4, 2): messages[path[1]].comment = comment
        case (4, 4) where path[2] == 2: messages[path[1]].fields[path[3]].comment = comment
        case (5, 2): enums[path[1]].comment = comment
        case (5, 4) where path[2] == 2: enums[path[1]].values[path[3]].comment = comment
        default: break
        }
    }
}

/// The numbers of a packed varint field.
private func packedNumbers(_ bytes: [UInt8]) -> [Int] {
    var numbers: [Int] = []
    var number = 0
    var shift = 0
    for byte in bytes {
        number |= Int(byte & 0x7f) << shift
        shift += 7
        if byte < 0x80 {
            numbers.append(number)
            (number, shift) = (0, 0)
        }
    }
    return numbers
}

extension MessageDescriptor {
    init(_ bytes: [UInt8]) throws(RecordError) {
        for field in try WireField.all(in: bytes) {
            switch field.number {
            case 1: name = field.text
            case 2: fields.append(try FieldDescriptor(field.data))
            case 3, 4: hasNestedTypes = true
            case 7:
                for option in try WireField.all(in: field.data) where option.number == OptionNumber.union {
                    isUnion = option.integer != 0
                }
            case 8: oneofs += 1
            default: break
            }
        }
        // Each proto3 `optional` field stands in a oneof of its own that the compiler makes up.
        oneofs -= fields.count { $0.isOptional }
    }
}

extension FieldDescriptor {
    init(_ bytes: [UInt8]) throws(RecordError) {
        for field in try WireField.all(in: bytes) {
            switch field.number {
            case 1: name = field.text
            case 3: number = UInt32(field.integer)
            case 4: isRepeated = field.integer == 3
            case 5: type = field.integer
            case 6: typeName = String(field.text.split(separator: ".").last ?? "")
            case 8:
                for option in try WireField.all(in: field.data) {
                    switch option.number {
                    case OptionNumber.ascii: isASCII = option.integer != 0
                    case OptionNumber.required: isRequired = option.integer != 0
                    case OptionNumber.swiftType: swiftType = option.text
                    default: break
                    }
                }
            case 9: isInOneof = true
            case 17: isOptional = field.integer != 0
            default: break
            }
        }
        if isOptional { isInOneof = false }
    }
}

extension EnumDescriptor {
    init(_ bytes: [UInt8]) throws(RecordError) {
        for field in try WireField.all(in: bytes) {
            switch field.number {
            case 1: name = field.text
            case 2:
                var value = Value()
                for part in try WireField.all(in: field.data) {
                    switch part.number {
                    case 1: value.name = part.text
                    case 2: value.number = part.integer
                    default: break
                    }
                }
                values.append(value)
            case 3:
                for option in try WireField.all(in: field.data) where option.number == OptionNumber.swiftEnum {
                    swiftEnum = option.text
                }
            default: break
            }
        }
    }
}
