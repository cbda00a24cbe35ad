#!/usr/bin/env python3
"""The comparison itself: what it reads from reports, and that it notices what it must."""

import dataclasses
import sys
import unittest

import compare  # which finds the other tests' modules
import known
import witnesses
from toolchain import Failure
from witnesses import Dhat, Heaptrack, Totals

POOL = ["+ 11c00 1 a000"]  # the emergency pool, at the address a000
NOTHING = Totals(0, 0, 0, 0, 0, 0, 0, 0)


class Reading(unittest.TestCase):
    def heaptrack(self, *lines, is_cxx=False):
        return Heaptrack.read([*POOL, *lines, "- a000"], is_cxx)

    def test_dhat(self):
        point = {"tbk": 2, "tb": 300, "mb": 7, "ebk": 1, "eb": 200, "gb": 250}
        self.assertEqual(Dhat.read({"pps": [point, point]}), Totals(4, 600, 2, 400, 500))

    def test_heaptrack_without_its_own_pool(self):
        self.assertEqual(self.heaptrack(), NOTHING)
        self.assertEqual(self.heaptrack("+ 11c00 2 b000"),  # the program's, of that very size
                         Totals(1, 72704, 1, 72704, 72704, 0, 0, 0))

    def test_heaptrack_with_the_pool_of_a_cxx_program(self):
        self.assertEqual(self.heaptrack(is_cxx=True),
                         Totals(1, 72704, 1, 72704, 72704, 0, 0, 0))

    def test_heaptrack_reads_hexadecimal(self):
        self.assertEqual(self.heaptrack("v 10400 3", "+ 10 2 b000", "t b 1", "+ 0 2 c000"),
                         Totals(2, 16, 2, 16, 16, 0, 1, 1))

    def test_temporary_is_what_was_allocated_last_if_nothing_was_freed_since(self):
        self.assertEqual(self.heaptrack("+ 8 2 b000", "+ 8 2 c000", "- b000", "- c000"),
                         Totals(2, 16, 0, 0, 16, 0, 0, 0))
        self.assertEqual(self.heaptrack("+ 8 2 b000", "+ 8 2 c000", "- c000", "- b000"),
                         Totals(2, 16, 0, 0, 16, 1, 0, 0))

    def test_unknown_blocks_are_freed_unseen(self):
        self.assertEqual(self.heaptrack("- d000", "+ 8 2 b000", "+ 9 2 b000", "- b000"),
                         Totals(2, 17, 1, 8, 17, 1, 0, 0))


class Comparing(unittest.TestCase):
    TOTALS = Totals(5, 500, 2, 200, 300, 1, 0, 0)

    def test_every_total_counts(self):
        self.assertEqual(compare.differences(self.TOTALS, self.TOTALS), [])
        for field in dataclasses.fields(Totals):
            wrong = self.TOTALS.plus(**{field.name: 1})
            self.assertEqual(len(compare.differences(self.TOTALS, wrong)), 1)
        self.assertEqual(compare.differences(self.TOTALS, self.TOTALS.plus(bytes=1500)),
                         ["bytes: 500 expected, 2,000 found"])

    def test_what_one_does_not_know_is_not_compared(self):
        self.assertEqual(compare.differences(self.TOTALS, Totals(5, 500, 2, 200)), [])

    def test_empty_blocks_are_a_byte_to_dhat(self):
        empty = Totals(5, 500, 2, 200, 300, 1, 3, 1)
        self.assertEqual(Dhat().would_say(empty), Totals(5, 503, 2, 201, None, 1, 3, 1))
        self.assertEqual(Dhat().would_say(self.TOTALS), self.TOTALS)
        self.assertEqual(Heaptrack().would_say(empty), empty)

    def test_run_json_must_say_the_same(self):
        said = {"mode": "full", "allocated_objects": 5, "allocated_bytes": 500,
                "inuse_objects": 2, "inuse_bytes": 200, "peak_bytes": 300, "freed_objects": 3,
                "freed_bytes": 300, "blocks_unrecorded": 0, "frees_unmatched": 0}
        witnesses.Tally.check(self.TOTALS, said, 1)
        for key in said:
            with self.assertRaises(Failure):
                witnesses.Tally.check(self.TOTALS, said | {key: 1}, 1)
        witnesses.Tally.check(self.TOTALS, said | {"peak_bytes": 1}, 2)

    def test_answers_say_everything(self):
        for case in (*known.IN_C, *known.IN_CXX):
            self.assertNotIn(None, dataclasses.astuple(case.answer), case.name)
            self.assertLessEqual(case.differences.keys(), {"dhat", "heaptrack"}, case.name)


if __name__ == "__main__":
    sys.exit(unittest.main())
