"""Writes pprof profiles by hand, field by field.

The tests of the command line must not depend on the library that the command line reads profiles
with, so the protobuf encoding is done here: varints and length-delimited fields are all it takes.
Strings and ids are numbered in the order of use, so the same calls give the same bytes.

    p = Profile([("calls", "count"), ("wall", "nanoseconds")], default="wall")
    fib = p.function("fib", file="/src/fib.c", line=3)
    at = p.location([(fib, 3)])
    p.sample([at], [1, 500])
    p.write("out.pb.gz")
"""

import gzip


def varint(number):
    number &= (1 << 64) - 1
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def number_field(field, value):
    return varint(field << 3) + varint(value) if value else b""


def bytes_field(field, data):
    return varint(field << 3 | 2) + varint(len(data)) + data


def packed_field(field, values):
    return bytes_field(field, b"".join(varint(value) for value in values)) if values else b""


class Profile:
    def __init__(self, types, default="", period_type=None, period=0, time_ns=0, duration_ns=0):
        self.strings = {b"": 0}
        self.body = b""
        self.n_functions = self.n_locations = self.n_mappings = 0
        for type_, unit in types:
            self.body += bytes_field(1, self.value_type(type_, unit))
        self.tail = number_field(9, time_ns) + number_field(10, duration_ns)
        if period_type:
            self.tail += bytes_field(11, self.value_type(*period_type))
        self.tail += number_field(12, period) + number_field(14, self.string(default))

    def string(self, text):
        data = text if isinstance(text, bytes) else text.encode()
        return self.strings.setdefault(data, len(self.strings))

    def value_type(self, type_, unit):
        return number_field(1, self.string(type_)) + number_field(2, self.string(unit))

    def comment(self, text):
        self.body += varint(13 << 3) + varint(self.string(text))

    def mapping(self, start, limit, offset=0, file="", build_id="", functions=True):
        self.n_mappings += 1
        data = number_field(1, self.n_mappings) + number_field(2, start) + number_field(3, limit)
        data += number_field(4, offset) + number_field(5, self.string(file))
        data += number_field(6, self.string(build_id))
        data += b"".join(number_field(field, int(functions)) for field in (7, 8, 9, 10))
        self.body += bytes_field(3, data)
        return self.n_mappings

    def function(self, name, system_name=None, file="", line=0):
        self.n_functions += 1
        data = number_field(1, self.n_functions) + number_field(2, self.string(name))
        data += number_field(3, self.string(name if system_name is None else system_name))
        data += number_field(4, self.string(file)) + number_field(5, line)
        self.body += bytes_field(5, data)
        return self.n_functions

    def location(self, lines, mapping=0, address=None):
        """lines: (function, line), the innermost inlined body first."""
        self.n_locations += 1
        address = 0x1000 + self.n_locations if address is None else address
        data = number_field(1, self.n_locations) + number_field(2, mapping)
        data += number_field(3, address)
        for function, line in lines:
            data += bytes_field(4, number_field(1, function) + number_field(2, line))
        self.body += bytes_field(4, data)
        return self.n_locations

    def sample(self, locations, values, labels=()):
        data = packed_field(1, locations)
        data += bytes_field(2, b"".join(varint(value) for value in values))
        for key, value in labels:
            label = number_field(1, self.string(key))
            if isinstance(value, str):
                label += number_field(2, self.string(value))
            else:
                label += number_field(3, value[0]) + number_field(4, self.string(value[1]))
            data += bytes_field(3, label)
        self.body += bytes_field(2, data)

    def encode(self):
        strings = b"".join(bytes_field(6, text) for text in self.strings)
        return self.body + self.tail + strings

    def write(self, path):
        data = self.encode()
        if str(path).endswith(".gz"):
            data = gzip.compress(data, mtime=0)
        with open(path, "wb") as file:
            file.write(data)
