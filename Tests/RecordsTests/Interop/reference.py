"""Python's protobuf as the reference for the records' codec; RecordsTests runs it.

    reference.py DESCRIPTOR_SET random SEED COUNT    writes COUNT random messages of every type to standard output
    reference.py DESCRIPTOR_SET judge                reads encoded messages from standard input and says how they read

A stream is a sequence of items, an item a sequence of byte strings, each with its length in four bytes, little-endian. `random` writes
(name, encoding, fields as text); of a union the name is `Union.number`. `judge` takes (name, encoding) and writes the canonical encoding
without unknown fields behind the byte 1, or nothing at all where protobuf refuses.
"""

import random
import struct
import sys

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError

OPTIONS = "trading/options.proto"


class Schema:
    def __init__(self, path):
        files = descriptor_pb2.FileDescriptorSet()
        with open(path, "rb") as handle:
            files.ParseFromString(handle.read())
        pool = descriptor_pool.DescriptorPool()
        for file in files.file:
            pool.Add(file)
        factory = message_factory.GetMessageClass
        options = pool.FindFileByName(OPTIONS).extensions_by_name
        # The options' classes come from the same pool, so they are read again with its extensions known.
        field_options = factory(pool.FindMessageTypeByName("google.protobuf.FieldOptions"))
        message_options = factory(pool.FindMessageTypeByName("google.protobuf.MessageOptions"))

        def option(options_class, descriptor, name):
            parsed = options_class.FromString(descriptor.GetOptions().SerializeToString())
            return parsed.Extensions[options[name]]

        self.classes = {}
        self.unions = {}
        self.ascii = set()
        self.required = set()
        for file in files.file:
            if file.package != "trading" or file.name == OPTIONS:
                continue
            for name in pool.FindFileByName(file.name).message_types_by_name.values():
                if option(message_options, name, "union"):
                    self.unions[name.name] = name
                else:
                    self.classes[name.name] = factory(name)
                for field in name.fields:
                    if option(field_options, field, "ascii"):
                        self.ascii.add(field.full_name)
                    if option(field_options, field, "required"):
                        self.required.add(field.full_name)


class Generator:
    """Random messages, with a liking for the edges of every type."""

    BITS = {1: 64, 3: 64, 4: 64, 5: 32, 6: 64, 7: 32, 13: 32, 15: 32, 16: 64}
    SIGNED = {3, 5, 15, 16}

    def __init__(self, schema, seed):
        self.schema = schema
        self.random = random.Random(seed)

    def message(self, message_class, depth=0):
        message = message_class()
        for field in message_class.DESCRIPTOR.fields:
            if field.is_repeated:
                count = self.random.choice([0, 0, 1, 2, 3, 3, 17 if depth < 2 else 1])
                values = getattr(message, field.name)
                for _ in range(count):
                    if field.type == field.TYPE_MESSAGE:
                        values.append(self.message(message_factory.GetMessageClass(field.message_type), depth + 1))
                    else:
                        values.append(self.scalar(field))
            elif field.type == field.TYPE_MESSAGE:
                if self.random.random() < 0.5:
                    nested = self.message(message_factory.GetMessageClass(field.message_type), depth + 1)
                    getattr(message, field.name).CopyFrom(nested)
            elif field.full_name in self.schema.required or self.random.random() < 0.8:
                setattr(message, field.name, self.scalar(field))
        return message

    def scalar(self, field):
        pick = self.random
        if field.type == field.TYPE_ENUM:
            return pick.choice([value.number for value in field.enum_type.values if value.number != 0])
        if field.type == field.TYPE_BOOL:
            return pick.random() < 0.5
        if field.type == field.TYPE_BYTES:
            return pick.randbytes(pick.choice([0, 1, 25, 127, 128, 300]))
        if field.type == field.TYPE_STRING and field.full_name in self.schema.ascii:
            return "".join(chr(pick.randrange(128)) for _ in range(pick.choice([0, 1, 7, 8, 20, 36, 38, 39])))
        if field.type == field.TYPE_STRING:
            points = [pick.choice([65, 0x7F, 0x80, 0x7FF, 0x800, 0xFFFF, 0x10000, 0x10FFFF, 0x1F600]) for _ in range(40)]
            return "".join(chr(point) for point in points[: pick.choice([0, 1, 5, 40])])
        bits = self.BITS[field.type]
        value = pick.choice([0, 1, 127, 128, 2**bits - 1, 2 ** (bits - 1), pick.getrandbits(pick.randint(1, bits))])
        if field.type in self.SIGNED and value >= 2 ** (bits - 1):
            value -= 2**bits
        return value


def camel(name):
    first, *rest = name.split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def text(schema, message):
    """The fields as the Swift side prints its struct: every field in the order of numbers, `~` where one is absent."""
    parts = []
    for field in sorted(message.DESCRIPTOR.fields, key=lambda field: field.number):
        value = getattr(message, field.name)
        if field.is_repeated:
            shown = "[" + ",".join(scalar_text(schema, field, item) for item in value) + "]"
        elif field.type == field.TYPE_MESSAGE:
            shown = text(schema, value) if message.HasField(field.name) else "~"
        elif field.type == field.TYPE_ENUM and value == 0:
            shown = "~"
        else:
            shown = scalar_text(schema, field, value)
        parts.append(camel(field.name) + ":" + shown)
    return "{" + ",".join(parts) + "}"


def scalar_text(schema, field, value):
    if field.type == field.TYPE_MESSAGE:
        return text(schema, value)
    if field.type == field.TYPE_BYTES:
        return value.hex()
    if field.type == field.TYPE_STRING:
        return value.encode().hex()
    return str(int(value))


def write(*strings):
    for string in strings:
        sys.stdout.buffer.write(struct.pack("<I", len(string)) + string)


def write_random(schema, seed, count):
    generator = Generator(schema, seed)
    for name, message_class in sorted(schema.classes.items()):
        for _ in range(count):
            message = generator.message(message_class)
            write(name.encode(), message.SerializeToString(deterministic=True), text(schema, message).encode())
    for name, union in sorted(schema.unions.items()):
        for field in union.fields:
            message = generator.message(message_factory.GetMessageClass(field.message_type))
            encoding = message.SerializeToString(deterministic=True)
            write(f"{name}.{field.number}".encode(), encoding, camel(field.name).encode())


def judge(schema):
    data = sys.stdin.buffer.read()
    position = 0

    def string():
        nonlocal position
        (length,) = struct.unpack_from("<I", data, position)
        position += 4 + length
        return data[position - length : position]

    while position < len(data):
        name, encoding = string().decode(), string()
        message = schema.classes[name]()
        try:
            message.ParseFromString(encoding)
        except DecodeError:
            write(b"")
            continue
        message.DiscardUnknownFields()
        write(b"\1" + message.SerializeToString(deterministic=True))


def main(arguments):
    schema = Schema(arguments[1])
    if arguments[2] == "random":
        write_random(schema, int(arguments[3]), int(arguments[4]))
    else:
        judge(schema)


if __name__ == "__main__":
    main(sys.argv)
