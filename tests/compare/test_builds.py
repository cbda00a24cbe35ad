#!/usr/bin/env python3
"""Builds of one program do not differ: at all levels, by clangs and by gcc.

Each build is compared with one of clang's, by function and by edge. There must be no row, no
function paired by mere likeness, and nothing else than what docs/exactness.md says compilers drop
or make: each kind of that has a name here, and a program has none that is not listed with it.
"""

import pathlib
import re
import shutil
import tempfile
import unittest

import comparing  # which finds the end-to-end tests' modules
import run_programs
import toolchain
from comparing import HERE, Mode, diff, each

# What each compiler does its own way, by names of functions.
OWN_WAYS = {
    "casts": r"std::(move|forward|__addressof)<.*>",  # clang from 15, g++ from -O1 on
    "placement": r"operator new",                      # no call to clang
    "conversions": r".*::operator int \(\*\)\(int\)",  # of lambdas to pointers: g++ has them at -O0
    "constants": r"(.*::)?(\w+)::\2",                 # implicit constructors that g++ folds
    "gnu_inline": r"old_inline",                      # no hooks
    # Functions that run the initialisers of a file.
    "startup": r"_GLOBAL_.*|__cxx_global_var_init.*|__static_initialization_and_destruction_0",
}

BETWEEN_CLANGS = {"casts"}
PROGRAMS = {
    "clones.c": ("gnu_inline",), "inlined.c": (), "linkage.c": (), "same_name.c": (), "small.c": (),
    "tail_loop.c": (), "mutual.c": (), "names.cpp": (), "generic.cpp": ("casts", "conversions"),
    "classes.cpp": ("constants", "startup"), "objects.cpp": ("placement", "constants"),
    "lambdas.cpp": ("casts", "placement", "conversions"),
}


def program(name):
    own = HERE / "programs" / name
    return run_programs.Program(own if own.exists() else toolchain.PROGRAMS / name)


def modes():
    newest, oldest = comparing.newest_clang(), comparing.oldest_clang()
    made = [Mode("plugin", newest, level) for level in ("O2", "O0", "O3")]
    made += [Mode("plugin", oldest, level) for level in ("O0", "O2") if oldest != newest]
    if shutil.which("gcc"):
        made += [Mode("hooks", "gcc", level) for level in ("O0", "O2", "O3", "Os")]
    return made


def is_own_way(row, kinds):
    """Whether the row is of a function, or of calls by one, that compilers treat in their own ways."""
    names = [row["name"]] + ([row["caller"]["name"]] if row.get("caller") else [])
    return any(re.fullmatch(OWN_WAYS[kind], name) for kind in kinds for name in names)


class Builds(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="tally compare ")
        self.addCleanup(directory.cleanup)
        self.here = pathlib.Path(directory.name)

    def build(self, which, mode):
        where = self.here / which.path.stem / str(mode)
        which.build(mode, where)
        return comparing.counted_run([where / which.path.stem], where)

    def differences(self, old, new, kinds, *arguments):
        rows, renamed = diff(old, new, *arguments)
        lines = [f'{row["name"]} by {(row.get("caller") or row)["name"]}: {row["old"]["self"]} -> '
                 f'{row["new"]["self"]}' for row in rows if not is_own_way(row, kinds)]
        return lines + [f'{row["old_name"]} renamed? {row["name"]}' for row in renamed]

    def compare(self, which, builds, kinds_of):
        first, *others = builds
        for mode in others:
            for arguments in ((), ("--edges",)):
                with self.subTest(program=which.path.name, build=str(mode), arguments=arguments):
                    self.assertEqual(self.differences(builds[first], builds[mode],
                                                      kinds_of(first, mode), *arguments), [])

    def test_of_one_program(self):
        for name, kinds in PROGRAMS.items():
            which = program(name)

            def kinds_of(old, new, kinds=kinds):
                if old.compiler == new.compiler:
                    return ()
                return kinds if new.kind == "hooks" else BETWEEN_CLANGS & set(kinds)

            self.compare(which, each(lambda mode, which=which: self.build(which, mode), modes()),
                         kinds_of)

    @unittest.skipUnless(shutil.which("gcc"), "no gcc")
    def test_of_gcc_at_all_levels(self):
        """Also nested functions, which are gcc's alone."""
        levels = [mode for mode in modes() if mode.kind == "hooks"]
        for name in ("nested.c", "clones.c", "generic.cpp", "lambdas.cpp", "names.cpp"):
            which = program(name)
            self.compare(which, each(lambda mode, which=which: self.build(which, mode), levels),
                         lambda old, new: ("casts", "conversions", "gnu_inline"))

    def test_that_a_difference_would_be_seen(self):
        one, other = (self.build(program(name), modes()[0]) for name in ("mutual.c", "small.c"))
        self.assertNotEqual(self.differences(one, other, OWN_WAYS), [])


if __name__ == "__main__":
    comparing.main()
