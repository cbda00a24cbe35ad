"""What golden output of `tally diff` cannot show: which functions are paired, which profiles are
refused, and that its numbers are those of `tally top`.
"""

import json
import shutil
import unittest

import heap_profiles
import profiles
from harness import Case
from profile import Profile


class Diff(Case):
    def rows(self, old, new, *arguments):
        """All rows that changed, of the one value compared."""
        return self.measure(old, new, *arguments)["rows"]

    def measure(self, old, new, *arguments):
        made = json.loads(self.run_ok("diff", "--json", "-n0", old, new, *arguments))
        measure, = made["measures"]
        return measure

    def top(self, profile, *arguments):
        made = json.loads(self.run_ok("top", "--json", "-n0", profile, *arguments))
        return {row["name"]: row for row in made["functions"]}

    def write(self, name, *functions, types=(("n", "count"),)):
        """A profile with a sample of each function: name, linkage name, file, value."""
        p = Profile(types)
        for name_, system_name, file, value in functions:
            p.sample([p.location([(p.function(name_, system_name, file, 1), 2)])], [value])
        p.write(self.directory / name)


class Numbers(Diff):
    def test_they_are_those_of_top(self):
        heap_profiles.newer(self.directory)
        for sample in ("inuse_space", "inuse_objects", "alloc_space", "alloc_objects"):
            old = self.top("feed.tally", "--sample", sample)
            new = self.top("newer.tally", "--sample", sample)
            rows = self.rows("feed.tally", "newer.tally", "--sample", sample)
            seen = {"grow", "enlarge"} # which is grow, and may be unchanged as that
            for row in rows:
                names = {"old": row["old_name"] or row["name"], "new": row["name"]}
                seen |= {*names.values()}
                for side, of in (("old", old), ("new", new)):
                    name = names[side]
                    self.assertEqual(row[f"in_{side}"], name in of)
                    for key in ("self", "cum"):
                        self.assertEqual(row[side][key], of.get(name, {key: 0})[key])
                for key in ("self", "cum"):
                    self.assertEqual(row["change"][key], row["new"][key] - row["old"][key])
            for name in {*old, *new} - seen:
                for key in ("self", "cum"):
                    self.assertEqual(old.get(name, {key: 0})[key], new.get(name, {key: 0})[key])

    def test_changes_add_up(self):
        heap_profiles.newer(self.directory)
        for arguments in ([], ["--edges"], ["--lines"], ["--paths"]):
            made = self.measure("feed.tally", "newer.tally", "--sample=inuse_space", *arguments)
            self.assertEqual(sum(row["change"]["self"] for row in made["rows"]),
                             made["total"]["change"]["self"])

    def test_recursion_counts_once(self):
        profiles.shop_profile().write(self.directory / "one.pb")
        profiles.shop_profile(scale=2).write(self.directory / "two.pb")
        fib, = [row for row in self.rows("one.pb", "two.pb", "--sample=calls")
                if row["name"] == "fib"]
        self.assertEqual(fib["change"], {"self": 7_049_155})

    def test_nothing_changes_by_itself(self):
        profiles.shop(self.directory)
        for by in ([], ["--edges"], ["--lines"], ["--paths"]):
            for sample in ("calls", "wall"):
                self.assertEqual(self.rows("shop.tally", "shop.tally", "--sample", sample, *by), [])

    def test_integers_beyond_doubles_and_64_bits(self):
        self.write("a.pb", *[("f", "f", "", 2**63 - 1)] * 4)
        self.write("b.pb", *[("f", "f", "", 2**63 - 1)] * 3, ("f", "f", "", 2**63 - 2))
        self.assertIn(f"{4 * (2**63 - 1)}  {4 * (2**63 - 1) - 1}  ",
                      self.run_ok("diff", "--raw", "a.pb", "b.pb"))
        self.assertRegex(self.run_ok("diff", "--raw", "a.pb", "b.pb"), r"  -1 +-<0\.1% .* f\n")

    def test_filters(self):
        profiles.shop_profile().write(self.directory / "one.pb")
        profiles.shop_profile(scale=2).write(self.directory / "two.pb")
        rows = self.rows("one.pb", "two.pb", "--focus=fib", "--ignore=sort", "--hide=^main$")
        self.assertEqual([row["name"] for row in rows], ["fib"])


