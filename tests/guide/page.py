"""A page of docs/guide/, read as what it is: commands, what they print, and files.

A block is a run of indented lines, as in Markdown. What it is follows from how it looks:

    begins with "$ "     a transcript: commands, each followed by what it prints, both streams. A
                         command that ends with a backslash goes on in the next line
    anything else        a script: commands that must succeed, and whose output the page leaves out

and a comment in the line above it says where it is something else:

    <!-- file: NAME -->              the content of this file, which is written where the page then is.
                                     It is that of docs/guide/PAGE/NAME, if there is one
    <!-- excerpt: PATH -->           lines of this file of the checkout, as they stand there
    <!-- exit: N -->                 each command of it ends with this status
    <!-- output not compared: WHY -->    run, but what it prints is never the same twice
    <!-- not run: WHY -->            shown only

No block is left out silently: blocks that GitHub shows and that would not be found here (fences,
tabs, HTML), comments that are none of these and marks without a block are errors.
"""

import dataclasses
import re

INDENT = "    "
PROMPT = "$ "
MARK = re.compile(r"<!-- (file|excerpt|exit|output not compared|not run): (.+) -->$")
OTHER_BLOCK = re.compile(r"\s*(```|~~~|<pre|<code)| {0,3}\t")


class PageError(Exception):
    """The page is not written as it must be."""


@dataclasses.dataclass
class Command:
    """One thing to run. `printed` is the page's claim, or None where it makes none."""
    text: str
    printed: str | None = None


@dataclasses.dataclass
class Block:
    line: int  # of the page, from 1
    lines: list  # without their indentation
    mark: str = ""
    argument: str = ""

    @property
    def text(self):
        return "\n".join(self.lines) + "\n"

    @property
    def is_run(self):
        return self.mark not in ("file", "excerpt", "not run")

    @property
    def exit_status(self):
        return int(self.argument) if self.mark == "exit" else 0

    @property
    def is_transcript(self):
        return self.lines[0].startswith(PROMPT)

    def commands(self):
        if not self.is_transcript:
            return [Command(self.text)]
        commands, rest = [], list(self.lines)
        while rest:
            line = rest.pop(0)
            if line.startswith(PROMPT):
                text = line[len(PROMPT):]
                while text.endswith("\\") and rest:
                    text += "\n" + rest.pop(0)
                commands.append(Command(text, ""))
            else:
                commands[-1].printed += line + "\n"
        return commands


def _end_of_block(lines, first):
    """The line behind a block's last; empty lines within it are its own."""
    end = first
    for number in range(first, len(lines)):
        if lines[number].startswith(INDENT) and lines[number].strip():
            end = number + 1
        elif lines[number].strip():
            break
    return end


def _begins_block(lines, number):
    """Indented lines are code only where no paragraph goes on in them."""
    if not (lines[number].startswith(INDENT) and lines[number].strip()):
        return False
    return number == 0 or not lines[number - 1].strip() or lines[number - 1].startswith("<!--")


def _block(lines, first, end):
    block = Block(first + 1, [line[len(INDENT):] for line in lines[first:end]])
    if first > 0 and lines[first - 1].startswith("<!--"):
        block.mark, block.argument = MARK.match(lines[first - 1]).groups()
    return block


def blocks(text):
    """All blocks of a page, in order."""
    lines, found, number = text.splitlines(), [], 0
    while number < len(lines):
        line = lines[number]
        if OTHER_BLOCK.match(line):
            raise PageError(f"line {number + 1}: a block that would not be run; indent it by four blanks")
        if "<!--" in line and not MARK.match(line):
            raise PageError(f"line {number + 1}: not a mark that tests/guide/page.py knows: {line}")
        if MARK.match(line) and (number + 1 == len(lines) or not _begins_block(lines, number + 1)):
            raise PageError(f"line {number + 1}: a mark without a block below it")
        if not _begins_block(lines, number):
            number += 1
            continue
        end = _end_of_block(lines, number)
        found.append(_block(lines, number, end))
        number = end
    return found


def plain(text):
    """A file's text as a page can have it: without blanks at the ends of lines."""
    return "".join(line.rstrip() + "\n" for line in text.splitlines())


def with_blocks_replaced(text, replaced):
    """The page with other lines in some of its blocks: [(Block, lines)]."""
    lines = text.splitlines()
    for block, new in sorted(replaced, key=lambda pair: -pair[0].line):
        first = block.line - 1
        lines[first:first + len(block.lines)] = [(INDENT + line).rstrip() for line in new]
    return "\n".join(lines) + "\n"
