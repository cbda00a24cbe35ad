#!/usr/bin/env python3
"""docs/guide/compare.md: its commands work, and print what stands there.

    test_guide.py [--update]       --update writes what they print now into the page

In the page, a block that begins with "$ tally" is a command and what it prints; one behind a comment
"<!-- build -->" or "<!-- run -->" is run by the shell first; behind "<!-- concat.patch -->" stands that
file. When something ran, and how long, is not compared.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import debian  # which finds the other tests' modules
import comparing
import toolchain

RECIPE = debian.recipe_or_skip("lua")
PAGE = comparing.HERE.parents[1] / "docs/guide/compare.md"
FILES = PAGE.with_suffix("")
# Lines of one block: indented, with empty ones between.
LINES = r"((?: {4}.*\n|\n(?= {4}))*)"
COMMAND = re.compile(r"^ {4}\$ (tally .*)\n" + LINES, re.MULTILINE)


def indented(text):
    return "".join(f"    {line}".rstrip() + "\n" for line in text.splitlines())


def plain(text):
    return re.sub(r"^ {4}", "", text, flags=re.MULTILINE)


def timeless(text):
    return re.sub(r"(?m)^((?:old|new): .*), \d{4}-\d\d-\d\d .*$", r"\1", text)


class Guide:
    """The page's commands, run in a directory of their own."""

    def __init__(self, here):
        self.here, self.page = here, PAGE.read_text()
        for file in FILES.iterdir():
            shutil.copy(file, here)
        shutil.copytree(RECIPE.sources[0].parent, here / "lua5.4-5.4.4/src")

    def shell(self, script):
        path = f"{toolchain.BUILD / 'bin'}:/usr/bin:/bin"
        done = subprocess.run(["sh", "-e", "-c", script], cwd=self.here, env={"PATH": path, "LC_ALL": "C.UTF-8"},
                              capture_output=True, text=True, check=False,
                              timeout=toolchain.TIMEOUT_S)
        if done.returncode != 0:
            raise toolchain.Failure(f"{script}: status {done.returncode}\n{done.stderr}")
        return done.stdout

    def block(self, name):
        found, = re.findall(f"^<!-- {name} -->\n{LINES}", self.page, re.MULTILINE)
        return plain(found)

    def prepare(self):
        return self.shell(self.block("build")) + self.shell(self.block("run"))

    def commands(self):
        """Each command and what it prints, as the page says."""
        return [(command, plain(output)) for command, output in COMMAND.findall(self.page)]

    def update(self):
        self.prepare()
        text = COMMAND.sub(
            lambda found: f"    $ {found[1]}\n{indented(self.shell(found[1]))}", self.page)
        patch = indented((FILES / "concat.patch").read_text())
        text = re.sub(f"^(<!-- concat.patch -->\n){LINES}", lambda found: found[1] + patch, text,
                      flags=re.MULTILINE)
        PAGE.write_text(text)


class Page(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="tally compare ")
        self.addCleanup(directory.cleanup)
        self.guide = Guide(pathlib.Path(directory.name))

    def test_it_prints_what_the_page_says(self):
        self.assertEqual(self.guide.block("concat.patch"), (FILES / "concat.patch").read_text())
        self.assertEqual(self.guide.prepare(), "42585\t1082\n" * 2)
        commands = self.guide.commands()
        self.assertEqual(len(commands), 5)
        for command, output in commands:
            with self.subTest(command):
                self.assertEqual(timeless(self.guide.shell(command)), timeless(output))


if __name__ == "__main__":
    if sys.argv[1:] == ["--update"]:
        with tempfile.TemporaryDirectory() as directory:
            Guide(pathlib.Path(directory)).update()
    else:
        comparing.main()
