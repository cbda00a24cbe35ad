#!/usr/bin/env python3
"""What tally-cc adds to which command line, and what it leaves alone."""

import tempfile
import unittest

from fakes import World


class Arguments(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="tally wrapper ")
        self.addCleanup(directory.cleanup)
        self.world = World(directory.name)
        self.gcc = {"TALLY_CC": "gcc"}

    # The three things that may be added.
    def compile_part(self):
        return [f"-fplugin={self.world.plugin(16)}", "-Xclang",
                "-mno-constructor-aliases"] + self.include_part()

    def include_part(self):
        return ["-idirafter", f"{self.world.prefix}/include"]

    def link_part(self):
        lib = str(self.world.lib)
        return [f"-L{lib}", "-ltally", "-Xlinker", "-rpath", "-Xlinker", lib]

    def expect(self, arguments, before=(), after=(), **options):
        """The arguments arrive whole and in order, with `before` and `after` around them."""
        self.assertEqual(self.world.run(*arguments, **options)[1:], [*before, *arguments, *after])

    def write(self, name, text):
        (self.world.work / name).write_text(text)

    # ---- compile, link, both ----

    def test_compile(self):
        for arguments in (["-c", "a.c"], ["-S", "a.c"], ["-O2", "-c", "-o", "x/a.o", "a.cc"],
                          ["-c", "a.i"], ["a.cpp", "-c"], ["-c", "-MD", "-MF", "a.d", "a.C"],
                          ["-xc", "-c", "a.inc"], ["-x", "c++", "-c", "a"], ["-c", "-emit-llvm", "a.m"],
                          ["--language=c", "-c", "a.t"], ["--language", "c", "-c", "a.t"],
                          ["-c", "-r", "a.c"], ["-c", "dir/a.b.c"], ["-c", "a.s", "b.c"]):
            with self.subTest(arguments):
                self.expect(arguments, self.compile_part())

    def test_link(self):
        for arguments in (["a.o"], ["a.o", "-o", "app"], ["-shared", "-o", "liba.so", "a.o"],
                          ["a.s"], ["a.S", "b.o"], ["liba.a", "-lm"], ["-lapp"], ["-l", "app"],
                          ["-x", "assembler", "a.c"], ["-nostdlib", "-shared", "a.o"],
                          ["-static-libgcc", "a.o"], ["libb.so.1"], ["-v", "a.o"], ["app.ll"]):
            with self.subTest(arguments):
                self.expect(arguments, after=self.link_part())

    def test_compile_and_link(self):
        for arguments in (["a.c"], ["-o", "app", "a.c", "b.o"], ["-xc", "-", "-o", "app"],
                          ["-fPIC", "-shared", "a.c"], ["a.o", "-x", "c", "b", "-x", "none", "c.o"],
                          ["-###", "a.c"], ["-pipe", "conftest.c", "-lm"]):
            with self.subTest(arguments):
                self.expect(arguments, self.compile_part(), self.link_part())

    def test_static_link(self):
        for flag in ("-static", "--static", "-static-pie"):
            with self.subTest(flag):
                got = self.world.run(flag, "a.o")[1:]
                self.assertEqual(got[:4], [flag, "a.o", f"-L{self.world.lib}", "-ltally"])
                self.assertIn("-Wl,--wrap=malloc", got)
                self.assertIn("-Wl,--wrap=_Znwm", got)
                self.assertNotIn("-rpath", got)

    # ---- nothing to instrument, or nothing at all ----

    def test_read_only(self):
        for arguments in (["-E", "a.c"], ["-M", "a.c"], ["-MM", "a.c"], ["-fsyntax-only", "a.c"],
                          ["-E", "-"], ["-E", "-dM", "-x", "c", "/dev/null"], ["a.h"],
                          ["-c", "-x", "c-header", "a.c"], ["-E", "-c", "a.c"],
                          ["--analyze", "a.c"]):
            with self.subTest(arguments):
                self.expect(arguments, self.include_part())

    def test_untouched(self):
        for arguments in ([], ["-v"], ["-###"], ["--version"], ["-dumpversion"], ["-dumpmachine"],
                          ["--help"], ["--help=warnings"], ["-print-search-dirs"],
                          ["-print-file-name=libc.so", "a.c"], ["--print-prog-name", "ld"],
                          ["--version", "a.c"], ["-c", "a.s"], ["-c", "a.S"], ["-r", "a.o", "b.o"],
                          ["-c", "-x", "assembler-with-cpp", "a.c"], ["-o", "a.c"], ["-Wl,--version"],
                          ["-cc1", "-emit-obj", "a.c"], ["-E", "a.S"]):
            with self.subTest(arguments):
                self.expect(arguments)

    def test_values_are_no_inputs(self):
        for option in ("-o", "-I", "-D", "-include", "-isystem", "-MF", "-MT", "-Xlinker", "-T",
                       "-Xclang", "-mllvm", "--param", "--sysroot", "-idirafter", "-L", "-u", "-z"):
            with self.subTest(option):
                self.expect([option, "value.c"])
                self.expect([option, "-c", "a.o"], after=self.link_part())

    def test_odd_names(self):
        self.expect(["-c", "a b.c", "-o", "it's\n\"a\".o", ""], self.compile_part())
        self.expect(["-DX=a b.c", "-c", "$(x) *.c"], self.compile_part())

    # ---- response files ----

    def test_response_files(self):
        self.write("compile", "-c -O2\n'a b.c' -DX=\"c d\"")
        self.write("nested", "@compile -o\tb.o")
        self.write("objects", "a.o b\\ c.o")
        self.expect(["@compile"], self.compile_part())
        self.expect(["@nested", "-g"], self.compile_part())
        self.expect(["-o", "app", "@objects"], after=self.link_part())
        self.expect(["-o", "b.o", "@compile"], self.compile_part())
        self.expect(["@not-there"], after=self.link_part())

    def test_plugin_option_in_response_file(self):
        self.write("flags", "-fplugin-arg-tally-exclude=x 'a b.o' \"c\\\"d.o\"")
        self.assertEqual(self.world.run("@flags", "e.o")[1:],
                         ["a b.o", "c\"d.o", "e.o", *self.link_part()])

    def test_endless_response_file(self):
        self.write("loop", "@loop")
        self.assertIn("response files", self.world.fail("@loop"))

    # ---- options of the plugin ----

    def test_plugin_options(self):
        option = "-fplugin-arg-tally-exclude=x*"
        self.expect([option, "-c", "a.c"], self.compile_part())
        self.expect(["-fplugin-arg-tally-timing=off", "-c", "a.c"], self.compile_part())
        self.expect(["a.c", option], self.compile_part(), self.link_part())
        self.assertEqual(self.world.run("a.o", option, "b.o")[1:],
                         ["a.o", "b.o", *self.link_part()])
        self.assertEqual(self.world.run(option, "-c", "a.s")[1:], ["-c", "a.s"])

    def test_plugin_given_by_hand(self):
        for flag in ("-fplugin=/x/tally.so", "-fpass-plugin=tally.so"):
            self.expect([flag, "-c", "a.c"], self.include_part())
        self.expect(["-fplugin=/x/other.so", "-c", "a.c"], self.compile_part())

    def test_dashes(self):
        self.assertEqual(self.world.run("-o", "app", "--", "a.c", "-b.c")[1:],
                         [*self.compile_part(), "-o", "app", "a.c", "./-b.c", *self.link_part()])

    # ---- gcc ----

    def test_gcc(self):
        instrument = ["-finstrument-functions", *self.include_part()]
        self.expect(["-c", "a.c"], instrument, environment=self.gcc)
        self.expect(["a.c"], instrument, self.link_part(), environment=self.gcc)
        self.expect(["a.o"], after=self.link_part(), environment=self.gcc)
        self.expect(["-c", "a.s"], environment=self.gcc)
        self.expect(["-E", "a.c"], self.include_part(), environment=self.gcc)

    def test_gcc_filters(self):
        got = self.world.run("-c", "-fplugin-arg-tally-exclude=*hot*", "a.c",
                             "-fplugin-arg-tally-exclude=f(int, int)",
                             "-fplugin-arg-tally-exclude-file=third_party/", environment=self.gcc)
        self.assertEqual(got[1:], [
            "-finstrument-functions",
            "-finstrument-functions-exclude-function-list=hot",
            "-finstrument-functions-exclude-function-list=f(int\\, int)",
            "-finstrument-functions-exclude-file-list=third_party/",
            *self.include_part(), "-c", "a.c"])
        self.assertEqual(self.world.run("-fplugin-arg-tally-exclude=x", "a.o",
                                        environment=self.gcc)[1:], ["a.o", *self.link_part()])

    def test_gcc_refuses_other_options(self):
        for option in ("include=x", "exclude=a*b", "exclude=x*", "exclude=", "exclude=[ab]",
                       "verbose", "timing=off", "exclude-file=*.h"):
            with self.subTest(option):
                message = self.world.fail("-c", "a.c", f"-fplugin-arg-tally-{option}",
                                          environment=self.gcc)
                self.assertIn(option, message)
                self.assertIn("gcc", message)

    # ---- its own options ----

    def test_show(self):
        process = self.world.start("--tally-show", "-c", "a b.c", "-DX='y'")
        self.assertEqual(process.returncode, 0)
        self.assertFalse(self.world.record.exists())
        self.assertTrue(process.stdout.startswith("clang-16 '-fplugin="), process.stdout)
        self.assertTrue(process.stdout.endswith(" -c 'a b.c' '-DX='\\''y'\\'''\n"), process.stdout)

    def test_help_and_unknown(self):
        process = self.world.start("--tally-help")
        self.assertEqual((process.returncode, process.stderr), (0, ""))
        self.assertIn("TALLY_CC", process.stdout)
        self.assertIn("--tally-shwo", self.world.fail("--tally-shwo"))

    def test_status_is_the_compilers(self):
        process = self.world.start("-c", "a.c", environment={"FAKE_STATUS": "77"})
        self.assertEqual(process.returncode, 77)


if __name__ == "__main__":
    unittest.main()
