"""Real programs: how much longer they run, whether they still print the same, how many calls.

The calls that Tally reports are compared with a count that owes it nothing: gcc's hooks and a stub
that only counts (programs/count_calls.c).
"""
import re
from dataclasses import dataclass
from pathlib import Path

from . import sources
from .builds import Recipe, Variant, compile_all, compile_program, text_bytes
from .measure import Launcher, Progress, Rounds, Run, ratios, summary
from .system import PROGRAMS, BenchError, Places


@dataclass(frozen=True)
class Workload:
    title: str
    package: str
    recipe: Recipe
    arguments: tuple[str, ...]
    verify: tuple[str, ...] = ()  # arguments of a run that checks its own results in depth
    noise: str = r"$^"            # what differs from run to run, in the output


def workloads(places: Places, progress: Progress) -> tuple[list[Workload], list[str]]:
    found, missing = [], []
    script = Path(__file__).resolve().parents[1] / "lua_bench.lua"
    makers = {
        "Lua": lambda: Workload("Lua 5.4, lua_bench.lua", "lua5.4", sources.lua(places),
                                (str(script),)),
        "SQLite": lambda: Workload("SQLite speedtest1 --size 20", "sqlite3", sources.sqlite(places),
                                   ("--size", "20"), ("--size", "20", "--verify"),
                                   r"\d+\.\d+s$"),
    }
    for name, make in makers.items():
        progress(f"{name}: sources")
        try:
            found.append(make())
        except BenchError as error:
            missing.append(f"{name}: {error}")
    return found, missing


def _same_text(workload: Workload, output: str) -> str:
    return re.sub(workload.noise, "", output, flags=re.MULTILINE)


def _independent_count(places: Places, launcher: Launcher, workload: Workload) -> int | None:
    """Calls that gcc's hooks see; None where gcc is not there."""
    recipe = Recipe(workload.recipe.name, (*workload.recipe.sources, PROGRAMS / "count_calls.c"),
                    (*workload.recipe.flags, "-finstrument-functions"), workload.recipe.libraries)
    variant = Variant("counting stub", "gcc")
    result = launcher.run(variant, compile_program(places, recipe, variant),
                          list(workload.arguments))
    found = re.search(r"^calls: (\d+)$", result.messages, re.MULTILINE)
    return int(found[1]) if found else None


class Measured:
    """What is known of one variant on one workload."""

    def __init__(self, variant: Variant):
        self.variant = variant
        self.runs: dict[int, Run] = {}
        self.total_calls: int | None = None
        self.failure: str | None = None
        self.notes: set[str] = set()

    def take(self, workload: Workload, result: Run, expected: str | None) -> None:
        for line in result.messages.splitlines():
            if re.search(r"\bLOST\b|^tally:", line):
                self.notes.add(re.sub(r"\x1b\[[0-9;]*m", "", line).strip())
        if result.status != 0:
            self.failure = f"exit status {result.status}"
        elif expected is not None and _same_text(workload, result.output) != expected:
            self.failure = "prints something else than the plain program"


def measure(places: Places, launcher: Launcher, workload: Workload, todo: list[Variant],
            rounds: int, slow_rounds: int, progress: Progress) -> dict:
    progress(f"{workload.title}: compiling")
    programs = compile_all(places, workload.recipe, todo)
    measured = {variant.key: Measured(variant) for variant in todo}
    expected = _first_runs(launcher, workload, programs, measured, progress)
    for number, variant in Rounds(todo, rounds, slow_rounds):
        if variant is todo[number % len(todo)]:
            progress(f"{workload.title}: round {number + 1} of {rounds}")
        one = measured[variant.key]
        if one.failure:
            continue
        result = launcher.run(variant, programs[variant.key], list(workload.arguments))
        one.take(workload, result, expected)
        if not one.failure:
            one.runs[number] = result
    count = None
    if any(variant.compiler == "gcc" for variant in todo):
        progress(f"{workload.title}: counting calls independently")
        count = _independent_count(places, launcher, workload)
    return {"title": workload.title, "source": sources.version(places, workload.package),
            "calls_independent": count,
            "variants": [_row(one, measured[one.variant.baseline], programs)
                         for one in measured.values()]}


def _first_runs(launcher, workload, programs, measured, progress) -> str:
    """Unmeasured: caches get warm, outputs and the program's own checks are compared."""
    expected: dict[str, str] = {}
    for key, one in measured.items():
        if one.variant.is_slow:
            continue
        progress(f"{workload.title}: first run, {key}")
        for kind, arguments in (("plain run", workload.arguments), ("checks", workload.verify)):
            if not arguments:
                continue
            result = launcher.run(one.variant, programs[key], list(arguments),
                                  read_profile=kind == "plain run")
            one.take(workload, result, expected.get(kind))
            expected.setdefault(kind, _same_text(workload, result.output))
            if kind == "plain run":
                one.total_calls = result.total_calls
    return expected["plain run"]


def _row(one: Measured, plain: Measured, programs: dict[str, Path]) -> dict:
    row = {"tool": one.variant.tool, "compiler": one.variant.compiler, "failure": one.failure,
           "notes": sorted(one.notes), "total_calls": one.total_calls,
           "text_bytes": text_bytes(programs[one.variant.key]),
           "plain_text_bytes": text_bytes(programs[plain.variant.key])}
    if one.runs and plain.runs and not one.failure:
        for name in ("wall_s", "cpu_s"):
            mine = {number: getattr(run, name) for number, run in one.runs.items()}
            base = {number: getattr(run, name) for number, run in plain.runs.items()}
            row[name] = summary(list(mine.values()))
            row[f"{name}_to_plain"] = summary(ratios(mine, base))
        row["written_bytes"] = summary([run.written_bytes for run in one.runs.values()])
        row["peak_kib"] = summary([run.peak_kib for run in one.runs.values()])
    return row
