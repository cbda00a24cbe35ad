"""Whether a command printed what a page says: what is compared, and what cannot be.

Exact: counts, bytes, allocations, names, files, lines, digests, percentages of counts and of bytes, and the
order of rows that are ordered by those. What varies from run to run, or with the compiler, is
made equal on both sides first:

    dates, durations                  any date is a date, any duration a duration; the shell's too ("0m0.21s")
    percentages beside a duration     they are of a time, so any percentage will do
    "(inlined)"                       left out: a compiler's choice, as the optimisation level is
    "loss: the profiler's own cost …" left out: there is one where the calibration was a little off
    the size of a report's page       compressed times are in it
    times beside source lines         one or none: where an inlined function's time is depends on the inlining
    widths of columns                 runs of blanks are one blank, and so are lines of a table
    where the checkout and the build are

A table with durations in it, a *table of times*, is in an order by time, which varies:

    rows          compared as a set. In `tree`, a row counts with the path it hangs on
    cells         0, "-" and "." are as good as a time or a percentage of it, and so is the p of several runs
    cut by -n     the page's rows must be among those of the whole table, and as many as are printed;
                  which ones are the first is not compared
    what is left out below it        not how many calls or functions that is; in `diff`, not at all
"""

import collections
import dataclasses
import difflib
import re

HOME = "/home/ada"  # whose home directory it is in the pages

DATE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
DURATION = re.compile(r"[-+]?(?<![\w.,])(?:\d[\d,.]* (?:ns|µs|ms|s|min|h|d)|\d+m\d+\.\d+s)\b")
PERCENT = re.compile(r"[-+]?<?(?<![\w.,])\d[\d,.]*%")
NO_TIME = re.compile(r"(?<!\S)[-0.](?!\S)")
CHANCE = re.compile(r"(?<!\S)<?[01]\.\d{3}(?!\S)")
CALIBRATION = re.compile(r"^loss(?: in old| in new)?: the profiler's own cost, as calibrated.*\n", re.MULTILINE)
PAGE_SIZE = re.compile(r"^(wrote \S+\.html), .*")
HEADER = re.compile(r" *[a-z][a-z %±]*  (function|edge|path)$")
LIST_TIMES = re.compile(r"(calls?, self) \S+.*")
LIST_HEADER = re.compile(r" *calls +self +cum +line  source$")
LIST_CELLS = re.compile(r"^( *[\d,.]+) +[~0.] +[~0.] +(\d+)")
LEFT_OUT = re.compile(r"more .* not shown|contexts? below")
BY_CHANCE = re.compile(r"changed and not shown|did not change")
BRANCH = re.compile(r"(.*?)((?:│  |   )*[├└]─ )(.*)")
ANY_TIME = "~"


@dataclasses.dataclass
class Table:
    """A table of times."""
    header: str
    rows: collections.Counter
    below: collections.Counter


def without_calibration(text):
    """What is left out on both sides, and left out of pages that are updated."""
    return CALIBRATION.sub("", text)


def _without_chance(line):
    """One line, with what may vary in any line made equal."""
    line = LIST_TIMES.sub(r"\1", line)
    line = PAGE_SIZE.sub(r"\1", DATE.sub("DATE", line.replace(" (inlined)", "")))
    if DURATION.search(line):
        line = PERCENT.sub(ANY_TIME, DURATION.sub(ANY_TIME, line))
    return line


def _squeezed(line):
    return re.sub(r"─{2,}", "──", re.sub(" +", " ", line)).strip()


def _without_times(line):
    """A line of a table of times; blanks stay, since `tree` has a meaning for them."""
    line = CHANCE.sub(ANY_TIME, NO_TIME.sub(ANY_TIME, PERCENT.sub(ANY_TIME, line)))
    return re.sub(r"\d[\d,]*", "N", line) if LEFT_OUT.search(line) else line


def _with_paths(lines):
    """Rows of a tree, with the path from the root in place of branches."""
    path = []
    for line in lines:
        branch = BRANCH.match(line)
        if branch:
            cells, depth, name = branch[1], len(branch[2]) // 3, branch[3]
        else:
            cells, _, name = line.rpartition("  ")
            depth = 0
        path[depth:] = [name]
        yield f"{cells} {' → '.join(path)}"


def _table(header, lines):
    lines = [_without_times(line) for line in lines if not BY_CHANCE.search(line)]
    end = next((i for i, line in enumerate(lines) if "──" in line or LEFT_OUT.search(line)), len(lines))
    rows, below = lines[:end], lines[end:]
    if any(BRANCH.match(row) for row in rows):
        rows = _with_paths(rows)
    return Table(_squeezed(header), *(collections.Counter(map(_squeezed, part)) for part in (rows, below)))


def _parts(text):
    """A text as comparable lines and tables of times."""
    lines = [_without_chance(line.rstrip()) for line in without_calibration(text).rstrip().splitlines()]
    parts = []
    while lines:
        header, lines = lines[0], lines[1:]
        end = lines.index("") if "" in lines else len(lines)
        if HEADER.match(header) and any(ANY_TIME in line for line in lines[:end]):
            parts.append(_table(header, lines[:end]))
            lines = lines[end:]
            continue
        if LIST_HEADER.match(header):
            lines[:end] = [LIST_CELLS.sub(rf"\1 {ANY_TIME} {ANY_TIME} \2", line) for line in lines[:end]]
        parts.append(_squeezed(header))
    return parts


def _agrees(claimed, printed, whole):
    if not (isinstance(claimed, Table) and isinstance(printed, Table) and isinstance(whole, Table)):
        return claimed == printed
    return (claimed.header == printed.header and claimed.below == printed.below and
            claimed.rows.total() == printed.rows.total() and not claimed.rows - whole.rows)


def agree(claimed, printed, whole=None):
    """Whether a page's text is true of what was printed; whole: the same with no row left out."""
    claims, prints = _parts(claimed), _parts(printed)
    wholes = prints if whole is None else _parts(whole)
    return len(claims) == len(prints) and all(
        _agrees(*triple) for triple in zip(claims, prints, wholes + [None] * len(prints)))


def difference(claimed, printed):
    """Both, for a person to look at: all lines that differ, with times as they are."""
    lines = difflib.unified_diff(claimed.rstrip().splitlines(), printed.rstrip().splitlines(),
                                 "the page", "printed now", lineterm="")
    return "\n".join(lines)
