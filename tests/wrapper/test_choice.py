#!/usr/bin/env python3
"""Which compiler tally-cc becomes, and what it says when there is none."""

import os
import tempfile
import unittest

from fakes import CLANG, GCC, World


class Choice(unittest.TestCase):
    def world(self, **options):
        directory = tempfile.TemporaryDirectory(prefix="tally-choice-")
        self.addCleanup(directory.cleanup)
        return World(directory.name, **options)

    def chosen(self, world, **options):
        """Name of the compiler that was run, and the LLVM version of the plugin it was given."""
        arguments = world.run("-c", "a.c", **options)
        plugins = [a for a in arguments if a.startswith("-fplugin=")]
        version = plugins[0].split("/llvm-")[1].split("/")[0] if plugins else None
        return arguments[0], version

    # ---- by itself ----

    def test_newest_with_a_plugin(self):
        world = self.world(plugins=[9, 14, 16], compilers={
            f"clang-{v}": CLANG(v) for v in (9, 14, 16, 19)})
        self.assertEqual(self.chosen(world), ("clang-16", "16"))
        world.plugin(16).unlink()
        self.assertEqual(self.chosen(world), ("clang-14", "14"))
        world.plugin(14).unlink()
        self.assertEqual(self.chosen(world), ("clang-9", "9"))

    def test_plain_clang_when_no_numbered_one(self):
        world = self.world(compilers={"clang": CLANG(14), "gcc": GCC(12)})
        self.assertEqual(self.chosen(world), ("clang", "14"))

    def test_cxx(self):
        world = self.world(compilers={"clang-14": CLANG(14), "clang++-14": CLANG(14)})
        self.assertEqual(self.chosen(world, program="tally-c++"), ("clang++-14", "14"))

    def test_cxx_by_clang_itself(self):
        world = self.world(compilers={"clang-14": CLANG(14)})
        got = world.run("-c", "a.cc", program="tally-c++")
        self.assertEqual(got[:2], ["clang-14", "--driver-mode=g++"])

    def test_called_by_a_link(self):
        world = self.world()
        link = world.work / "tally-cc"
        link.symlink_to(world.prefix / "bin" / "tally-cc")
        moved = world.run("-c", "a.c")
        (world.prefix / "bin" / "tally-c++").unlink()
        (world.prefix / "bin" / "tally-c++").symlink_to("tally-cc")
        world.add_compiler("clang++-16", CLANG(16))
        self.assertEqual(world.run("-c", "a.c", program="tally-c++")[0], "clang++-16")
        self.assertEqual(world.run("-c", "a.c", program="../../work/tally-cc"), moved)

    def test_none(self):
        world = self.world(compilers={"clang-19": CLANG(19), "gcc": GCC(12)})
        message = world.fail("-c", "a.c")
        self.assertIn("14, 16", message)
        self.assertIn("TALLY_CC=gcc", message)
        world = self.world(compilers={"clang": CLANG(19)})
        self.assertIn("clang is clang 19", world.fail("-c", "a.c"))

    def test_no_plugins_at_all(self):
        world = self.world(plugins=[])
        self.assertIn("no compiler plugin", world.fail("-c", "a.c"))
        self.assertEqual(self.chosen(world, environment={"TALLY_CC": "gcc"}), ("gcc", None))

    def test_directories_are_no_compilers(self):
        world = self.world(compilers={"clang-14": CLANG(14)})
        (world.path / "clang-16").mkdir()
        self.assertEqual(self.chosen(world), ("clang-14", "14"))

    # ---- as told ----

    def test_named_clang(self):
        world = self.world(compilers={"clang-16": CLANG(16), "mycc": CLANG(14)})
        self.assertEqual(self.chosen(world, environment={"TALLY_CC": "mycc"}), ("mycc", "14"))
        path = str(world.path / "mycc")
        self.assertEqual(self.chosen(world, environment={"TALLY_CC": path}), ("mycc", "14"))

    def test_named_gcc(self):
        world = self.world(compilers={"clang-16": CLANG(16), "x86_64-linux-gnu-gcc-12": GCC(12)})
        name = "x86_64-linux-gnu-gcc-12"
        got = world.run("-c", "a.c", environment={"TALLY_CC": name})
        self.assertEqual(got[:2], [name, "-finstrument-functions"])

    def test_empty_is_unset(self):
        self.assertEqual(self.chosen(self.world(), environment={"TALLY_CC": ""}),
                         ("clang-16", "16"))

    def test_command_of_two_words(self):
        world = self.world(compilers={"gcc": GCC(12), "ccache": GCC(12)})
        got = world.run("-c", "a.c", environment={"TALLY_CC": "ccache  gcc"})
        self.assertEqual(got[:3], ["ccache", "gcc", "-finstrument-functions"])

    def test_sibling(self):
        compilers = {"clang-14": CLANG(14), "clang++-14": CLANG(14), "clang-16": CLANG(16),
                     "clang++-16": CLANG(16), "gcc-12": GCC(12), "g++-12": GCC(12),
                     "cc": GCC(12), "c++": GCC(12)}
        world = self.world(compilers=compilers)
        for c, cxx in (("clang-14", "clang++-14"), ("gcc-12", "g++-12"), ("cc", "c++")):
            with self.subTest(c):
                self.assertEqual(
                    self.chosen(world, program="tally-c++", environment={"TALLY_CC": c})[0], cxx)
                self.assertEqual(self.chosen(world, environment={"TALLY_CXX": cxx})[0], c)
        both = {"TALLY_CC": "gcc-12", "TALLY_CXX": "clang++-14"}
        self.assertEqual(self.chosen(world, program="tally-c++", environment=both)[0], "clang++-14")
        self.assertEqual(self.chosen(world, environment=both)[0], "gcc-12")

    # ---- as told, wrongly ----

    def test_clang_without_plugin(self):
        world = self.world(compilers={"clang-19": CLANG(19)})
        message = world.fail("-c", "a.c", environment={"TALLY_CC": "clang-19"})
        self.assertIn("clang 19", message)
        self.assertIn("14, 16", message)

    def test_other_program(self):
        world = self.world(compilers={"tcc": "#define __TINYC__ 1\n"})
        self.assertIn("neither clang nor gcc",
                      world.fail("-c", "a.c", environment={"TALLY_CC": "tcc"}))

    def test_missing_program(self):
        message = self.world().fail("-c", "a.c", environment={"TALLY_CC": "no-such-cc"})
        self.assertIn("TALLY_CC: there is no program no-such-cc", message)
        self.assertIn("no program /nowhere/clang", self.world().fail(
            "-c", "a.c", environment={"TALLY_CC": "/nowhere/clang"}))
        self.assertIn("blank", self.world().fail("-c", "a.c", environment={"TALLY_CC": " "}))

    def test_itself(self):
        world = self.world()
        own = str(world.prefix / "bin" / "tally-cc")
        self.assertIn("this wrapper", world.fail("-c", "a.c", environment={"TALLY_CC": own}))
        os.symlink(own, world.path / "cc")
        self.assertIn("this wrapper", world.fail("-c", "a.c", environment={"TALLY_CC": "cc"}))

    def test_no_sibling(self):
        world = self.world(compilers={"mycc": CLANG(14)})
        message = world.fail("a.cc", program="tally-c++", environment={"TALLY_CC": "mycc"})
        self.assertIn("set TALLY_CXX too", message)
        world.add_compiler("my-cc", CLANG(14))
        message = world.fail("a.cc", program="tally-c++", environment={"TALLY_CC": "my-cc"})
        self.assertIn("my-c++", message)


if __name__ == "__main__":
    unittest.main()
