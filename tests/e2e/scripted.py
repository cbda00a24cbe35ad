"""For tests that are more than a program and its known answers: build, run, look, as methods."""

import functools
import pathlib
import sys
import tempfile
import unittest

import expectations
import toolchain

USUAL_KINDS = ("plugin", "hooks")


def each_of(modes):
    """Runs a test method once in each of these modes, self.mode, with a fresh self.here."""

    def decorate(test):
        @functools.wraps(test)
        def run(self):
            for mode in modes():
                with self.subTest(mode=str(mode)):
                    self.mode = mode
                    self.here = self.work / f"{test.__name__} {mode}"
                    self.here.mkdir()
                    test(self)
        return run
    return decorate


def each_mode(*kinds):
    """A few modes of each kind of build."""
    return each_of(lambda: toolchain.modes(kinds or USUAL_KINDS, "few"))


def each_clang(test):
    """Runs a test method once with each clang that has a plugin, with a fresh self.here."""

    @functools.wraps(test)
    def run(self):
        for version in toolchain.llvm_versions():
            with self.subTest(clang=version):
                self.mode = toolchain.Mode("plugin", f"clang-{version}")
                self.here = self.work / f"clang-{version}"
                self.here.mkdir()
                test(self)
    return run


class ScriptedTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        if not toolchain.llvm_versions():
            self.fail("no clang with a plugin for it is installed")
        directory = tempfile.TemporaryDirectory(prefix="tally e2e ")  # a blank must do no harm
        self.addCleanup(directory.cleanup)
        self.here = self.work = pathlib.Path(directory.name)
        self.mode = toolchain.newest()

    def build(self, *sources, name="", extra=(), mode=None, where=None):
        """The program made of these of our programs, or of files given by their whole path."""
        paths = [toolchain.PROGRAMS / source for source in sources]
        output = (where or self.here) / (name or paths[0].stem)
        toolchain.compile_program(mode or self.mode, paths, output, extra)
        return output

    def build_plain(self, *sources, extra=()):
        where = self.here / "plain"
        where.mkdir(exist_ok=True)
        return self.build(*sources, extra=extra, mode=self.mode.plain(), where=where)

    def write(self, name, text):
        path = self.here / name
        path.write_text(text)
        return path

    def start(self, *words, options=None, environment=None, cwd=None, **more):
        """Runs a program in self.here with TALLY_OPTIONS."""
        environment = dict(environment or {})
        if options is not None:
            environment["TALLY_OPTIONS"] = options
        return toolchain.run(words, cwd or self.here, environment, **more)

    def run_well(self, *words, **more):
        """Runs a program that must end with status 0 and say nothing on standard error."""
        ran = self.start(*words, **more)
        self.assertEqual((ran.status, ran.stderr), (0, ""), words)
        return ran

    def read(self, directory):
        """(Comparison, run.json) of a .tally directory."""
        path = directory if isinstance(directory, pathlib.Path) else self.here / directory
        profile, run_json = toolchain.read_profile(path)
        return expectations.Comparison(profile, run_json, "", {}), run_json

    def expect(self, directory, *lines):
        """Each line is an expectation of this profile, such as "calls main 1"."""
        comparison, _ = self.read(directory)
        wanted = [expectations.Expectation.of_text(line) for line in lines]
        self.assertEqual(expectations.compare(wanted, self.mode.traits, comparison), [])

    def expect_its_own(self, source, stdout=""):
        """What the source file itself expects of self.here's profile of it."""
        path = toolchain.PROGRAMS / source
        wanted, names = expectations.parse(path)
        profile, run_json = toolchain.read_profile(self.here / f"{path.stem}.tally")
        comparison = expectations.Comparison(profile, run_json, stdout, names)
        self.assertEqual(expectations.compare(wanted, self.mode.traits, comparison), [])

    def profiles(self, where=None):
        """Names of what .tally directories there are, and of what looks like them."""
        return sorted(p.name for p in (where or self.here).iterdir() if ".tally" in p.name)

    def skip_without(self, is_there, reason):
        if not is_there:
            self.skipTest(reason)


def main():
    for line in toolchain.missing():
        print(f"skipped: {line}", file=sys.stderr)
    unittest.main()
