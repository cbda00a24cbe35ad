"""Measuring: one run of a program, rounds over all variants, and what is said about them.

In each round every variant runs once, one after the other, beginning with another one each time.
What is compared are the two runs of the same round: a ratio of neighbours in time, so that a
machine that is slow for a while is slow for both. Said is the median of the ratios of all rounds,
and their quartiles as the spread. Nothing is thrown away but the first, unmeasured round.
"""
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .system import PROGRAMS, BenchError, Places, run
from .variants import Variant

TIMEOUT_S = 900
NOT_WRITTEN = {"program", "figures"}  # put there by the launcher


@dataclass
class Run:
    wall_s: float
    cpu_s: float
    peak_kib: int
    status: int
    output: str
    messages: str
    ended_ns: int          # on the clock that programs read as CLOCK_MONOTONIC
    written_bytes: int = 0  # what the profiler left behind
    read: Any = None        # from what it left behind, where that was asked for


class Launcher:
    """Starts programs from a small process (see programs/launch.c), each in an empty directory.

    The directory and the program's name in it are the same for all variants: a program that keeps
    its own name in memory (Lua does, and it moves the steps of its collector) must not do other
    work for another name.
    """

    def __init__(self, places: Places):
        self.places = places
        self.directory = places.scratch / "run"
        self.program = places.builds / "launch"
        run(["cc", "-O2", "-o", self.program, PROGRAMS / "launch.c"])

    def run(self, variant: Variant, program: Path, arguments: list[str],
            read: Callable[[Path], Any] | None = None, prefix: tuple[str, ...] = ()) -> Run:
        """A compiled program, the way its profiler wants it.

        `read` gets the directory before it is emptied; `prefix` stands before the command.
        """
        with self._empty_directory() as directory:
            os.link(program, directory / "program")
            command = variant.run_command(directory / "program", arguments, directory)
            result = self._launch(variant, [*prefix, *command])
            result.written_bytes = sum(path.stat().st_size for path in directory.rglob("*")
                                       if path.is_file() and path.name not in NOT_WRITTEN)
            if read and result.status == 0:
                result.read = read(directory)
            return result

    def run_compiler(self, variant: Variant, command: list[str]) -> Run:
        with self._empty_directory():
            return self._launch(variant, command)

    @contextlib.contextmanager
    def _empty_directory(self):
        shutil.rmtree(self.directory, ignore_errors=True)
        self.directory.mkdir()
        try:
            yield self.directory
        finally:
            shutil.rmtree(self.directory, ignore_errors=True)

    def _launch(self, variant: Variant, command: list[str]) -> Run:
        figures = self.directory / "figures"
        try:
            done = subprocess.run([str(self.program), str(figures), *command], cwd=self.directory,
                                  env=variant.environment(self.directory),
                                  stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                  errors="replace", check=False, timeout=TIMEOUT_S)
        except subprocess.TimeoutExpired as error:
            raise BenchError(f"{command[0]}: still running after {TIMEOUT_S} s") from error
        if done.returncode != 0:
            raise BenchError(f"{command[0]}: {done.stderr.strip()}")
        wall_ns, user_us, system_us, peak_kib, status, ended_ns = map(
            int, figures.read_text().split())
        return Run(wall_ns / 1e9, (user_us + system_us) / 1e6, peak_kib, status, done.stdout,
                   done.stderr, ended_ns)


def total_calls(places: Places, profile: Path) -> int:
    return json.loads(run([places.tally, "top", "--json", profile]))["total_calls"]


def summary(values: list[float]) -> dict:
    """Median, quartiles and extremes; `values` in the order they were measured."""
    if len(values) > 1:
        low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    else:
        low = high = values[0]
    return {"median": statistics.median(values), "q1": low, "q3": high, "min": min(values),
            "max": max(values), "values": values}


class Rounds:
    """Which variant runs when."""

    def __init__(self, todo: list[Variant], rounds: int, slow_rounds: int):
        self.todo, self.rounds, self.slow_rounds = todo, rounds, slow_rounds

    def __iter__(self):
        for number in range(self.rounds):
            first = number % len(self.todo)
            for variant in self.todo[first:] + self.todo[:first]:
                if not variant.is_slow or number < self.slow_rounds:
                    yield number, variant


def ratios(of: dict[int, float], to: dict[int, float]) -> list[float]:
    """Round by round, where both were measured."""
    return [of[number] / to[number] for number in sorted(of) if number in to]


@dataclass
class Session:
    """What every part needs to measure."""
    places: Places
    launcher: Launcher
    progress: "Progress"
    todo: list[Variant]
    missing: list[str]  # what is not measured, and why; parts add to it
    quick: bool
    rounds: int
    only: tuple[str, ...] = ()  # sections of the part, where not all of them are wanted

    @property
    def slow_rounds(self) -> int:
        return min(self.rounds, 1 if self.quick else 3)

    def of(self, *tools: str) -> list[Variant]:
        """These tools, with the newest clang and with gcc."""
        newest = next((one.compiler for one in self.todo if one.compiler != "gcc"), "gcc")
        return [one for one in self.todo if one.tool in tools and one.compiler in (newest, "gcc")]


class Progress:
    """A line on standard error for each step, so that a long bench is seen to go on."""

    def __init__(self, stream):
        self.stream, self.start = stream, time.monotonic()

    def __call__(self, text: str) -> None:
        print(f"[{time.monotonic() - self.start:6.1f} s] {text}", file=self.stream, flush=True)
