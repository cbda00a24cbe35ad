"""Reads calls.pb.gz with nothing of Tally's: gzip, then protobuf's wire format by hand.

A second reading of the format, independent of the code under test. It is strict: what a writer of
profiles must never do raises BadProfile.

    varint key = field << 3 | wire      wire 0: varint   1: 8 bytes   2: length, bytes   5: 4 bytes
"""

import dataclasses
import gzip


class BadProfile(Exception):
    pass


@dataclasses.dataclass(frozen=True)
class Frame:
    name: str
    linkage_name: str
    file: str
    start_line: int
    line: int


@dataclasses.dataclass(frozen=True)
class Sample:
    frames: tuple  # of Frame, the innermost first; inlined bodies are frames of their own
    calls: int
    wall_ns: int = 0
    wall_variance: int = 0  # ns²


@dataclasses.dataclass(frozen=True)
class Profile:
    samples: tuple
    comments: tuple
    duration_ns: int
    values: tuple  # what each sample has, of VALUE_TYPES from the first


# Of a profile whose calls were all timed there are two, of one without times one.
VALUE_TYPES = (("calls", "count"), ("wall", "nanoseconds"), ("wall_variance", "nanoseconds^2"))


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def fields(data):
    """Yields (field, value): an int, or bytes for what has a length."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        if key & 7 == 0:
            value, at = varint(data, at)
        elif key & 7 == 2:
            size, at = varint(data, at)
            value, at = data[at:at + size], at + size
            if len(value) != size:
                raise BadProfile("a field goes beyond its message's end")
        else:
            raise BadProfile(f"wire type {key & 7}, which the format does not use")
        yield key >> 3, value


def record(data):
    """A message as {field: last value}; for messages without repeated fields."""
    return dict(fields(data))


def numbers(value):
    """A repeated number, packed or not."""
    if isinstance(value, int):
        return [value]
    at, out = 0, []
    while at < len(value):
        number, at = varint(value, at)
        out.append(number)
    return out


def check(truth, complaint):
    if not truth:
        raise BadProfile(complaint)


class Tables:
    """The parts of a profile that refer to each other by number."""

    def __init__(self, data):
        self.parts = {}
        for field, value in fields(data):
            self.parts.setdefault(field, []).append(value)
        self.strings = [s.decode() for s in self.parts.get(6, [])]
        check(self.strings and self.strings[0] == "", "string 0 is not empty")
        check(len(set(self.strings)) == len(self.strings), "a string is there twice")
        self.value_types = tuple(self.value_type(value) for value in self.parts.get(1, []))
        self.functions = self.numbered(5, [record(f) for f in self.parts.get(5, [])])
        self.numbered(3, [record(m) for m in self.parts.get(3, [])])
        self.frames, addresses = {}, set()
        locations = [list(fields(f)) for f in self.parts.get(4, [])]
        self.numbered(4, [dict(f) for f in locations])
        for location in locations:
            plain = dict(location)
            check(plain.get(3, 0) not in addresses | {0}, "a location's address is 0 or not unique")
            addresses.add(plain[3])
            lines = [record(value) for field, value in location if field == 4]
            self.frames[plain[1]] = [self.frame(line, plain[3]) for line in lines or [{}]]

    @staticmethod
    def numbered(field, items):
        ids = [item.get(1, 0) for item in items]
        check(sorted(ids) == list(range(1, len(ids) + 1)),
              f"ids of field {field} are not 1, 2, …")
        return {item[1]: item for item in items}

    def frame(self, line, address):
        if not line:
            return Frame(f"{address:#x}", "", "", 0, 0)
        function = self.functions[line[1]]
        return Frame(self.strings[function.get(2, 0)], self.strings[function.get(3, 0)],
                     self.strings[function.get(4, 0)], function.get(5, 0), line.get(2, 0))

    def value_type(self, data):
        return tuple(self.strings[record(data)[field]] for field in (1, 2))

    def number(self, field):
        return self.parts.get(field, [0])[-1]

    def sample(self, data):
        places, values = [], []
        for field, value in fields(data):
            if field == 1:
                places += numbers(value)
            elif field == 2:
                values += numbers(value)
        check(len(values) == len(self.value_types) and places,
              "a sample without a value of each type or without a stack")
        check(all(value < 1 << 63 for value in values), "a negative value")
        return Sample(tuple(frame for place in places for frame in self.frames[place]), *values)


def decode(path):
    with gzip.open(path) as file:
        tables = Tables(file.read())
    types = tables.value_types
    check(types and types == VALUE_TYPES[:len(types)], f"sample types are {types}")
    check(tables.strings[tables.number(14)] == ("wall" if len(types) > 1 else "calls"),
          "the default sample type is not wall, or calls where there are no times")
    check(tables.number(9) > 0 and tables.number(12) > 0 and 11 in tables.parts,
          "time, period or period type is missing")
    return Profile(tuple(tables.sample(value) for value in tables.parts.get(2, [])),
                   tuple(tables.strings[n] for value in tables.parts.get(13, [])
                         for n in numbers(value)),
                   tables.number(10), tuple(name for name, _ in types))
