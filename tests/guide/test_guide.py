#!/usr/bin/env python3
"""A page of the guide: its commands work, and print what stands there.

    test_guide.py PAGE.md [--update]      --update writes what they print now into the page

How a page is written: page.py. Where its commands run: scene.py. What is compared: agreement.py.
Exit status 1 if the page is out of date; 77 if it cannot be told, since Debian's sources cannot be
had, or this build of Tally has no page for `tally report`.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

import agreement
import page as pages
import scene as scenes

sys.path.append(str(scenes.CHECKOUT / "tests/compare"))

# What pages fetch by `apt-get source`: the test's name for it, and the directory it becomes.
SOURCES = {"lua5.4": ("lua", "lua5.4-5.4.4/src")}

SKIPPED = 77  # to ctest

# Only these have rows that they leave out, and can be asked for all of them. Not if a pipe or
# another command follows.
CUT = re.compile(r"tally (top|diff) (?:'[^'\n]*'|[^'|;&<>\n])*$")


def sources(text):
    """What the page's stand-in for apt-get has to know; ends the test where it cannot be had."""
    needed = [package for package in SOURCES if f"apt-get source {package}" in text]
    if not needed:
        return {}
    os.environ.setdefault("TALLY_TEST_SOURCES", str(scenes.BUILD / "bench/sources"))
    import debian  # which would find other tests' modules, and Debian, for pages that need neither
    return {package: (SOURCES[package][1], debian.recipe_or_skip(SOURCES[package][0]).sources[0].parent)
            for package in needed}


def skip_without_report(text):
    """Ends the test if the page needs what builds without Node.js do not have."""
    if "$ tally report " not in text:
        return
    said = subprocess.run([scenes.BUILD / "bin/tally", "help", "report"], capture_output=True, text=True, check=True)
    if "without the page" in said.stdout:
        print("Skipped: this tally was built without the page of `tally report`")
        sys.exit(SKIPPED)


def uncut(command):
    return re.sub(r"^tally \w+", r"\g<0> -n 0", re.sub(r" -n ?\d+", "", command))


class Guide:
    """A page and the scene it is played in."""

    def __init__(self, path, root):
        self.path, self.text = path, path.read_text()
        self.blocks = pages.blocks(self.text)
        skip_without_report(self.text)
        self.scene = scenes.Scene(root, sources(self.text))
        self.steps = []  # (block, command, number of its step, number of that without -n or None)
        self.faults = []

    def fault(self, block, what):
        self.faults.append(f"{self.path}:{block.line}: {what}")

    def file_beside(self, block):
        """The page's own file that a block shows, or None."""
        path = self.path.with_suffix("") / block.argument
        return path if block.mark == "file" and path.exists() else None

    def plan(self):
        for block in self.blocks:
            if block.mark == "file":
                beside = self.file_beside(block)
                self.scene.add_file(block.argument, beside.read_text() if beside else block.text)
            elif block.is_run:
                for command in block.commands():
                    number = self.scene.add(command.text, block.exit_status)
                    whole = self.scene.add(uncut(command.text)) if CUT.match(command.text) else None
                    self.steps.append((block, command, number, whole))

    def play(self):
        """Runs all of it; whether it went to its end."""
        failed = self.scene.run()
        if failed is None:
            return True
        block, command = next(((block, command) for block, command, number, whole in self.steps
                               if failed in (number, whole)), (self.blocks[0], pages.Command("a file")))
        self.fault(block, f"status {self.scene.status(failed)} instead of {block.exit_status}: "
                          f"{command.text}\n{self.scene.printed(failed)}")
        return False

    def check_output(self):
        for block, command, number, whole in self.steps:
            if command.printed is None or block.mark == "output not compared":
                continue
            printed = self.scene.printed(number)
            if not agreement.agree(command.printed, printed, whole and self.scene.printed(whole)):
                self.fault(block, f"$ {command.text}\n{agreement.difference(command.printed, printed)}")

    def check_files(self):
        for block in self.blocks:
            beside = self.file_beside(block)
            if beside and pages.plain(beside.read_text()) != block.text:
                self.fault(block, agreement.difference(block.text, beside.read_text()))

    def check_excerpts(self):
        for block in self.blocks:
            if block.mark == "excerpt":
                path = scenes.CHECKOUT / block.argument
                if not path.exists() or f"\n{block.text}" not in f"\n{pages.plain(path.read_text())}":
                    self.fault(block, f"these lines are not in {block.argument}")

    def updated(self):
        """The page with what was printed now."""
        replaced = []
        for block in self.blocks:
            beside = self.file_beside(block)
            if beside:
                replaced.append((block, beside.read_text().splitlines()))
            elif block.is_run and block.is_transcript:
                text = ""
                for _, command, number, _ in (step for step in self.steps if step[0] is block):
                    printed = agreement.without_calibration(self.scene.printed(number)).rstrip()
                    text += f"{pages.PROMPT}{command.text}\n{printed}".rstrip() + "\n"
                replaced.append((block, text.splitlines()))
        return pages.with_blocks_replaced(self.text, replaced)


def check(path, is_update=False):
    """What is wrong with a page, one text each; with is_update, what could not be put right."""
    with tempfile.TemporaryDirectory(prefix="tally-guide-") as root:
        try:
            guide = Guide(path, pathlib.Path(root))
        except pages.PageError as error:
            return [f"{path}: {error}"]
        guide.plan()
        went_well = guide.play()
        guide.check_excerpts()
        if went_well and is_update:
            path.write_text(guide.updated())
        elif went_well:
            guide.check_output()
            guide.check_files()
        return guide.faults


def main():
    arguments = [word for word in sys.argv[1:] if word != "--update"]
    if len(arguments) != 1:
        sys.exit("usage: test_guide.py PAGE.md [--update]")
    faults = check(pathlib.Path(arguments[0]).resolve(), "--update" in sys.argv[1:])
    if faults:
        print("\n\n".join(faults))
    if faults and "--update" not in sys.argv[1:]:
        print("\nIf what is printed now is right: tests/guide/test_guide.py PAGE.md --update")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