class Least(Diff):
    """--min, and --sort=percent."""

    def test_of_calls(self):
        names = ["f", "g", "h", "i"]
        types = [("calls", "count")]
        self.write("a.pb", *[(name, name, "", old) for name, old in zip(names, (1000, 100, 10, 0))],
                   types=types)
        self.write("b.pb", *[(name, name, "", new) for name, new in zip(names, (1009, 129, 13, 1))],
                   types=types)

        def shown(*arguments):
            made = self.measure("a.pb", "b.pb", *arguments)
            return [row["name"] for row in made["rows"]], made["rows_below_min"]

        self.assertEqual(shown("--sort=percent"), (["i", "h", "g", "f"], 0))
        self.assertEqual(shown("--min=29%"), (["g", "h", "i"], 1))
        self.assertEqual(shown("--min=29.1%"), (["h", "i"], 2))
        self.assertEqual(shown("--min=9"), (["g", "f"], 2))

    def test_what_has_no_self_goes_by_cum(self):
        for name, value in (("a.pb", 100), ("b.pb", 101)):
            p = Profile([("n", "count")])
            main, f = (p.location([(p.function(name), 1)]) for name in ("main", "f"))
            p.sample([f, main], [value])
            p.write(self.directory / name)
        self.assertEqual(self.rows("a.pb", "b.pb", "--min=5%"), [])
        self.assertEqual(len(self.rows("a.pb", "b.pb", "--min=1%")), 2)


class Written(Diff):
    def test_types_and_units_cannot_move_the_cursor(self):
        for name, value in (("a.pb", 1), ("b.pb", 2)):
            self.write(name, ("f", "f", "f.c", value), types=[("a\n\x1b[31m", "u\x1bn")])
        for form in ("text", "markdown", "benchstat"):
            made = self.run_ok("diff", "--format", form, "a.pb", "b.pb")
            self.assertNotIn("\x1b", made)
            self.assertNotIn("a\n", made)

    def test_few_runs_are_only_too_few_for_times(self):
        for unit, is_said in (("count", False), ("nanoseconds", True)):
            for name, value in (("a.pb", 1), ("b.pb", 2)):
                self.write(name, ("f", "f", "f.c", value), types=[("n", unit)])
            made = self.run_ok("diff", "a.pb", "a.pb", "--", "b.pb", "b.pb")
            self.assertEqual("so few runs cannot tell" in made, is_said)


class Pairing(Diff):
    def changes(self, old, new):
        """Old and new value of each row; the same function has the same value."""
        self.write("old.pb", *old)
        self.write("new.pb", *new)
        return sorted((row["old"]["self"], row["new"]["self"])
                      for row in self.rows("old.pb", "new.pb"))

    def test_overloads_are_told_apart_by_linkage_name(self):
        self.assertEqual(self.changes([("f", "_Z1fi", "f.c", 1), ("f", "_Z1fd", "f.c", 2)],
                                      [("f", "_Z1fd", "f.c", 3), ("f", "_Z1fi", "f.c", 4)]),
                         [(1, 4), (2, 3)])

    def test_another_directory(self):
        self.assertEqual(self.changes([("f", "f", "/a/src/f.c", 1)], [("f", "f", "/b/src/f.c", 2)]),
                         [(1, 2)])

    def test_another_file(self):
        self.assertEqual(self.changes([("f", "f", "f.c", 1)], [("f", "f", "g.c", 2)]), [(1, 2)])

    def test_static_functions_of_one_name_go_by_the_end_of_their_paths(self):
        self.assertEqual(
            self.changes([("init", "init", "/one/net/util.c", 1),
                          ("init", "init", "/one/disk/util.c", 2),
                          ("init", "init", "/one/main.c", 3)],
                         [("init", "init", "/two/disk/util.c", 12),
                          ("init", "init", "/two/main.c", 13),
                          ("init", "init", "/two/net/util.c", 11)]),
            [(1, 11), (2, 12), (3, 13)])

    def test_what_is_in_the_same_file_goes_first(self):
        self.assertEqual(self.changes([("f", "f", "x/f.c", 1), ("f", "f", "f.c", 2)],
                                      [("f", "f", "f.c", 12), ("f", "f", "y/f.c", 11)]),
                         [(1, 11), (2, 12)])

    def test_part_of_a_file_name_is_no_likeness(self):
        self.assertEqual(self.changes([("f", "f", "a/xf.c", 1), ("f", "f", "b/f.c", 2)],
                                      [("f", "f", "c/f.c", 12), ("f", "f", "d/yf.c", 11)]),
                         [(1, 11), (2, 12)])

    def test_a_file_without_directory(self):
        self.assertEqual(self.changes([("f", "f", "f.c", 1)],
                                      [("f", "f", "src/f.c", 11), ("f", "f", "xf.c", 12)]),
                         [(0, 12), (1, 11)])

    def test_the_nearer_one_is_the_same(self):
        self.assertEqual(self.changes([("f", "f", "a/f.c", 1), ("f", "f", "b/src/f.c", 2)],
                                      [("f", "f", "c/src/f.c", 12)]),
                         [(1, 0), (2, 12)])
        self.assertEqual(self.changes([("f", "f", "a/f.c", 1), ("f", "f", "b/f.c", 2)],
                                      [("f", "f", "c/f.c", 3)]),
                         [(0, 3), (1, 0), (2, 0)])

    def test_what_cannot_be_told_is_added_and_vanished(self):
        self.assertEqual(self.changes([("f", "f", "a.c", 1), ("f", "f", "b.c", 2)],
                                      [("f", "f", "c.c", 3), ("f", "f", "d.c", 4)]),
                         [(0, 3), (0, 4), (1, 0), (2, 0)])

    def test_functions_of_other_names_are_not_the_same(self):
        self.assertEqual(self.changes([("f", "f", "f.c", 1)], [("g", "g", "f.c", 2)]),
                         [(0, 2), (1, 0)])


