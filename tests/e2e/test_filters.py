"""What the plugin is told to leave out: by pattern, by file; and what it does not understand."""

import subprocess

import scripted
import toolchain
from scripted import ScriptedTest, each_clang
from toolchain import PROGRAMS


class Filters(ScriptedTest):
    def compile(self, *options, sources=("same_name.c", "same_name_other.c"), check=True):
        """Compiles with plugin options KEY=VALUE; what the compiler says."""
        arguments = [f"-fplugin-arg-tally-{option}" for option in options]
        self.program = self.here / "filtered"
        words = [self.mode.driver(sources[0].endswith("pp")), *self.mode.flags(), *arguments,
                 *(PROGRAMS / s for s in sources), "-o", self.program, *self.mode.libraries()]
        done = subprocess.run([str(word) for word in words], capture_output=True, text=True,
                              check=False, timeout=toolchain.TIMEOUT_S)
        if check:
            self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done

    def expect_filtered(self, options, *expected):
        with self.subTest(options=options):
            self.compile(*options)
            self.assertEqual(self.run_well(self.program).stdout, "9 70\n")
            self.expect("filtered.tally", *expected)

    @each_clang
    def test_exclude(self):
        self.expect_filtered(["exclude=helper"], "calls main 1", "calls first 1", "calls second 1",
                             "calls helper 0")
        self.expect_filtered(["exclude=*r*"], "calls main 1", "calls first 0", "calls helper 0",
                             "calls second 1")
        self.expect_filtered(["exclude=helper", "exclude=main"], "calls main 0", "calls first 1",
                             "calls helper 0")

    @each_clang
    def test_include(self):
        self.expect_filtered(["include=helper"], "calls helper 8", "calls main 0", "calls first 0",
                             "calls second 0")
        self.expect_filtered(["include=first", "include=second"], "calls first 1",
                             "calls second 1", "calls helper 0", "calls main 0")

    @each_clang
    def test_exclusion_wins(self):
        self.expect_filtered(["include=*", "exclude=helper"], "calls helper 0", "calls main 1")

    @each_clang
    def test_files(self):
        self.expect_filtered(["exclude-file=same_name_other.c"], "calls helper 3", "calls first 1",
                             "calls second 0")
        self.expect_filtered(["include-file=same_name_other.c"], "calls helper 5", "calls second 1",
                             "calls first 0", "calls main 0")
        self.expect_filtered([f"exclude-file={PROGRAMS}/*_other.c"], "calls helper 3")
        self.expect_filtered(["exclude-file=*/programs/same_name.c"], "calls helper 5")

    @each_clang
    def test_cxx_names(self):
        """Patterns are of names without parameters, or of linkage names."""
        self.compile("exclude=shapes::*", "exclude=_ZL10overloadedPKc", sources=["classes.cpp"])
        self.run_well(self.program)
        self.expect("filtered.tally", "calls shapes::Square::area 0", "calls total 1",
                    "calls overloaded 2")

    @each_clang
    def test_options_are_recorded(self):
        self.compile("exclude=helper", "include=*")
        self.run_well(self.program)
        _, run_json = self.read("filtered.tally")
        self.assertEqual({unit["options"] for unit in run_json["units"]},
                         {"exclude=helper include=*"})

    @each_clang
    def test_everything_left_out(self):
        self.compile("exclude=*")
        ran = self.start(self.program)
        self.assertEqual((ran.status, ran.stdout), (0, "9 70\n"))
        self.assertEqual(self.profiles(), [])

    @each_clang
    def test_what_is_not_understood(self):
        for option, *words in (("exclud=x", "exclud", "exclude"), ("exclude", "exclude", "GLOB"),
                               ("exclude=", "exclude", "GLOB"), ("include=[", "include=["),
                               ("level=3", "level")):
            with self.subTest(option=option):
                done = self.compile(option, check=False)
                self.assertNotEqual(done.returncode, 0)
                for word in ("error: tally: ", *words):
                    self.assertIn(word, done.stderr)
                self.assertFalse(self.program.exists())


if __name__ == "__main__":
    scripted.main()
