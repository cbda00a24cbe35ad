"""What pools.pb.gz says, by the lines of the program's own source."""

import gzip
import re

import pprof_decode
import scripted
import toolchain

TYPES = (("alloc_objects", "count"), ("alloc_space", "bytes"),
         ("inuse_objects", "count"), ("inuse_space", "bytes"))


def samples(tables):
    """(kind, frames, values) of each."""
    for data in tables.parts.get(2, []):
        places, values, kind = [], [], ""
        for field, value in pprof_decode.fields(data):
            if field == 1:
                places += pprof_decode.numbers(value)
            elif field == 2:
                values += pprof_decode.numbers(value)
            elif field == 3:
                label = pprof_decode.record(value)
                if tables.strings[label[1]] == "kind":
                    kind = tables.strings[label[2]]
        yield kind, [frame for place in places for frame in tables.frames[place]], values


def read(directory, types=TYPES):
    """{(kind, names of the path from the leaf, the leaf's line): the values of the sample types}"""
    with gzip.open(directory / "pools.pb.gz") as file:
        tables = pprof_decode.Tables(file.read())
    if tables.value_types != types:
        raise toolchain.Failure(f"sample types are {tables.value_types}")
    found = {}
    for kind, frames, values in samples(tables):
        key = (kind, tuple(frame.name for frame in frames), frames[0].line)
        found[key] = tuple(a + b for a, b in zip(found.get(key, (0,) * len(types)), values))
    return found


def by_place(directory, source):
    """{(kind, what the comment at the end of the leaf's line says): values}, over all paths."""
    places = {}
    for number, line in enumerate((toolchain.PROGRAMS / source).read_text().splitlines(), 1):
        comment = re.search(r"/\* (.*) \*/$", line)
        places[number] = comment[1] if comment else f"line {number}"
    found = {}
    for (kind, _, line), values in read(directory).items():
        key = (kind, places.get(line, "nowhere"))
        found[key] = tuple(a + b for a, b in zip(found.get(key, (0,) * 4), values))
    return found


def each_debug_mode(kinds, breadth):
    """Like scripted.each_mode, of builds that know their lines and are timed as the run says."""
    return scripted.each_of(lambda: [mode for mode in toolchain.modes(kinds, breadth)
                                     if mode.debug and not mode.timing])
