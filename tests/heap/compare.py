#!/usr/bin/env python3
"""Compares what Tally says was allocated with valgrind's DHAT and with heaptrack, total by total.

    compare.py [GROUP...]

Programs are compiled plain and run under each of the two, and are compiled for Tally in several
ways (witnesses.py). Blocks and bytes, all and live at exit, the peak, and what was temporary must
be the same, to the last one. What the tools count in other ways is taken off by rules, which are
where they are applied, each with its reason.

In the group named known, everybody is compared with answers known by reading (known.py).
"""

import argparse
import concurrent.futures
import dataclasses
import itertools
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
TESTS = HERE.parent
sys.path[1:1] = [str(TESTS / "e2e"), str(TESTS / "counters")]

import known  # noqa: E402
import programs  # noqa: E402
import sources  # noqa: E402
import toolchain  # noqa: E402
import witnesses  # noqa: E402
from toolchain import Failure, Mode  # noqa: E402

WORKERS = 2
SKIPPED = 77  # to ctest
WITNESSES = (witnesses.Dhat(), witnesses.Heaptrack())


def tallies():
    newest, oldest = toolchain.llvm_versions()[-1], toolchain.llvm_versions()[0]
    modes = [Mode("plugin", f"clang-{newest}", "O0"), Mode("plugin", f"clang-{newest}", "O2")]
    modes += [Mode("plugin", f"clang-{oldest}", "O2")] if oldest != newest else []
    return [witnesses.Tally(mode) for mode in (*modes, Mode("hooks", "gcc", "O2"))]


# ---- programs ----

def known_programs():
    here = HERE / "programs"
    return [programs.Program("known", (here / "known.c",),
                             runs=tuple((case.name,) for case in known.IN_C)),
            programs.Program("known_cxx", (here / "known_cxx.cpp",),
                             ("-std=c++17", "-fsized-deallocation"),  # not clang 14's default
                             runs=tuple((case.name,) for case in known.IN_CXX)),
            programs.Program("threads", (here / "threads.c",), ("-pthread",), runs=(("all",),))]


def lua():
    scripts = [*sorted((TESTS / "counters" / "lua").glob("*.lua")), HERE / "lua" / "unclosed.lua"]
    return [programs.lua(scripts)]


def without_times_in_memory(program):
    """The demo writes its report into a buffer that grows with it; as JSON, the report says how
    long it took, now in more digits, now in fewer."""
    runs = tuple(arguments for arguments in program.runs if "--json" not in arguments)
    return dataclasses.replace(program, runs=runs)


GROUPS = {
    "known": known_programs,
    "demo": lambda: [without_times_in_memory(one) for one in programs.GROUPS["demo"]()],
    "lua": lua,
    "sqlite": programs.GROUPS["sqlite"],
}


# ---- running ----

@dataclasses.dataclass
class Result:
    output: str
    totals: witnesses.Totals


def compiled(program, mode, root):
    executable = pathlib.Path(tempfile.mkdtemp(dir=root)) / program.name
    toolchain.compile_program(mode, program.sources, executable, program.flags)
    return executable


def measure(program, observer, build, root):
    """Results of all runs of one build. It always runs as ./NAME, in a directory whose name is as
    long as others', since programs keep paths in memory."""
    directory = pathlib.Path(tempfile.mkdtemp(dir=root))
    shutil.copy(build.result(), directory)
    results = []
    for arguments in program.runs:
        for left in directory.glob("test.db*"):
            left.unlink()
        ran, totals = observer.run([f"./{program.name}", *arguments], directory, program.is_cxx)
        if ran.status != 0:
            raise Failure(f"{' '.join(arguments)}: status {ran.status}\n{ran.stderr}")
        results.append(Result(ran.stdout, totals))
    return results


def submit(workers, program, root):
    """{observer: future of its results}. Both witnesses look at one build. The builds come first in
    the queue, so that no worker waits for one that is not under way."""
    observers = (*WITNESSES, *tallies())
    builds = {mode: workers.submit(compiled, program, mode, root)
              for mode in dict.fromkeys(observer.mode for observer in observers)}
    return {observer: workers.submit(measure, program, observer, builds[observer.mode], root)
            for observer in observers}


