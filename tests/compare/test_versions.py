#!/usr/bin/env python3
"""Two versions of a program differ in what was changed and in nothing else, whichever compiler and
level either was built by.
"""

import itertools
import os
import pathlib
import shutil
import tempfile
import unittest

import comparing  # which finds the end-to-end tests' modules
import toolchain
from comparing import HERE, Mode, diff, each

SOURCES = [HERE / "programs/versions.cpp", HERE / "programs/versions_other.cpp"]
# Function of the newer version, or of the older if that alone has it: calls in both; and those of
# each pair of caller and callee. Names of lambdas are the compilers' own: they are shown by line.
ADDED_LAMBDA = "lambda of lambdas"
FUNCTIONS = {
    "area (double)": (0, 1), "only_in_new": (0, 3), "only_in_old": (1, 0),
    "helper versions.cpp": (47, 48), ADDED_LAMBDA: (0, 2),
    "apply<>": (0, 1), "apply<int (*)(int)>": (0, 1),
}
EDGES = {
    "main area (double)": (0, 1), "apply<int (*)(int)> only_in_new": (0, 3),
    "main only_in_old": (1, 0), "main helper versions.cpp": (0, 1),
    f"apply<> {ADDED_LAMBDA}": (0, 2), "lambdas apply<>": (0, 1),
    "main apply<int (*)(int)>": (0, 1),
}


def modes():
    made = [Mode("plugin", comparing.newest_clang(), "O2"),
            Mode("plugin", comparing.oldest_clang(), "O0"),
            Mode("plugin", comparing.newest_clang(), "O3")]
    if shutil.which("gcc"):
        made += [Mode("hooks", "gcc", "O0"), Mode("hooks", "gcc", "O2")]
    return made


def plain_name(function):
    """What all builds call it."""
    name, linkage = function["name"], function["system_name"]
    if "operator()" in name:
        return f"lambda of {name.split('(')[0].split(':')[0]}"
    if name.startswith("apply<"):
        return "apply<int (*)(int)>" if "(*)" in name else "apply<>"
    if name == "helper":
        return f"helper {os.path.basename(function['file'])}"
    return "area (double)" if linkage == "_ZL4aread" else name


class Versions(unittest.TestCase):
    maxDiff = None

    def build(self, version_and_mode):
        version, mode = version_and_mode
        where = self.here / f"{version} {mode}"
        where.mkdir()
        flags = ["-std=c++17", *(["-DNEWER"] if version == "newer" else [])]
        toolchain.compile_program(mode, SOURCES, where / "versions", flags)
        return comparing.counted_run([where / "versions"], where)

    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="tally compare ")
        self.addCleanup(directory.cleanup)
        self.here = pathlib.Path(directory.name)
        self.builds = each(self.build, list(itertools.product(("older", "newer"), modes())))

    def changes(self, rows):
        """{"caller function" or "function": calls in both}"""
        return {" ".join(plain_name(function) for function in (row.get("caller"), row) if function):
                (row["old"]["self"], row["new"]["self"]) for row in rows}

    def test_by_all_compilers(self):
        for before, after in itertools.product(modes(), modes()):
            with self.subTest(older=str(before), newer=str(after)):
                old, new = self.builds["older", before], self.builds["newer", after]
                rows, renamed = diff(old, new)
                self.assertEqual(self.changes(rows), FUNCTIONS)
                self.assertEqual([(row["old_name"], row["name"]) for row in renamed],
                                 [("load_page", "fetch_and_check")])
                self.assertTrue(60 <= renamed[0]["score"] <= 100, renamed[0]["score"])
                self.assertEqual(self.changes(diff(old, new, "--edges")[0]), EDGES)

    def test_renamed_is_said(self):
        old, new = (self.builds[version, modes()[0]] for version in ("older", "newer"))
        shown = toolchain.command([toolchain.BUILD / "bin/tally", "diff", "--sample=calls", old,
                                   new]).stdout
        self.assertRegex(shown, r"load_page.*fetch_and_check|fetch_and_check.*load_page")
        self.assertIn("renamed?", shown)

    def test_backwards(self):
        """What was added then vanishes, and the other way round."""
        old, new = (self.builds[version, modes()[0]] for version in ("older", "newer"))
        self.assertEqual(self.changes(diff(new, old)[0]),
                         {name: (after, before) for name, (before, after) in FUNCTIONS.items()})


if __name__ == "__main__":
    comparing.main()
