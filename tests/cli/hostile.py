"""Profiles made to do harm: small ones that ask for endless memory or work, and broken ones.

FILES has each as name: (what makes the bytes, words of the one line that refuses it).
"""

import gzip
import struct
import zlib

from profile import Profile, bytes_field, number_field, packed_field, varint

TYPES = [("calls", "count")]
MEBIBYTE = 1 << 20


def profile():
    return Profile(TYPES, default="calls")


def with_samples(*samples, lines=1, locations=1):
    """Locations of so many inlined bodies, and samples given by their stacks."""
    p = profile()
    f = p.function("f")
    for _ in range(locations):
        p.location([(f, 1)] * lines)
    for stack in samples:
        p.sample(stack, [1])
    return p.encode()


def with_message(field, data):
    p = profile()
    p.body += bytes_field(field, data)
    return p.encode()


def raw_zstd(*blocks):
    """A frame without checksum and without a size: blocks are (type, size, bytes)."""
    frame = struct.pack("<I", 0xFD2FB528) + b"\x00\x58"
    for i, (kind, size, data) in enumerate(blocks):
        last = i == len(blocks) - 1
        frame += struct.pack("<I", size << 3 | kind << 1 | last)[:3] + data
    return frame


def zstd_bomb(mebibytes):
    """Runs of one byte: 128 KiB in four bytes."""
    return raw_zstd(*[(1, 128 << 10, b"\x32")] * (8 * mebibytes))


def gzip_bomb(data, times):
    compressor = zlib.compressobj(9, wbits=31)
    return b"".join(compressor.compress(data) for _ in range(times)) + compressor.flush()


def many_frames_in_all():
    stacks = [[x, y, 1] for x in range(2, 42) for y in range(2, 42)]
    p = profile()
    f = p.function("f")
    p.location([(f, 1)] * 60_000)
    for _ in range(40):
        p.location([])
    for stack in stacks:
        p.sample(stack, [1])
    return p.encode()


def sums_of_equal_samples():
    p = profile()
    p.location([])
    p.sample([1], [(1 << 63) - 1])
    p.sample([1], [1])
    return p.encode()


def good():
    return with_samples([1])


