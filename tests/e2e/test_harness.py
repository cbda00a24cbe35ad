"""The tests' own tools: a decoder that finds what is wrong, expectations that can fail."""

import dataclasses
import gzip
import pathlib
import tempfile
import unittest

import expectations
import pprof_decode

STRINGS = ["", "calls", "count", "wall", "nanoseconds", "main", "leaf", "/src/app.c", "_Z4leafv",
           "wall_variance", "nanoseconds^2"]
STRINGS_OF_HEAP = ["", "alloc_objects", "count", "alloc_space", "bytes", "main", "leaf",
                   "/src/app.c", "_Z4leafv", "inuse_objects", "inuse_space", "kind", "pool"]


def varint(n):
    out = bytearray()
    while n >= 0x80:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    return bytes(out + bytes([n]))


def message(*pairs):
    """(field, value) pairs as a protobuf message."""
    out = b""
    for field, value in pairs:
        if isinstance(value, int):
            out += varint(field << 3) + varint(value)
        else:
            out += varint(field << 3 | 2) + varint(len(value)) + value
    return out


def profile(**changes):
    """main calls leaf 300 times at line 12; what stands in `changes` replaces a part."""
    parts = {
        "types": [(1, message((1, 1), (2, 2))), (1, message((1, 3), (2, 4)))],
        "samples": [(2, message((1, b"\1\3"), (2, varint(300) + varint(70000)))),
                    (2, message((1, 2), (2, 1), (2, 5)))],
        "locations": [(4, message((1, 1), (3, 0x1000), (4, message((1, 2), (2, 3))))),
                      (4, message((1, 2), (3, 0x2000), (4, message((1, 1), (2, 10))))),
                      (4, message((1, 3), (3, 0x2001), (4, message((1, 1), (2, 12)))))],
        "functions": [(5, message((1, 1), (2, 5), (3, 5), (4, 7), (5, 10))),
                      (5, message((1, 2), (2, 6), (3, 8), (4, 7), (5, 3)))],
        "strings": [(6, s.encode()) for s in STRINGS],
        "rest": [(9, 1), (10, 2), (11, message((1, 3), (2, 4))), (12, 1), (14, 3)],
    } | changes
    return message(*(pair for part in parts.values() for pair in part))


def heap_profile(**changes):
    """leaf, called by main, allocates 5 objects of 500 bytes, of which 2 live, and 3 of a pool."""
    return profile(**{
        "types": [(1, message((1, n), (2, unit))) for n, unit in ((1, 2), (3, 4), (9, 2), (10, 4))],
        "samples": [(2, message((1, b"\1\3"), (2, b"\5" + varint(500) + b"\2" + varint(200)),
                                (3, message((1, 4), (3, 100))))),
                    (2, message((1, b"\1\3"), (2, b"\3\3\3\3"),
                                (3, message((1, 11), (2, 12)))))],
        "strings": [(6, s.encode()) for s in STRINGS_OF_HEAP],
        "rest": [(9, 1), (10, 2), (11, message((1, 3), (2, 4))), (12, 1), (14, 10)],
    } | changes)


