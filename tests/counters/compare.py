#!/usr/bin/env python3
"""Compares the calls Tally counts with those that others count, function by function.

    compare.py [--large] [GROUP...]

Each program (programs.py) is compiled and run once for each counter that owes Tally nothing
(counters.py), and for Tally with each compiler at one or two levels of optimisation. --large: at
all levels, and of no group named SQLite too. Of each pair of such a counter and a build of Tally's

  - the output and the exit status must be the same;
  - every function must have the same number of calls: one that is missing on one side was called
    0 times there;
  - every pair of caller and callee must have the same number of calls.

What is not compared is said where it is left out, here and in counters.py, as a rule with a reason.
"""

import argparse
import concurrent.futures
import dataclasses
import functools
import itertools
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "e2e"))

import counters  # noqa: E402
import programs  # noqa: E402
import run_programs  # noqa: E402
import sources  # noqa: E402
import toolchain  # noqa: E402
from counters import OUTSIDE, Function  # noqa: E402
from toolchain import Failure, Mode  # noqa: E402

WORKERS = 2
SHOWN = 12  # lines of one comparison that failed
SKIPPED = 77  # to ctest


def tally_modes(large):
    every = [Mode("plugin", f"clang-{version}", level) for version in toolchain.llvm_versions()
             for level in ("O0", "O1", "O2", "O3", "Os")]
    every += [Mode("hooks", "gcc", level) for level in ("O0", "O1", "O2", "O3", "Os")]
    if large:
        return every
    small = {"clang-14": ["O2"], "clang-16": ["Os"], "clang-19": ["O0", "O3"], "gcc": ["O2"]}
    return [mode for mode in every if mode.level in small[mode.compiler]]


def all_counters(large):
    """Those that Tally is compared with, and Tally's."""
    newest = f"clang-{toolchain.llvm_versions()[-1]}"
    return ([counters.Callgrind(newest), counters.Gcov(), counters.Stub()],
            [counters.Tally(mode) for mode in tally_modes(large)])


@dataclasses.dataclass
class Result:
    status: int
    output: str
    counts: counters.Counts


def measure(program, counter, root):
    """Results of all runs of one build. It always runs as ./NAME, since a program may keep its own
    path in memory."""
    directory = root / f"{program.name} {counter}"
    directory.mkdir()
    toolchain.compile_program(counter.mode, program.sources, directory / program.name,
                              [*program.flags, *counter.flags(program, directory)])
    results = []
    for arguments in program.runs:
        for left in (*directory.glob("*.gcda"), *directory.glob("test.db*")):
            left.unlink()
        ran = toolchain.run([*counter.prefix(), f"./{program.name}", *arguments], directory)
        results.append(Result(ran.status, program.output(ran.stdout),
                              counter.read(directory, program.name)))
    return results


# ---- one name for a function, whoever names it ----

@functools.cache
def demangled(name):
    return subprocess.run(["c++filt", "--no-params", name], capture_output=True, text=True,
                          check=True).stdout.strip()


def last_component(function):
    """`area` of any shapes::Square::area(int) const. Compilers, and DWARF and symbol tables, write
    template arguments, lambdas and scopes in ways that no rule translates; functions of one last
    component are added up on both sides."""
    text = demangled(function.name)
    before, operator, after = text.partition("operator")
    if operator:
        return Function(operator + re.sub(r"(?<=[^<])<[^<=].*", "", after).strip(), "")
    while re.search(r"<[^<>]*>|\{[^{}]*\}", before):
        before = re.sub(r"<[^<>]*>|\{[^{}]*\}", "", before)
    return Function(before.rpartition("::")[2], "")


# ---- comparing ----

class Comparison:
    """One run of two builds. `written` are the functions a C++ program's source writes out, by last
    component; None for C, where all are. Others are the compiler's: members that are implicit, the
    initialisers of a file's variables. Which of those there are, and whether they are called or
    their work is done in place, differs with compiler and level. They are not compared, and what
    they call is compared in sum only."""

    def __init__(self, witness, tally, written):
        self.witness, self.written, self.complaints = witness, written, []
        self.functions = self.edges = 0
        same_names = witness.mode.compiler == tally.mode.compiler and tally.mode.kind == "plugin"
        self.name_of = last_component if written is not None and not same_names else None

    def compare(self, expected, got):
        if (expected.status, expected.output) != (got.status, got.output):
            self.complaints.append(f"status {expected.status}, {got.status}; output: "
                                   f"{run_programs.difference(expected.output, got.output)}")
        theirs, ours = expected.counts, got.counts
        if self.name_of:
            theirs, ours = theirs.renamed(self.name_of), ours.renamed(self.name_of)
        for function in sorted(theirs.calls.keys() | ours.calls.keys()):
            if self.is_written(function) and (theirs.calls[function] or ours.calls[function]):
                self.functions += 1
                self.demand(theirs.calls[function], ours.calls[function], function)
        if self.functions == 0:
            self.complaints.append("there is nothing to compare")
        if self.witness.has_edges:
            self.compare_edges(theirs.edges, ours.edges)

    def compare_edges(self, theirs, ours):
        pairs = sorted(theirs.keys() | ours.keys())
        only_in_sum = {callee for caller, callee in pairs
                       if caller != OUTSIDE and not self.is_written(caller)}
        if not self.witness.sees_through_libraries:
            # Called back from a library: for Tally, called by the function that called the library.
            only_in_sum |= {callee for caller, callee in pairs
                            if caller == OUTSIDE and theirs[caller, callee]}
        for caller, callee in pairs:
            if callee not in only_in_sum and self.is_written(callee):
                self.edges += 1
                self.demand(theirs[caller, callee], ours[caller, callee],
                            f"{caller} -> {callee}")

    def is_written(self, function):
        return self.written is None or last_component(function) in self.written

    def demand(self, theirs, ours, what):
        if theirs != ours:
            self.complaints.append(f"{what}: {theirs}, Tally {ours}")