# ---- comparing ----

def differences(expected, got):
    """One line for each total that both know and do not agree about."""
    pairs = zip(dataclasses.fields(expected), dataclasses.astuple(expected),
                dataclasses.astuple(got), strict=True)
    return [f"{field.name}: {one:,} expected, {other:,} found" for field, one, other in pairs
            if None not in (one, other) and one != other]


def case_of(program, run, result):
    if program.name == "threads":
        return known.of_threads(known.modules_with_tls(result.output))
    return (known.IN_CXX if program.is_cxx else known.IN_C)[run]


def compare_with_answers(program, results):
    """(what, differences) of each observer and each case."""
    for observer, run in itertools.product(results, range(len(program.runs))):
        result = results[observer][run]
        case = case_of(program, run, result)
        expected = observer.would_say(case.answer).plus(**case.differences.get(observer.name, {}))
        yield f"{program.name} {case.name}: {observer}", differences(expected, result.totals)


def compare_with_witnesses(program, results):
    """(what, differences) of each witness and each build of Tally's, in each run."""
    theirs = [observer for observer in results if observer in WITNESSES]
    ours = [observer for observer in results if observer not in WITNESSES]
    for run, arguments in enumerate(program.runs):
        for witness, tally in itertools.product(theirs, ours):
            expected = results[witness][run].totals
            said = witness.would_say(results[tally][run].totals)
            yield (f"{' '.join([program.name, *arguments])}: {witness}, and what {tally} found",
                   differences(expected, said))


def tell(program, results):
    """What there was to compare: the last observer's totals, all runs added up."""
    found = [result.totals for result in [*results.values()][-1]]
    print(f"{program.name}: {len(found)} runs, {sum(one.blocks for one in found):,} blocks, "
          f"{sum(one.bytes for one in found):,} bytes; live at exit: "
          f"{sum(one.live_blocks for one in found):,} blocks, "
          f"{sum(one.live_bytes for one in found):,} bytes", flush=True)


def compare_program(program, is_known, futures):
    """How many comparisons were made, and how many failed."""
    results, failed = {}, 0
    for observer, future in futures.items():
        try:
            results[observer] = future.result()
        except (Failure, OSError, subprocess.SubprocessError) as error:
            print(f"FAILED {program.name} ({observer})\n    {type(error).__name__}: {error}")
            failed += 1
    if results:
        tell(program, results)
    compared = 0
    for what, lines in (compare_with_answers if is_known else compare_with_witnesses)(program,
                                                                                      results):
        compared += 1
        if lines:
            failed += 1
            print("\n    ".join([f"FAILED {what}", *lines]))
    return compared, failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=", ".join(GROUPS))
    groups = parser.parse_args().groups or list(GROUPS)
    if not set(groups) <= GROUPS.keys():
        parser.error(f"groups are {', '.join(GROUPS)}")
    toolchain.TIMEOUT_S = 1800  # SQLite under DHAT
    for line in toolchain.missing():
        print(f"not compared: {line}")
    if not toolchain.llvm_versions():
        sys.exit("compare.py: no clang with a plugin is installed")
    if witnesses.missing():
        print(f"compare.py: not installed: {', '.join(witnesses.missing())}")
        return SKIPPED
    try:
        todo = [(program, group == "known") for group in groups for program in GROUPS[group]()]
    except sources.NoSources as reason:
        print(f"compare.py: {reason}")
        return SKIPPED
    compared = failed = 0
    with tempfile.TemporaryDirectory(prefix="tally-heap-") as root, \
            concurrent.futures.ThreadPoolExecutor(WORKERS) as workers:
        futures = {program: submit(workers, program, pathlib.Path(root)) for program, _ in todo}
        for program, is_known in todo:
            more_compared, more_failed = compare_program(program, is_known, futures[program])
            compared += more_compared
            failed += more_failed
    print(f"{len(todo)} programs, {compared} comparisons, {failed} disagreements")
    return 1 if failed or not compared else 0


if __name__ == "__main__":
    sys.exit(main())