class Harness(unittest.TestCase):
    def decode(self, **changes):
        return self.decode_bytes(profile(**changes))

    def decode_bytes(self, data, *kind):
        with tempfile.TemporaryDirectory() as directory:
            path = pathlib.Path(directory) / "profile.pb.gz"
            path.write_bytes(gzip.compress(data))
            return pprof_decode.decode(path, *kind)

    def refuses(self, **changes):
        with self.assertRaises((pprof_decode.BadProfile, KeyError, IndexError)):
            self.decode(**changes)

    def test_decoder_reads(self):
        leaf, main = self.decode().samples
        self.assertEqual((leaf.calls, leaf.wall_ns, main.calls), (300, 70000, 1))
        self.assertEqual([(f.name, f.line) for f in leaf.frames], [("leaf", 3), ("main", 12)])
        self.assertEqual(leaf.frames[0].linkage_name, "_Z4leafv")

    def test_decoder_reads_values(self):
        """As many as there are types; where there are no times, calls are what tools show."""
        calls, wall = ((1, message((1, n), (2, n + 1))) for n in (1, 3))
        variance = (1, message((1, 9), (2, 10)))
        rest = [(9, 1), (10, 2), (11, message((1, 1), (2, 2))), (12, 1), (14, 1)]
        counted = self.decode(types=[calls], samples=[(2, message((1, 2), (2, 7)))], rest=rest)
        self.assertEqual((counted.values, counted.samples[0].calls), (("calls",), 7))
        estimated = self.decode(types=[calls, wall, variance],
                                samples=[(2, message((1, 2), (2, bytes([7, 8, 9]))))])
        self.assertEqual(estimated.values, ("calls", "wall", "wall_variance"))
        self.assertEqual((estimated.samples[0].wall_ns, estimated.samples[0].wall_variance), (8, 9))
        self.refuses(types=[calls], rest=rest)
        self.refuses(types=[wall, calls])
        self.refuses(types=[calls, wall, variance])

    def test_decoder_refuses(self):
        location = message((1, 1), (3, 0x1000), (4, message((1, 2))))
        self.refuses(types=[])
        self.refuses(strings=[(6, b"x")])
        self.refuses(rest=[(9, 1), (10, 2), (11, message((1, 3), (2, 4))), (12, 1)])
        self.refuses(locations=[(4, location), (4, message((1, 2), (3, 0x1000)))])
        self.refuses(locations=[(4, location), (4, message((1, 2), (3, 0)))])
        self.refuses(locations=[(4, location), (4, message((1, 4), (3, 0x3000)))])
        self.refuses(samples=[(2, message((1, 9), (2, 1), (2, 1)))])
        self.refuses(samples=[(2, message((1, 1), (2, 1)))])
        self.refuses(functions=[])

    def test_decoder_reads_heaps(self):
        heap = self.decode_bytes(heap_profile(), "heap")
        self.assertEqual([s.labels for s in heap.samples], [{"bytes": 100}, {"kind": "pool"}])
        self.assertEqual(heap.samples[0].values, {"alloc_objects": 5, "alloc_space": 500,
                                                  "inuse_objects": 2, "inuse_space": 200})
        less = [(2, message((1, b"\1\3"), (2, b"\5\5" + varint((1 << 64) - 3) + b"\0")))]
        with self.assertRaises(pprof_decode.BadProfile):
            self.decode_bytes(heap_profile(samples=less), "heap")
        changed = self.decode_bytes(heap_profile(samples=less), "heap", True).samples[0]
        self.assertEqual(changed.values["inuse_objects"], -3)
        with self.assertRaises(pprof_decode.BadProfile):
            self.decode_bytes(heap_profile(), "calls")
        with self.assertRaises(pprof_decode.BadProfile):
            self.decode_bytes(profile(), "heap")

    def complaints(self, *lines, stdout=""):
        heap = self.decode_bytes(heap_profile(), "heap")
        calls = dataclasses.replace(self.decode(), beside={"heap": heap, "pools": heap})
        comparison = expectations.Comparison(
            calls, {"threads": 2, "losses": {"lost": 0}, "ended_by": "exit"}, stdout,
            {"here": 12})
        wanted = [expectations.Expectation.of_text(line) for line in lines]
        return expectations.compare(wanted, {"plugin", "g"}, comparison)

    def test_expectations_that_hold(self):
        self.assertEqual([], self.complaints(
            "calls leaf 300", "calls l*f >=300", "calls leaf <=300",
            "calls leaf >=stdout:n", "calls leaf@app.c stdout:n", "calls other 0",
            "edge main leaf 300", "edge leaf main 0", "path main;leaf 300", "path main 1",
            "line main leaf @here", "line main leaf 12", "callers leaf main", "callers main -",
            "declared leaf app.c 3", "linkage leaf _Z4leafv", "absent other", "run threads 2",
            "run losses.lost 0", "run ended_by exit", "heap leaf 8 503 5 203", "heap leaf 8 503",
            "heap main 0 0 0 0", "heap_path main;leaf 8 503 5 203", "heap_path leaf 0 0 0 0",
            "heap_line leaf 3", "pool pool leaf 3 3 3 3", "pool other leaf 0 0 0 0", stdout="n=300\n"))

    def test_expectations_that_do_not_hold(self):
        lines = ("calls leaf 299", "calls leaf >=301", "calls leaf <=299", "calls leaf stdout:n",
                 "calls leaf >=stdout:n", "calls leaf@b.c 300",
                 "edge main leaf 0", "path leaf 300", "path leaf;main 300", "line main leaf 11",
                 "line main leaf 11 12", "callers leaf leaf", "callers main main",
                 "declared leaf app.c 4", "declared leaf b.c 3", "declared other app.c 3",
                 "linkage leaf leaf", "absent leaf", "run threads 3", "run ended_by _exit",
                 "heap leaf 8 503 5 204", "heap leaf 7", "heap leaf 8 503 5 203 0",
                 "heap main >=1", "heap_path main;leaf 8 503 5 0", "heap_path main;main;leaf 8",
                 "heap_line leaf 4", "heap_line leaf 3 4", "pool pool leaf 8", "pool x leaf 3")
        for line in lines:
            with self.subTest(line=line):
                self.assertEqual(len(self.complaints(line, stdout="n=301\n")), 1)

    def test_expectations_that_say_nothing(self):
        for line in ("cals leaf 3", "calls leaf", "edge main leaf", "line main"):
            with self.subTest(line=line), self.assertRaises(expectations.BadExpectation):
                self.complaints(line)
        with self.assertRaises(expectations.BadExpectation):
            self.complaints("calls leaf stdout:missing")
        with self.assertRaises(expectations.BadExpectation):
            expectations.Expectation("test", "02", "calls", ["leaf", "1"])


if __name__ == "__main__":
    unittest.main()
