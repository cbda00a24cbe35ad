"""Real builds in a directory of their own, and a look at the profiles the programs leave."""

import functools
import gzip
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

PROGRAM_C = r"""
#include <stdio.h>
#ifdef USE_TALLY_H
#include <tally/tally.h>
#endif
int library_work(int n);
int program_work(int n);
__attribute__((noinline)) int program_work(int n) { return n * 2; }
int main(void) {
#ifdef USE_TALLY_H
    if (!tally_version())
        return 3;
#endif
    printf("%d\n", program_work(1) + library_work(20));
    return 0;
}
"""

LIBRARY_C = r"""
int library_work(int n);
__attribute__((noinline)) int library_work(int n) { return n + 20; }
"""

PROGRAM_CC = r"""
#include <cstdio>
#include <stdexcept>
extern "C" int library_work(int n);
struct Worker {
    __attribute__((noinline)) int method_work(int n) {
        if (n > 100)
            throw std::runtime_error("large");
        return library_work(n);
    }
};
int main() {
    Worker worker;
    std::printf("%d\n", worker.method_work(22));
    try {
        worker.method_work(101);
    } catch (const std::runtime_error &) {
        return 0;
    }
    return 4;
}
"""

OUTPUT = "42\n"


def with_each_compiler(test):
    """Runs a test method for each way of instrumenting, in a directory (self.here) of its own."""

    @functools.wraps(test)
    def run(self):
        for name in ("", "clang-14", "gcc"):
            with self.subTest(compiler=name or "newest clang"):
                self.here = self.work / (name or "newest")
                self.here.mkdir()
                self.environment = {k: v for k, v in os.environ.items()
                                    if not k.startswith("TALLY_") and k not in ("CC", "CXX")}
                if name:
                    self.environment["TALLY_CC"] = name
                test(self, name)

    return run


class BuildTest(unittest.TestCase):
    directory_prefix = "tally builds "  # blanks in paths must do no harm

    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix=self.directory_prefix)
        self.addCleanup(directory.cleanup)
        self.work = pathlib.Path(directory.name)
        self.bin = pathlib.Path(os.environ["TALLY_TEST_WRAPPER"]).parent
        self.cc = str(self.bin / "tally-cc")
        self.cxx = str(self.bin / "tally-c++")

    def write(self, name, text):
        path = self.here / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def start(self, *command, cwd=None, stdin="", environment=None):
        return subprocess.run(
            [str(word) for word in command], cwd=cwd or self.here, input=stdin, text=True,
            env=self.environment | (environment or {}), stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, check=False)

    def run_well(self, *command, quiet=False, **options):
        """Runs a command that must succeed, and say nothing on stderr if quiet; its stdout."""
        process = self.start(*command, **options)
        if process.returncode != 0 or (quiet and process.stderr):
            self.fail(f"{command}: status {process.returncode}\n{process.stdout}{process.stderr}")
        return process.stdout

    def expect_profile(self, program, functions, **options):
        """Runs the program, which must print OUTPUT, and finds the functions in its profile."""
        where = self.here / "run"
        where.mkdir(exist_ok=True)
        self.assertEqual(self.run_well(program, quiet=True, cwd=where, **options), OUTPUT)
        profile = where / f"{pathlib.Path(program).name}.tally" / "calls.pb.gz"
        names = gzip.decompress(profile.read_bytes())
        for name in functions:
            self.assertIn(name.encode(), names)


class InstalledTest(BuildTest):
    """With an installation (self.prefix) that was moved after it was made."""

    @classmethod
    def setUpClass(cls):
        cls.root = tempfile.mkdtemp(prefix="tally-prefix-")
        first = pathlib.Path(cls.root) / "first"
        subprocess.run(
            [os.environ["TALLY_TEST_CMAKE"], "--install", os.environ["TALLY_TEST_BUILD_DIRECTORY"],
             "--prefix", str(first)],
            check=True, stdout=subprocess.PIPE)
        cls.prefix = first.rename(first.with_name("moved"))

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.root)
