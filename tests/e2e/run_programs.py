#!/usr/bin/env python3
"""Compiles the programs of one group in every way of the matrix, runs them, and compares.

    run_programs.py GROUP [PROGRAM]

A program says in its comments what it belongs to and how it is built:

    // GROUP name
    // MATRIX full | usual | few       how much of the matrix of toolchain.modes (default: full)
    // MODES plugin | hooks            default: both
    // LEVELS O2 O3                    only these
    // COMPILERS clang-19 gcc          only these
    // FLAGS -pthread                  for the compiler, also of plain builds
    // WITH other.c                    further source files
    // SHARED lib.c                    linked as a shared library, lib.so
    // MODULE plug.c                   made a shared library beside the program, for dlopen
    // STATUS 3 | SIGSEGV              how it ends (default: 0)
    // LOSSES exits_unmatched          losses that run.json may tell of
    // VARIES key                      the N of a printed line key=N is not the same in each run
    // EXPECT …                        see expectations.py

Beyond these expectations, each run must end and print as the plain build of the same compiler does,
say nothing on standard error that the plain one does not, and lose nothing. Builds with -O2 -g run
once more with each other timing: what is counted must not depend on what is timed.
"""

import concurrent.futures
import difflib
import pathlib
import re
import signal
import sys
import tempfile
import threading

import expectations
import toolchain
from toolchain import Failure

WORKERS = 2
DIRECTIVE = re.compile(r"^//\s*(GROUP|MATRIX|MODES|LEVELS|COMPILERS|FLAGS|WITH|SHARED|MODULE|"
                       r"STATUS|LOSSES|VARIES)\b\s*(.*)$", re.MULTILINE)
# Losses that are no error: a probe's cost that exceeded what a context had is clock noise.
USUAL_LOSSES = {"clamped_ns", "clamped_contexts"}


def difference(plain, counted):
    """The lines that only one of two texts has: - plain, + counted."""
    lines = difflib.unified_diff(plain.splitlines(), counted.splitlines(), n=0, lineterm="")
    return ", ".join(line for line in lines if not line.startswith(("---", "+++", "@@")))


class Program:
    def __init__(self, path):
        self.path = path
        self.settings = {word: rest.split() for word, rest in DIRECTIVE.findall(path.read_text())}
        self.expectations, self.names = expectations.parse(path)
        self.group = self.settings.get("GROUP", [""])[0]
        self.plain_runs, self.lock = {}, threading.Lock()

    def get(self, word, default=()):
        return self.settings.get(word, list(default))

    def modes(self):
        kinds = tuple(self.get("MODES", ("plugin", "hooks")))
        levels, compilers = self.get("LEVELS"), self.get("COMPILERS")
        return [mode for mode in toolchain.modes(kinds, self.get("MATRIX", ["full"])[0])
                if mode.level in (levels or [mode.level]) and
                mode.compiler in (compilers or [mode.compiler])]

    def build(self, mode, where):
        where.mkdir(parents=True)
        for source in self.get("MODULE"):
            toolchain.compile_library(mode, toolchain.PROGRAMS / source,
                                      where / (pathlib.Path(source).stem + ".so"),
                                      self.get("FLAGS"))
        shared = []
        for source in self.get("SHARED"):
            shared.append(where / (pathlib.Path(source).stem + ".so"))
            toolchain.compile_library(mode, toolchain.PROGRAMS / source, shared[-1],
                                      self.get("FLAGS"))
        sources = [self.path, *(toolchain.PROGRAMS / name for name in self.get("WITH"))]
        toolchain.compile_program(mode, sources, where / self.path.stem,
                                  [*self.get("FLAGS"), *shared, f"-Wl,-rpath,{where}"])

    def run(self, where, options=None):
        return toolchain.run([where / self.path.stem], where, options)

    def plain_run(self, mode, where):
        """The run to compare with, made once for each compiler."""
        with self.lock:
            key = str(mode.plain())
            if key not in self.plain_runs:
                directory = where / f"{self.path.stem} {key}"
                self.build(mode.plain(), directory)
                ran = self.run(directory)
                if ran.status != self.status():
                    raise Failure(f"the plain program ends with {ran.status}:\n{ran.stderr}")
                self.plain_runs[key] = ran
            return self.plain_runs[key]

    def status(self):
        text = self.get("STATUS", ["0"])[0]
        return -signal.Signals[text] if text.startswith("SIG") else int(text)

    def constant(self, stdout):
        for key in self.get("VARIES"):
            stdout = re.sub(rf"^{key}=\d+$", f"{key}=…", stdout, flags=re.MULTILINE)
        return stdout

    def compare(self, mode, plain, ran, profile, run_json):
        out = [f"{what}: {difference(of_plain, of_ran)}" for what, of_ran, of_plain in
               (("exit status", str(ran.status), str(plain.status)),
                ("stdout", self.constant(ran.stdout), self.constant(plain.stdout)),
                ("stderr", ran.stderr, plain.stderr)) if of_ran != of_plain]
        expected = USUAL_LOSSES | set(self.get("LOSSES"))
        losses = {k: v for k, v in run_json["losses"].items() if v and k not in expected}
        if losses:
            out.append(f"losses: {losses}")
        comparison = expectations.Comparison(profile, run_json, ran.stdout, self.names)
        return out + expectations.compare(self.expectations, mode.traits, comparison)

    def complaints(self, mode, where):
        plain = self.plain_run(mode, where)
        directory = where / f"{self.path.stem} {mode}"
        self.build(mode, directory)
        ran = self.run(directory)
        read = toolchain.read_profile(directory / f"{self.path.stem}.tally")
        out = self.compare(mode, plain, ran, *read)
        is_run_again = mode.level == "O2" and mode.debug and not mode.timing
        for timing in toolchain.TIMINGS[1:] if is_run_again else ():
            ran = self.run(directory, {"TALLY_OPTIONS": f"timing={timing}:out=%e.{timing}.tally"})
            read = toolchain.read_profile(directory / f"{self.path.stem}.{timing}.tally")
            out += [f"timing={timing}: {line}" for line in self.compare(mode, plain, ran, *read)]
        return out


def programs(group, name):
    every = [Program(path) for path in sorted(toolchain.PROGRAMS.glob("**/*.c*"))]
    chosen = [p for p in every if p.group == group and name in (None, p.path.name)]
    if not chosen:
        sys.exit(f"run_programs.py: no program of group {group}; there are "
                 f"{' '.join(sorted({p.group for p in every} - {''}))}")
    return chosen


def attempt(program, mode, where):
    try:
        return program.complaints(mode, where)
    except Exception as error:  # each failure is reported, and the next build tried
        return [f"{type(error).__name__}: {error}"]


def main(group, name=None):
    for line in toolchain.missing():
        print(f"skipped: {line}")
    if not toolchain.modes():
        sys.exit("run_programs.py: no compiler that Tally works with is installed")
    failed = total = 0
    with tempfile.TemporaryDirectory(prefix="tally-e2e-") as directory, \
            concurrent.futures.ThreadPoolExecutor(WORKERS) as workers:
        started = [(program, mode, workers.submit(attempt, program, mode, pathlib.Path(directory)))
                   for program in programs(group, name) for mode in program.modes()]
        for program, mode, future in started:
            total += 1
            if future.result():
                failed += 1
                print(f"FAILED {program.path.name} ({mode})")
                print("\n".join(f"    {line}" for line in future.result()))
    print(f"{group}: {total - failed} of {total} builds as expected")
    return 1 if failed or not total else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
