#!/usr/bin/env python3
"""The recipes of docs/ci.md do what they say: their commands are run on a small program, as it was
and as a change made it worse.

What the services do themselves (check out, keep artifacts) is not; a step that uses an action is
left out.
"""

import os
import pathlib
import re
import subprocess
import unittest
import xml.etree.ElementTree

import yaml
from builds import InstalledTest

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "docs" / "ci.md"
CMAKE = os.environ["TALLY_TEST_CMAKE"]

PROGRAM = r"""
#include <stdio.h>
static int letters;
__attribute__((noinline)) static void letter(int c) { letters += c != '\n'; }
int main(int argc, char **argv) {
    FILE *file = fopen(argv[argc - 1], "r");
    if (!file)
        return 2;
    for (int c; (c = getc(file)) != EOF;)
        letter(c);
    WORSE
    fclose(file);
    return letters ? 0 : 3;
}
"""
BETTER, WORSE = (PROGRAM.replace("WORSE", text) for text in ("", "letter('x');"))
BUDGET = "version: 1\nfunctions:\n- {function: letter, calls: {at_most: 6}}\n"
FAILURE = "REGRESSION: 1 of 2 functions not within budget"


def recipe(title, language):
    """The block of code below a heading."""
    text = DOCUMENT.read_text()
    section = re.search(rf"^### {re.escape(title)}$(.*?)(?=^##|\Z)", text, re.M | re.S).group(1)
    return re.search(rf"^```{language}\n(.*?)^```$", section, re.M | re.S).group(1)


