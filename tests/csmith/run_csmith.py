#!/usr/bin/env python3
"""Random C programs of csmith's, each built in several ways: all must count the same calls.

    run_csmith.py [--programs N] [--start SEED] [--seeds S,…] [--except S,…] [--builds N|all]
                  [--limit S] [--keep DIRECTORY]

A program is made from a seed, and so is the choice of its builds: an unoptimised one by the
plugin, one by hooks, and others of the plugin, so that some programs together meet every compiler
at every level. Each build must print and end as the plain build does, and lose nothing; and the
calls of each function, and of each function by each other, must be as many as gcc's hooks count
without Tally. No function is excepted. Callers are compared only where inlined calls have theirs:
not in optimised builds without -g, of which the last line says how many there were.

A program that does not end by itself in time, or hardly calls anything, is replaced by one of the
next seeds; the last line says how many, and why.
"""

import argparse
import collections
import concurrent.futures
import dataclasses
import itertools
import pathlib
import random
import shutil
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "e2e"))

import counts
import programs
import toolchain
from programs import Program, Unfit
from run_programs import USUAL_LOSSES, difference
from toolchain import Failure, Mode

WORKERS = 2
LEVELS = ("O0", "O1", "O2", "O3", "Os")


def modes(kind):
    compilers = [f"clang-{v}" for v in toolchain.llvm_versions()]
    if kind == "hooks":
        compilers.append("gcc")
    return [Mode(kind, compiler, level) for compiler in compilers for level in LEVELS]


def choose_modes(seed, number):
    """As many builds for this seed; None: all."""
    plugin, hooks, draw = modes("plugin"), modes("hooks"), random.Random(seed)
    if number is None:
        chosen = plugin + hooks
    else:
        others = [mode for mode in plugin if mode.level != "O0"]
        chosen = [draw.choice([mode for mode in plugin if mode.level == "O0"]), draw.choice(hooks),
                  *draw.sample(others, min(number - 2, len(others)))]
    return [dataclasses.replace(mode, debug=draw.random() < 0.75) for mode in chosen]


@dataclasses.dataclass
class Result:
    """What came of one seed."""
    program: Program
    modes: tuple = ()
    truth: counts.Counts = counts.Counts({})
    unfit: str = ""
    complaints: dict = dataclasses.field(default_factory=dict)  # of lines, by what they are about


def complaints_of_run(ran, plain, run_json):
    for what, of_ran, of_plain in (("exit status", str(ran.status), str(plain.status)),
                                   ("stdout", ran.stdout, plain.stdout),
                                   ("stderr", ran.stderr, plain.stderr)):
        if of_ran != of_plain:
            yield f"{what}: {difference(of_plain, of_ran)}"
    losses = {k: v for k, v in run_json["losses"].items() if v and k not in USUAL_LOSSES}
    if losses:
        yield f"losses: {losses}"


def check_build(program, mode, plain, truth):
    """What is wrong with one build, line by line."""
    try:
        built = program.compile(mode, str(mode).replace(" ", ""))
        ran = toolchain.run([built], built.parent)
        profile, run_json = toolchain.read_profile(built.parent / "program.tally")
        return [*complaints_of_run(ran, plain, run_json),
                *counts.differences(truth, counts.of_profile(profile))]
    except Exception as error:  # each failure is reported, and the next build tried
        return [f"{type(error).__name__}: {error}"]


def check(program, hooks, arguments):
    result = Result(program, choose_modes(program.seed, arguments.builds))
    program.where.mkdir()
    try:
        program.generate()
        result.truth = program.count_independently(hooks, arguments.limit)
        plain = program.run_plain(arguments.limit)
        for mode in result.modes:
            lines = check_build(program, mode, plain, result.truth)
            if lines:
                result.complaints[str(mode)] = lines
    except Unfit as reason:
        result.unfit = str(reason)
    except Exception as error:  # so that one program does not end the whole run
        result.complaints["without Tally"] = [f"{type(error).__name__}: {error}"]
    if result.complaints and arguments.keep:
        shutil.copytree(program.where, arguments.keep / program.where.name, dirs_exist_ok=True)
    shutil.rmtree(program.where)
    return result


