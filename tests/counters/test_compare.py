#!/usr/bin/env python3
"""The comparison itself: that it notices what it must, and leaves out only what its rules say."""

import unittest

import compare  # which finds the end-to-end tests' modules
import counters
from counters import OUTSIDE, Counts, Function
from toolchain import Mode

STUB, CALLGRIND = counters.Stub(), counters.Callgrind("clang-19")
TALLY = counters.Tally(Mode("plugin", "clang-19", "O2"))


def counts(*edges):
    """Of (caller, callee, calls); functions are written name or name@file."""
    out = Counts()
    for caller, callee, calls in edges:
        out.add(*(OUTSIDE if name == "-" else Function(*(name + "@").split("@")[:2])
                  for name in (caller, callee)), calls)
    return out


RIGHT = (("-", "main", 1), ("main", "f@a.c", 3), ("main", "f@b.c", 4), ("f@a.c", "leaf", 6))


class Comparing(unittest.TestCase):
    def complaints(self, theirs, ours, witness=STUB, written=None, output=""):
        comparison = compare.Comparison(witness, TALLY, written)
        comparison.compare(compare.Result(0, "", counts(*theirs)),
                           compare.Result(0, output, counts(*ours)))
        return comparison.complaints

    def test_the_same(self):
        self.assertEqual(self.complaints(RIGHT, RIGHT), [])

    def test_nothing(self):
        self.assertEqual(self.complaints((), ()), ["there is nothing to compare"])

    def test_one_call_more(self):
        self.assertEqual(self.complaints(RIGHT, (*RIGHT, ("f@a.c", "leaf", 1))),
                         ["leaf: 6, Tally 7", "f (a.c) -> leaf: 6, Tally 7"])

    def test_function_missing_on_either_side(self):
        self.assertEqual(self.complaints(RIGHT, RIGHT[:3]),
                         ["leaf: 6, Tally 0", "f (a.c) -> leaf: 6, Tally 0"])
        self.assertEqual(self.complaints(RIGHT[:3], RIGHT),
                         ["leaf: 0, Tally 6", "f (a.c) -> leaf: 0, Tally 6"])

    def test_namesakes_exchanged(self):
        exchanged = (RIGHT[0], ("main", "f@a.c", 4), ("main", "f@b.c", 3), RIGHT[3])
        self.assertEqual(len(self.complaints(RIGHT, exchanged)), 4)

    def test_wrong_caller(self):
        moved = (*RIGHT[:3], ("f@b.c", "leaf", 6))
        self.assertEqual(self.complaints(RIGHT, moved),
                         ["f (a.c) -> leaf: 6, Tally 0", "f (b.c) -> leaf: 0, Tally 6"])

    def test_output(self):
        self.assertEqual(len(self.complaints(RIGHT, RIGHT, output="something else\n")), 1)

    def test_called_back(self):
        """Callgrind does not know for whom a library calls back; the stub does."""
        theirs = (*RIGHT, ("-", "compare", 5))
        ours = (*RIGHT, ("f@a.c", "compare", 5))
        self.assertEqual(self.complaints(theirs, ours, CALLGRIND), [])
        self.assertEqual(len(self.complaints(theirs, ours)), 2)
        self.assertEqual(self.complaints(theirs, (*ours, ("f@a.c", "compare", 1)), CALLGRIND),
                         ["compare: 5, Tally 6"])

    def test_implicit_members(self):
        written = {Function(name, "") for name in ("main", "~Base", "area")}
        theirs = (("-", "main", 1), ("main", "_ZN6SquareD2Ev", 2),
                  ("_ZN6SquareD2Ev", "_ZN4BaseD2Ev", 2), ("main", "_ZNK6Square4areaEi", 7))
        ours = (("-", "main", 1), ("main", "_ZN4BaseD2Ev", 2), ("main", "_ZNK6Square4areaEi", 7))
        self.assertEqual(self.complaints(theirs, ours, written=written), [])
        self.assertEqual(self.complaints(theirs, ours[:2], written=written),
                         ["area: 7, Tally 0", "main -> area: 7, Tally 0"])

    def test_names_without_scope(self):
        for mangled, last in (("_ZN12_GLOBAL__N_16hiddenEi", "hidden"), ("main", "main"),
                              ("_Z5twiceIiET_S0_", "twice"), ("_Zpl6NumberS_", "operator+"),
                              ("_ZZ4mainENKUliE_clEi", "operator()"), ("_ZlsRSoi", "operator<<"),
                              ("_ZlsIiEvi", "operator<<"),
                              ("main::$_0::operator()", "operator()")):
            self.assertEqual(compare.last_component(Function(mangled, "x.cpp")).name, last)


if __name__ == "__main__":
    unittest.main()
