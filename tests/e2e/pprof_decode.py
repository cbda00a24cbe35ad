"""Reads profiles with nothing of Tally's: gzip, then protobuf's wire format by hand.

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
    values: dict  # by the name of their type
    labels: dict  # by their key: a number, or a string

    @property
    def calls(self):
        return self.values["calls"]

    @property
    def wall_ns(self):
        return self.values.get("wall", 0)

    @property
    def wall_variance(self):
        return self.values.get("wall_variance", 0)  # ns²


@dataclasses.dataclass(frozen=True)
class Profile:
    samples: tuple
    comments: tuple
    duration_ns: int
    values: tuple  # what each sample has: names of the file's VALUE_TYPES, from the first
    beside: dict = dataclasses.field(default_factory=dict)  # of calls.pb.gz: the heap's, by name


# By the file's name. Not all need be there: calls may not be timed, frees not be recorded.
AMOUNTS = (("alloc_objects", "count"), ("alloc_space", "bytes"),
           ("inuse_objects", "count"), ("inuse_space", "bytes"))
VALUE_TYPES = {
    "calls": (("calls", "count"), ("wall", "nanoseconds"), ("wall_variance", "nanoseconds^2")),
    "heap": AMOUNTS,
    "peak": (("peak_objects", "count"), ("peak_space", "bytes"), ("site_peak_space", "bytes")),
    "lifetime": (("freed_objects", "count"), ("temporary_objects", "count"),
                 ("lifetime", "nanoseconds")),
    "sizes": (("alloc_objects", "count"),),
    "pools": AMOUNTS,
}
# What a reader shows who is not told what to: the first of these that there is.
DEFAULT_TYPES = ("wall", "calls", "inuse_space", "alloc_space", "peak_space", "lifetime",
                 "freed_objects", "alloc_objects")


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


def signed(value):
    return value - (value >> 63 << 64)


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

    def label(self, data):
        label = record(data)
        check(label.get(1), "a label without a key")
        return self.strings[label[1]], (self.strings[label[2]] if 2 in label else
                                        signed(label.get(3, 0)))

    def sample(self, data, may_be_negative):
        places, values, labels = [], [], []
        for field, value in fields(data):
            if field == 1:
                places += numbers(value)
            elif field == 2:
                values += map(signed, numbers(value))
            elif field == 3:
                labels.append(self.label(value))
        check(len(values) == len(self.value_types) and places,
              "a sample without a value of each type or without a stack")
        check(may_be_negative or all(value >= 0 for value in values), "a negative value")
        check(len(dict(labels)) == len(labels), "a label is there twice")
        return Sample(tuple(frame for place in places for frame in self.frames[place]),
                      dict(zip((name for name, _ in self.value_types), values)), dict(labels))


def decode(path, kind="calls", may_be_negative=False):
    """The profile in a file like KIND.pb.gz."""
    with gzip.open(path) as file:
        tables = Tables(file.read())
    types = tables.value_types
    names = tuple(name for name, _ in types)
    check(types and types == VALUE_TYPES[kind][:len(types)], f"sample types are {types}")
    check(tables.strings[tables.number(14)] == next(n for n in DEFAULT_TYPES if n in names),
          "the default sample type is not the one that says most")
    check(tables.number(9) > 0 and tables.number(12) > 0 and 11 in tables.parts,
          "time, period or period type is missing")
    return Profile(tuple(tables.sample(value, may_be_negative)
                         for value in tables.parts.get(2, [])),
                   tuple(tables.strings[n] for value in tables.parts.get(13, [])
                         for n in numbers(value)),
                   tables.number(10), names)
