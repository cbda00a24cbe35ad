"""Profiles made to do harm: each is refused by one line, within little memory, by every command;
and profiles that are as large or as odd as they may be are shown."""

import gzip
import json
import unittest

import hostile
from harness import TALLY, Case, run

# Address space, most of it the command's own. The largest file below is 17 MiB, and what a
# compressed one may expand to is 16 MiB and 128 times its size.
MOST_MEMORY = 160 << 20


def limited():
    with open(TALLY, "rb") as file:
        if b"__asan_init" in file.read():
            return []  # AddressSanitizer maps terabytes
    return ["prlimit", f"--as={MOST_MEMORY}"]


LIMITED = limited()


class Refused(Case):
    FEW = [["top", "{}"], ["diff", "{}", "good.pb"], ["diff", "good.pb", "{}"]]
    ALL = FEW + [["tree", "{}"], ["list", ".", "{}"], ["leaks", "{}"], ["info", "{}"],
                 ["check", "--baseline", "{}", "good.pb"], ["check", "--baseline", "good.pb", "{}"],
                 ["convert", "--to=json", "{}"], ["convert", "{}", "-o", "out.pb.gz"],
                 ["symbolize", "{}"], ["merge", "out.pb.gz", "{}", "good.pb"],
                 ["merge", "out.pb.gz", "good.pb", "{}"]]

    def refuse(self, name, commands):
        make, words = hostile.FILES[name]
        (self.directory / "good.pb").write_bytes(hostile.good())
        (self.directory / name).write_bytes(make())
        for command in commands:
            with self.subTest(name, command=command):
                line = self.run_wrong(*[word.format(name) for word in command], within=LIMITED)
                self.assertTrue(line.startswith(f"tally: {name}: "), line)
                self.assertIn(words, line)
        self.assertFalse((self.directory / "out.pb.gz").exists())

    def test_each(self):
        for name in hostile.FILES:
            self.refuse(name, self.FEW)

    def test_by_each_command(self):
        for name in ("gzip-bomb-of-samples", "dangling-location", "deep-by-inlining"):
            self.refuse(name, self.ALL)


class Shown(Case):
    def show(self, data, *arguments, **options):
        (self.directory / "odd.pb").write_bytes(data)
        return self.run_ok(*arguments, "odd.pb", **options)

    def test_numbers_at_their_limits(self):
        data = hostile.odd_numbers()
        table = self.show(data, "top", "--sample=calls", "--raw")
        self.assertIn(f"{3 * (2**63 - 1) - 1} ", table, "all calls, exactly")
        table = self.show(data, "top", "--raw")
        self.assertIn("-2 ", table.splitlines()[-1], "2 (2^63 - 1) - 2^64")
        for command in (["tree"], ["tree", "--lines"], ["list", "edge"], ["info"],
                        ["convert", "--to=folded"]):
            self.assertTrue(self.show(data, *command))
        for command in (["top"], ["tree"], ["list", "edge"], ["info"]):
            shown = run(*command, "--json", "odd.pb", cwd=self.directory)
            self.assertEqual(shown.returncode, 0)
            self.assertEqual(b"cut off" in shown.stderr, "saturated" in json.loads(shown.stdout))
        locations = json.loads(self.show(data, "convert", "--to=json"))["locations"]
        self.assertEqual({l["lines"][0]["line"] for l in locations}, {2**63 - 1, -(2**63)})
        self.assertTrue(self.show(data, "diff", "odd.pb"))

    def test_lines_beyond_a_source(self):
        (self.directory / "edge.c").write_text("int edge;\n")
        self.assertIn("edge", self.show(hostile.odd_numbers(), "list", "edge"))
        self.assertIn("edge", self.show(hostile.odd_numbers(), "report", "--json"))

    def test_as_deep_as_may_be(self):
        data = gzip.compress(hostile.as_deep_as_may_be())
        for command in (["top"], ["tree", "--min=0"], ["tree", "--lines", "--bottom-up"],
                        ["list", "."], ["convert", "--to=folded"], ["info"]):
            self.assertLess(len(self.show(data, *command)), 64 << 20)
        (self.directory / "good.pb").write_bytes(hostile.good())
        for command in (["diff", "good.pb"], ["diff", "--paths", "good.pb"]):
            self.assertLess(len(self.show(data, *command)), 64 << 20)
        rows = json.loads(self.show(data, "tree", "--json"))["contexts"]
        self.assertEqual(max(row["depth"] for row in rows), 262_144)

    def test_json_takes_no_more_memory_than_the_profile(self):
        shown = self.show(hostile.many_samples(), "convert", "--to=json", within=LIMITED)
        self.assertEqual(len(json.loads(shown)["samples"]), 63**3)

    def test_strings_that_are_not_used(self):
        self.assertIn("total", self.show(hostile.empty_strings(1_000_000), "top", within=LIMITED))


if __name__ == "__main__":
    unittest.main()