class Summary:
    """What all comparisons come to; says what is wrong as it is told."""

    def __init__(self):
        self.builds = self.comparisons = self.disagreements = 0
        self.functions = self.edges = self.calls = 0

    def take(self, comparison, headline):
        self.comparisons += 1
        self.functions += comparison.functions
        self.edges += comparison.edges
        if comparison.complaints:
            self.disagreements += len(comparison.complaints)
            print(f"FAILED {headline}")
            for line in comparison.complaints[:SHOWN]:
                print(f"    {line}")
            if len(comparison.complaints) > SHOWN:
                print(f"    … and {len(comparison.complaints) - SHOWN} more")

    def failed(self, headline, error):
        self.disagreements += 1
        print(f"FAILED {headline}\n    {type(error).__name__}: {error}")


def compare_program(program, witnesses, tallies, futures, summary):
    results = {}
    for counter in (*witnesses, *tallies):
        if (program.name, counter) not in futures:
            print(f"{program.name}: not compared with {counter}: {program.unfit_for(counter.mode)}")
            continue
        try:
            results[counter] = futures[program.name, counter].result()
            summary.builds += 1
        except (Failure, OSError, subprocess.SubprocessError) as error:
            summary.failed(f"{program.name} ({counter})", error)
    tallies = [counter for counter in tallies if counter in results]
    witnesses = [counter for counter in witnesses if counter in results]
    for run, arguments in enumerate(program.runs):
        written = written_functions(program, results, run)
        for tally, witness in itertools.product(tallies, witnesses):
            comparison = Comparison(witness, tally, written)
            comparison.compare(results[witness][run], results[tally][run])
            words = " ".join([program.name, *arguments])
            summary.take(comparison, f"{words}: {witness} and {tally}")
    for tally in tallies:
        summary.calls += sum(result.counts.calls.total() for result in results[tally])
    of_last = [result.counts.calls for result in results[tallies[-1]]] if tallies else []
    print(f"{program.name}: {len(program.runs)} runs, {len(set().union(*of_last))} functions, "
          f"{sum(calls.total() for calls in of_last):,} calls", flush=True)


def written_functions(program, results, run):
    if not program.is_cxx:
        return None
    return {last_component(function) for counter in results if isinstance(counter, counters.Gcov)
            for function in results[counter][run].counts.calls}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--large", action="store_true", help="all levels of optimisation, SQLite")
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=", ".join(programs.GROUPS))
    asked = parser.parse_args()
    groups = asked.groups or [name for name in programs.GROUPS if asked.large or name != "sqlite"]
    if not set(groups) <= programs.GROUPS.keys():
        parser.error(f"groups are {', '.join(programs.GROUPS)}")
    toolchain.TIMEOUT_S = 1800  # SQLite under callgrind
    for line in toolchain.missing():
        print(f"skipped: {line}")
    if not toolchain.llvm_versions():
        sys.exit("compare.py: no clang with a plugin is installed")
    try:
        todo = [program for group in groups for program in programs.GROUPS[group]()]
    except sources.NoSources as reason:
        print(f"compare.py: {reason}")
        return SKIPPED
    witnesses, tallies = all_counters(asked.large)
    summary = Summary()
    with tempfile.TemporaryDirectory(prefix="tally-counters-") as root, \
            concurrent.futures.ThreadPoolExecutor(WORKERS) as workers:
        futures = {(program.name, counter): workers.submit(measure, program, counter,
                                                           pathlib.Path(root))
                   for program in todo for counter in (*witnesses, *tallies)
                   if not program.unfit_for(counter.mode)}
        for program in todo:
            compare_program(program, witnesses, tallies, futures, summary)
    print(f"{len(todo)} programs, {summary.builds} builds, {summary.comparisons} comparisons: "
          f"{summary.functions:,} functions and {summary.edges:,} edges compared, "
          f"{summary.calls:,} calls counted by Tally; {summary.disagreements} disagreements")
    return 1 if summary.disagreements or not summary.comparisons else 0


if __name__ == "__main__":
    sys.exit(main())