def report(result):
    """Says what is wrong with a program; whether anything is."""
    if result.complaints:
        print(f"FAILED seed {result.program.seed}: csmith {' '.join(result.program.options)}")
        print(f"    builds: {', '.join(map(str, result.modes))}")
    for what, lines in result.complaints.items():
        print(f"    {what}:")
        print("\n".join(f"        {line}" for line in lines), flush=True)
    return bool(result.complaints)


def results(seeds, number, check_seed):
    """Yields a Result for each of `number` seeds, and for as many more as are unfit."""
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as workers:
        pending = {workers.submit(check_seed, seed) for seed in itertools.islice(seeds, number)}
        while pending:
            done, pending = concurrent.futures.wait(
                pending, return_when=concurrent.futures.FIRST_COMPLETED)
            for future in done:
                yield future.result()
                if future.result().unfit:
                    pending |= {workers.submit(check_seed, s) for s in itertools.islice(seeds, 1)}


def summary(compared, failed, unfit, seconds):
    functions = [result.truth.functions() for result in compared]
    builds = [mode for result in compared for mode in result.modes]
    why = "; ".join(f"{number}: {reason}" for reason, number in sorted(unfit.items()))
    return (f"csmith: {len(compared) - failed} of {len(compared)} programs agree, "
            f"in {len(builds)} builds of {len(set(builds))} kinds, "
            f"{sum(map(len, functions)):,} functions, "
            f"{sum(sum(of_one.values()) for of_one in functions):,} calls and "
            f"{sum(len(result.truth.edges) for result in compared):,} edges compared; "
            f"{sum(unfit.values())} programs replaced{f' ({why})' if why else ''}; {seconds:.0f} s")


def seeds_of(text):
    return [int(word) for word in text.split(",")]


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--programs", type=int, default=50, metavar="N")
    parser.add_argument("--start", type=int, default=1, metavar="SEED", help="the first seed")
    parser.add_argument("--seeds", type=seeds_of, metavar="S,…", help="these and no others")
    parser.add_argument("--except", type=seeds_of, default=[], dest="passed_over", metavar="S,…",
                        help="not these, known to make unfit programs")
    parser.add_argument("--builds", type=lambda text: None if text == "all" else int(text),
                        default=6, metavar="N|all", help="of each program (default: %(default)s)")
    parser.add_argument("--limit", type=int, default=1, metavar="S",
                        help="seconds of processor time for the plain program")
    parser.add_argument("--keep", type=pathlib.Path, metavar="DIRECTORY",
                        help="where programs that fail are kept, with their builds")
    return parser.parse_args()


def main():
    arguments, started = parse_arguments(), time.monotonic()
    programs.include_directory()
    for line in toolchain.missing():
        print(f"skipped: {line}")
    if not toolchain.llvm_versions() or not shutil.which("gcc"):
        raise Failure("gcc, and a clang with a plugin for it, are needed")
    seeds = (seed for seed in arguments.seeds or itertools.count(arguments.start)
             if seed not in arguments.passed_over)
    number = len(arguments.seeds or []) or arguments.programs
    compared, unfit, failed = [], collections.Counter(), 0
    with tempfile.TemporaryDirectory(prefix="tally-csmith-") as name:
        work = pathlib.Path(name)
        hooks = programs.compile_counting_hooks(work)
        for result in results(seeds, number, lambda seed: check(
                Program(seed, work / f"seed-{seed}"), hooks, arguments)):
            if result.unfit:
                unfit[result.unfit] += 1
            else:
                compared.append(result)
                failed += report(result)
                if len(compared) % 100 == 0:
                    print(f"{len(compared)} programs compared", flush=True)
    print(summary(compared, failed, unfit, time.monotonic() - started))
    return 1 if failed or not compared else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failure as failure:
        sys.exit(f"run_csmith.py: {failure}")