class Recipes(InstalledTest):
    directory_prefix = "tally-recipes-"

    def setUp(self):
        super().setUp()
        self.here = self.work / "change"
        self.here.mkdir()
        self.environment = {k: v for k, v in os.environ.items()
                            if not k.startswith("TALLY_") and k not in ("CC", "CXX", "CFLAGS")}
        self.environment["PATH"] = f"{self.prefix / 'bin'}:{self.environment['PATH']}"
        self.write("input.txt", "tally\n")
        self.write("budget.yaml", BUDGET)
        self.write("app.c", BETTER)

    # ---- pull requests: a repository with two commits ----

    def git(self, *arguments):
        return self.run_well("git", "-c", "user.name=Ada", "-c", "user.email=ada@example.org",
                             "-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always",
                             *arguments).strip()

    def repository(self, source):
        """A clone with a change to `source`; returns the commit below it."""
        self.write("Makefile", "app: app.c\n\t$(CC) -O2 -o app app.c\n")
        self.git("init", "--quiet")
        self.git("add", ".")
        self.git("commit", "--quiet", "-m", "base")
        base = self.git("rev-parse", "HEAD")
        self.git("clone", "--quiet", "--bare", ".", "../origin.git")
        self.git("remote", "add", "origin", "../origin.git")
        self.write("app.c", source)
        self.git("commit", "--quiet", "--allow-empty", "-a", "-m", "change")
        return base

    def shell(self, script, **environment):
        """As the services do it: a step ends at the first command that fails."""
        return self.start("bash", "-e", "-o", "pipefail", "-c", script, environment=environment)

    def run_steps(self, steps):
        """Runs (script, is_always, environment) in order; the output and status of the job."""
        output, status = "", 0
        for script, is_always, environment in steps:
            if status and not is_always:
                continue
            process = self.shell(script, **environment)
            output += process.stdout + process.stderr
            status = status or process.returncode
        return output, status

    def github(self, base):
        job, = yaml.safe_load(recipe("GitHub Actions", "yaml"))["jobs"].values()
        steps = []
        for step in job["steps"]:
            environment = {"GITHUB_STEP_SUMMARY": str(self.work / "summary")}
            for name, value in step.get("env", {}).items():
                self.assertEqual(value, "${{ github.event.pull_request.base.sha }}")
                environment[name] = base
            if "run" in step:
                self.assertNotIn("${{", step["run"])
                steps.append((step["run"], step.get("if") == "always()", environment))
        return self.run_steps(steps)

    def gitlab(self, base):
        job, = yaml.safe_load(recipe("GitLab", "yaml")).values()
        self.assertEqual(job["artifacts"]["reports"]["junit"], "tally.xml")
        script = "\n".join(job["script"])
        return self.run_steps([(script, False, {"CI_MERGE_REQUEST_DIFF_BASE_SHA": base})])

    def check_files(self, failures):
        suites = xml.etree.ElementTree.parse(self.here / "tally.xml").getroot()
        self.assertEqual(suites.get("failures"), str(failures))
        self.assertTrue((self.here / "tally.json").exists())
        self.assertTrue((self.here / "tally.md").read_text().startswith("### tally: "))

    def test_github_worse(self):
        output, status = self.github(self.repository(WORSE))
        self.assertEqual(status, 1, output)
        self.assertIn(FAILURE, output)
        self.check_files(1)
        self.assertIn(FAILURE, (self.work / "summary").read_text())

    def test_github_same(self):
        output, status = self.github(self.repository(BETTER))
        self.assertEqual(status, 0, output)
        self.check_files(0)
        self.assertRegex((self.work / "summary").read_text(), r"ok: \d+ values? within budget")

    def test_gitlab_worse(self):
        output, status = self.gitlab(self.repository(WORSE))
        self.assertEqual(status, 1, output)
        self.assertIn(FAILURE, output)
        self.check_files(1)

    def test_gitlab_same(self):
        output, status = self.gitlab(self.repository(BETTER))
        self.assertEqual(status, 0, output)
        self.check_files(0)

    # ---- a baseline that is kept ----

    def test_make(self):
        self.write("Makefile", recipe("make", "make"))
        self.assertIn("updated: base.tally", self.run_well("make", "accept"))
        self.assertRegex(self.run_well("make", "check"), r"ok: \d+ values? within budget")
        self.write("app.c", WORSE)
        process = self.start("make", "check")
        self.assertEqual(process.returncode, 2)
        self.assertIn(FAILURE, process.stdout)
        self.run_well("make", "accept")
        self.run_well("make", "check")

    def cmake_build(self, target="all"):
        self.run_well(CMAKE, "--build", "build", "--target", target)

    def ctest(self, status):
        process = self.start("ctest", "--test-dir", "build", "--output-on-failure")
        self.assertEqual(process.returncode, status, process.stdout + process.stderr)
        return process.stdout

    def test_ctest(self):
        self.write("CMakeLists.txt", recipe("CTest", "cmake").replace(
            "find_package(Tally ", "find_package(Tally 0.1 "))
        self.run_well(CMAKE, "-S", ".", "-B", "build", f"-DCMAKE_PREFIX_PATH={self.prefix}",
                      "-DCMAKE_C_COMPILER=gcc")
        self.cmake_build()
        self.assertIn("base.tally: no such baseline", self.ctest(8))
        self.cmake_build("app.counts.update")
        self.assertTrue((self.here / "base.tally" / "calls.pb.gz").exists())
        self.assertIn("100% tests passed, 0 tests failed out of 2", self.ctest(0))
        self.write("app.c", WORSE)
        self.cmake_build()
        self.assertIn(FAILURE, self.ctest(8))
        self.cmake_build("app.counts.update")
        self.assertIn("at_most: 7", (self.here / "budget.yaml").read_text())
        self.ctest(0)

    def test_ctest_refuses(self):
        for arguments, message in (
            ("NAME a TARGET app", "BASELINE, BUDGET or both are needed"),
            ("NAME a TARGET b BASELINE c", "there is no target 'b'"),
            ("TARGET app BASELINE c", "NAME is missing"),
            ("NAME a TARGET app BASELINE c ALOW d", "unknown arguments"),
        ):
            self.write("CMakeLists.txt", recipe("CTest", "cmake").partition("tally_check_test")[0]
                       + f"tally_check_test({arguments})")
            process = self.start(CMAKE, "-S", ".", "-B", "build", "-DCMAKE_C_COMPILER=gcc",
                                 f"-DCMAKE_PREFIX_PATH={self.prefix}")
            self.assertNotEqual(process.returncode, 0)
            self.assertIn(message, " ".join(process.stderr.split()))

    def test_all_arguments_of_ctest(self):
        self.write("CMakeLists.txt", recipe("CTest", "cmake").partition("tally_check_test")[0] + """
tally_check_test(NAME all TARGET app ARGS "../input.txt" BUDGET budget.yaml ALLOW losses ending
  SETTINGS timing=exact heap=off OPTIONS --markdown all.md WORKING_DIRECTORY ${CMAKE_BINARY_DIR})
""")
        self.run_well(CMAKE, "-S", ".", "-B", "build", f"-DCMAKE_PREFIX_PATH={self.prefix}",
                      "-DCMAKE_C_COMPILER=gcc")
        self.cmake_build()
        self.ctest(0)
        profile = self.here / "build/tally/all.tally"
        self.assertEqual({path.name for path in profile.iterdir()}, {"calls.pb.gz", "run.json"})
        self.assertRegex((self.here / "build/all.md").read_text(), r"ok: \d+ values? within budget")
        self.assertIn('"timing": "exact"', (profile / "run.json").read_text())


class Budget(unittest.TestCase):
    def test_the_example_is_a_budget(self):
        """All that is wrong with it is that this program has no such functions."""
        text = re.search(r"^```yaml\n(version.*?)^```$", DOCUMENT.read_text(), re.M | re.S).group(1)
        self.assertEqual(set(yaml.safe_load(text)), {"version", "total", "functions"})
        process = subprocess.run(
            [os.environ["TALLY_TEST_BUILD_DIRECTORY"] + "/bin/tally", "check",
             "--budget=/dev/stdin", "--baseline=/nonexistent", "/nonexistent"],
            input=text, text=True, stderr=subprocess.PIPE, check=False)
        self.assertIn("tally: /nonexistent: ", process.stderr)


if __name__ == "__main__":
    unittest.main()