class Refused(Diff):
    def test_other_kinds(self):
        heap_profiles.newer(self.directory)
        message = self.run_wrong("diff", "feed.tally", "newer.tally/heap.pb.gz")
        self.assertIn("newer.tally/heap.pb.gz: has no sample type 'wall'; it has alloc_objects",
                      message)
        message = self.run_wrong("diff", "feed.tally/heap.pb.gz", "newer.tally/calls.pb.gz")
        self.assertIn("newer.tally/calls.pb.gz: has no sample type 'inuse_space'; it has calls",
                      message)

    def test_without_the_type(self):
        heap_profiles.newer(self.directory)
        self.assertIn("feed.tally: has no profile with the sample type 'cpu'; ",
                      self.run_wrong("diff", "feed.tally", "newer.tally", "--sample=cpu"))
        self.assertIn("newer.tally: has no profile with the sample type 'peak_space'; ",
                      self.run_wrong("diff", "feed.tally", "newer.tally", "--sample=peak_space"))

    def test_other_units(self):
        self.write("old.pb", ("f", "f", "", 1), types=[("wall", "nanoseconds")])
        self.write("new.pb", ("f", "f", "", 1), types=[("wall", "microseconds")])
        self.assertEqual(self.run_wrong("diff", "old.pb", "new.pb"),
                         "tally: new.pb: has wall in microseconds, old.pb has it in nanoseconds: "
                         "that cannot be compared\n")

    def test_unreadable(self):
        profiles.shop(self.directory)
        self.assertIn("tally: nowhere: ", self.run_wrong("diff", "nowhere", "shop.tally"))
        self.assertIn("tally: nowhere: ", self.run_wrong("diff", "shop.tally", "nowhere"))


class Choosing(Diff):
    def test_the_value_is_the_default_of_old(self):
        heap_profiles.feed(self.directory)
        (self.directory / "counts").mkdir()
        heap_profiles.counts(self.directory / "counts")
        made = json.loads(self.run_ok("diff", "--json", "counts/feed.tally/heap.pb.gz",
                                      "feed.tally"))
        self.assertEqual((made["measures"][0]["sample_type"], made["new"][0]["file"]),
                         ("alloc_space", "feed.tally/heap.pb.gz"))

    def test_new_alone_is_compared_with_the_run_before(self):
        profiles.shop(self.directory)
        (self.directory / "shop.tally.old").mkdir()
        profiles.shop_profile(scale=2).write(self.directory / "shop.tally.old/calls.pb.gz")
        row, *_ = self.rows("--sample=calls", "shop.tally")
        self.assertEqual(row["change"], {"self": -7_049_155})

    def test_profile(self):
        target = heap_profiles.newer(self.directory)
        shutil.copy(self.directory / "feed.tally/sizes.pb.gz", target)
        total = self.measure("feed.tally", target, "--profile=sizes")["total"]
        self.assertEqual((total["old"]["self"], total["new"]["self"]), (1_005, 1_005))


if __name__ == "__main__":
    unittest.main()
