#!/usr/bin/env python3
"""SQLite against itself with one function slowed and one call added: exactly those show."""

import json
import pathlib
import tempfile
import unittest

import debian  # which finds the other tests' modules
import comparing
import toolchain
from comparing import Mode, diff, each

RECIPE = debian.recipe_or_skip("sqlite")
ADDED_CALL = ("static int moveToChild(BtCursor *pCur, u32 newPgno){\n",
              "static int moveToChild(BtCursor *pCur, u32 newPgno){\n"
              "  static const u8 zero[4]; (void)sqlite3Get4byte(zero);\n")
SLOWED = "insertCell"
LAST_VARIABLE = "  u8 *pIns;         /* The point in pPage->aCellIdx[] where no cell inserted */\n"
SLOWER = (LAST_VARIABLE,
          LAST_VARIABLE + "  { volatile int spent; for(spent=0; spent<20000; spent++){} }\n")
RUN = ("--size", "5", "--memdb")


def changed_source():
    amalgamation = RECIPE.sources[-1]
    return {amalgamation: debian.changed(amalgamation.read_text(), ADDED_CALL, SLOWER)}


class Sqlite(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        directory = tempfile.TemporaryDirectory(prefix="tally compare ")
        cls.addClassCleanup(directory.cleanup)
        cls.here = pathlib.Path(directory.name)
        newest = Mode("plugin", comparing.newest_clang(), "O0")
        oldest = Mode("plugin", comparing.oldest_clang(), "O0")
        cls.newest = newest
        cls.programs = each(cls.build, dict.fromkeys(  # oldest and newest may be one
            [("plain", newest), ("changed", newest), ("plain", oldest)]))

    @classmethod
    def build(cls, version):
        name, mode = version
        return debian.build(RECIPE, mode, cls.here / f"{name} {mode}",
                            changed_source() if name == "changed" else None)

    def run_of(self, program, timing):
        out = self.here / f"{program.parent.name} {timing}.tally"
        ran = toolchain.run([program, *RUN], self.here,
                            {"TALLY_OPTIONS": f"timing={timing}:out={out}"})
        self.assertEqual(ran.status, 0, ran.stderr)
        return out

    def test_exactly_the_added_call(self):
        new = self.run_of(self.programs["changed", self.newest], "off")
        for version in self.programs:
            if version[0] != "plain":
                continue
            with self.subTest(plain=str(version[1])):
                old = self.run_of(self.programs[version], "off")
                rows, renamed = diff(old, new)
                edges, _ = diff(old, new, "--edges")
                self.assertEqual(([row["name"] for row in rows], renamed), (["sqlite3Get4byte"], []))
                edge, = edges
                self.assertEqual((edge["caller"]["name"], edge["name"]),
                                 ("moveToChild", "sqlite3Get4byte"))
                self.assertEqual((edge["in_old"], edge["in_new"]), (False, True))
                moved = self.calls_of(new, "moveToChild")
                self.assertEqual(edge["new"]["self"], moved)
                self.assertEqual(rows[0]["change"]["self"], moved)

    def calls_of(self, profile, function):
        done = toolchain.command([toolchain.BUILD / "bin/tally", "top", "--json", "-n0",
                                  "--sample=calls", profile])
        return next(row["calls"] for row in json.loads(done.stdout)["functions"]
                    if row["name"] == function)

    def test_the_slowed_function_changes_most(self):
        old, new = (self.run_of(self.programs[version, self.newest], "exact")
                    for version in ("plain", "changed"))
        done = toolchain.command([toolchain.BUILD / "bin/tally", "diff", "--json",
                                  "--sample=wall", old, new])
        first = json.loads(done.stdout)["measures"][0]["rows"][0]
        self.assertEqual(first["name"], SLOWED)
        self.assertGreater(first["change"]["self"], 0)


if __name__ == "__main__":
    comparing.main()