FILES = {
    "empty": (lambda: b"", "empty: there is nothing in it"),
    "one-byte": (lambda: b"\x12", "not a pprof profile"),
    "random": (lambda: bytes(i * 7 % 256 for i in range(1000)), "not a pprof profile"),
    "cut": (lambda: good()[:-1], "the profile ends in mid-field"),
    "cut-gzip": (lambda: gzip.compress(good())[:-9], "the gzip data end too early"),
    "cut-zstd": (lambda: raw_zstd((0, len(good()), good()))[:-5], "the zstd data end too early"),
    "gzip-without-end": (lambda: b"\x1f\x8b\x08" + bytes(7), "the gzip data end too early"),
    "gzip-rubbish-behind": (lambda: gzip.compress(good()) + b"rubbish", "corrupt gzip data"),
    "gzip-in-gzip": (lambda: gzip.compress(gzip.compress(good())), "not a pprof profile"),
    "gzip-bomb": (lambda: gzip_bomb(bytes(MEBIBYTE), 256), "expands to more than 128 times its size"),
    "gzip-bomb-of-strings": (lambda: gzip_bomb(b"\x32\x00" * (MEBIBYTE // 2), 256),
                             "expands to more than 128 times its size"),
    "gzip-bomb-of-samples": (lambda: gzip_bomb(b"\x12\x02\x10\x01" * (MEBIBYTE // 4), 256),
                             "expands to more than 128 times its size"),
    "zstd-bomb": (lambda: zstd_bomb(4096), "expands to more than 128 times its size"),
    "absurd-length": (lambda: good() + b"\x12" + varint((1 << 64) - 1), "ends in mid-field"),
    "absurd-string-length": (lambda: good() + b"\x32" + varint(1 << 40), "ends in mid-field"),
    "absurd-count-of-values": (lambda: with_message(2, packed_field(2, [1] * 1000)),
                               "a sample has 1000 values, the profile 1 sample types"),
    "absurd-string-index": (lambda: good() + number_field(14, (1 << 63) - 1),
                            "string index 9223372036854775807 in a table of"),
    "negative-string-index": (lambda: good() + number_field(14, -1), "string index -1 in a table"),
    "many-types": (lambda: good() + bytes_field(1, number_field(1, 1)) * 300_000,
                   "300001 sample types, more than 256"),
    "many-comments": (lambda: good() + bytes_field(13, b"\x01" * 4_000_000), "more than 65536 comments"),
    "dangling-location": (lambda: with_samples([7]), "refers to location 7, which is missing"),
    "dangling-function": (lambda: with_message(4, number_field(1, 9) + bytes_field(4, number_field(1, 5))),
                          "location 9 refers to function 5, which is missing"),
    "dangling-mapping": (lambda: with_message(4, number_field(1, 9) + number_field(2, 3)),
                         "location 9 refers to mapping 3, which is missing"),
    # A location that names itself as its mapping and its function finds neither.
    "location-of-itself": (lambda: with_message(4, number_field(1, 9) + number_field(2, 9) +
                                                bytes_field(4, number_field(1, 9))),
                           "location 9 refers to mapping 9, which is missing"),
    "id-twice": (lambda: with_samples() + bytes_field(4, number_field(1, 1)), "location id 1 occurs twice"),
    "id-zero": (lambda: with_message(5, number_field(2, 1)), "a function has the reserved id 0"),
    "nested": (lambda: with_message(2, b"".join(bytes_field(3, b"\x1a\x00" * n) for n in (9, 99)) +
                                    b"\x0b" * 1000), "broken Sample"),
    "sums-beyond-64-bits": (sums_of_equal_samples, "equal samples add up to more than 64 bits"),
    "deep-stack": (lambda: with_samples([1] * 1_000_000), "a stack of 1000000 frames, more than 262144"),
    "deep-by-inlining": (lambda: with_samples([1] * 100_000, lines=50_000),
                         "a stack of 5000000000 frames, more than 262144"),
    "many-frames": (many_frames_in_all, "frames in all"),
    "huge-sample": (lambda: with_message(2, b"\x1a\x00" * 4_000_000), "field 2 has 8000000 bytes"),
    "huge-location": (lambda: with_message(4, b"\x22\x00" * 4_000_000), "field 4 has 8000000 bytes"),
    "huge-unknown-fields": (lambda: with_message(2, b"\x7a\x00" * 4_000_000), "field 2 has 8000000 bytes"),
    "huge-string": (lambda: good() + bytes_field(6, b"x" * (17 * MEBIBYTE)), "field 6 has 17825792 bytes"),
}


def odd_numbers():
    """As large as numbers can be: ids, lines, addresses, times, and sums beyond 64 bits."""
    largest, smallest = (1 << 63) - 1, -(1 << 63)
    p = Profile([*TYPES, ("wall", "nanoseconds")], default="wall", time_ns=largest, period=smallest,
                duration_ns=largest, period_type=("wall", "nanoseconds"))
    highest = (1 << 64) - 1
    name, file = p.string("edge"), p.string("edge.c")
    p.body += bytes_field(3, number_field(1, highest) + number_field(2, highest) +
                          number_field(3, 1) + number_field(4, highest))
    for identity, line in ((highest, largest), (highest - 1, smallest)):
        p.body += bytes_field(5, number_field(1, identity) + number_field(2, name) +
                              number_field(3, p.string(f"edge{line}")) + number_field(4, file) +
                              number_field(5, line))
        p.body += bytes_field(4, number_field(1, identity) + number_field(2, highest) +
                              number_field(3, highest) +
                              bytes_field(4, number_field(1, identity) + number_field(2, line) +
                                          number_field(3, line)))
    for stack, values in [([highest], [largest, largest]), ([highest - 1], [largest, smallest]),
                          ([highest, highest - 1], [largest, largest]),
                          ([highest - 1, highest], [-1, smallest])]:
        p.sample(stack, values, [("label", (smallest, "bytes"))])
    return p.encode()


def as_deep_as_may_be():
    """Two stacks of 262,144 frames, of two functions in turn and at random lines."""
    p = profile()
    f = [p.function("even"), p.function("odd")]
    places = [p.location([(f[i % 2], i)]) for i in range(200)]
    for step in (1, 7):
        p.sample([places[i * step % 200] for i in range(262_144)], [1])
    return p.encode()


def many_samples():
    """A quarter of a million, of eight bytes each."""
    p = profile()
    for _ in range(63):
        p.location([])
    ids = range(1, 64)
    p.body += b"".join(b"\x12\x07\x0a\x03" + bytes((x, y, z)) + b"\x10\x01"
                       for x in ids for y in ids for z in ids)
    return p.encode()


def empty_strings(n):
    """Each takes two bytes of the file."""
    return good() + b"\x32\x00" * n
