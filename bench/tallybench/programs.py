"""Real programs: how much longer they run, whether they still print the same, how many calls.

The calls that Tally reports are compared with a count that owes it nothing: gcc's hooks and a stub
that only counts (programs/count_calls.c).
"""
import re
from dataclasses import dataclass, field
from pathlib import Path

from . import sources
from .builds import Recipe, compile_all, compile_program, text_bytes
from .measure import Rounds, Run, Session, ratios, summary, total_calls
from .system import PROGRAMS, BenchError
from .tables import identity
from .variants import Variant


SQLITE_NOISE = r" *\d+\.\d+s$"  # its times, to the right of a column
LUA_AIMS = {"tally plugin": 6.5, "tally adaptive": 1.8, "tally counts only": 1.40}
SQLITE_AIMS = {"tally plugin": 2.5, "tally adaptive": 1.2, "tally counts only": 1.08}


@dataclass(frozen=True)
class Workload:
    title: str
    package: str
    recipe: Recipe
    arguments: tuple[str, ...]
    verify: tuple[str, ...] = ()  # arguments of a run that checks its own results in depth
    noise: str = r"$^"            # what differs from run to run, in the output
    aims: dict = field(default_factory=dict)  # tool: most times of plain


def workloads(session: Session) -> list[Workload]:
    """Those whose sources can be had."""
    found, places = [], session.places
    script = Path(__file__).resolve().parents[1] / "lua_bench.lua"
    makers = {
        "Lua": lambda: Workload("Lua 5.4, lua_bench.lua", "lua5.4", sources.lua(places),
                                (str(script),), aims=LUA_AIMS),
        "SQLite": lambda: Workload("SQLite speedtest1 --size 20", "sqlite3", sources.sqlite(places),
                                   ("--size", "20"), ("--size", "20", "--verify"),
                                   SQLITE_NOISE, SQLITE_AIMS),
    }
    for name, make in makers.items():
        session.progress(f"{name}: sources")
        try:
            found.append(make())
        except BenchError as error:
            session.missing.append(f"{name}: {error}")
    return found


def same_text(noise: str, output: str) -> str:
    return re.sub(noise, "", output, flags=re.MULTILINE)


def _independent_count(session: Session, workload: Workload) -> int | None:
    """Calls that gcc's hooks see; None where gcc is not there."""
    recipe = Recipe(workload.recipe.name, (*workload.recipe.sources, PROGRAMS / "count_calls.c"),
                    (*workload.recipe.flags, "-finstrument-functions"), workload.recipe.libraries)
    variant = Variant("counting stub", "gcc", "counting stub")
    program = compile_program(session.places, recipe, variant)
    result = session.launcher.run(variant, program, list(workload.arguments))
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
        elif expected is not None and same_text(workload.noise, result.output) != expected:
            self.failure = "prints something else than the plain program"


def measure(session: Session, workload: Workload) -> dict:
    session.progress(f"{workload.title}: compiling")
    programs = compile_all(session.places, workload.recipe, session.todo, session.missing)
    todo = [variant for variant in session.todo if variant.key in programs]
    measured = {variant.key: Measured(variant) for variant in todo}
    expected = _first_runs(session, workload, programs, measured)
    for number, variant in Rounds(todo, session.rounds, session.slow_rounds):
        if variant is todo[number % len(todo)]:
            session.progress(f"{workload.title}: round {number + 1} of {session.rounds}")
        one = measured[variant.key]
        if one.failure:
            continue
        result = session.launcher.run(variant, programs[variant.key], list(workload.arguments))
        one.take(workload, result, expected)
        if not one.failure:
            one.runs[number] = result
    count = None
    if any(variant.compiler == "gcc" for variant in todo):
        session.progress(f"{workload.title}: counting calls independently")
        count = _independent_count(session, workload)
    return {"title": workload.title, "source": sources.version(session.places, workload.package),
            "calls_independent": count,
            "variants": [_row(one, measured, workload, programs) for one in measured.values()]}


def _first_runs(session: Session, workload: Workload, programs: dict[str, Path],
                measured: dict[str, Measured]) -> str:
    """Unmeasured: caches get warm, outputs and the program's own checks are compared."""
    expected: dict[str, str] = {}
    for key, one in measured.items():
        if one.variant.is_slow:
            continue
        session.progress(f"{workload.title}: first run, {key}")
        for kind, arguments in (("plain run", workload.arguments), ("checks", workload.verify)):
            if not arguments:
                continue
            is_counted = kind == "plain run" and one.variant.is_tally
            result = session.launcher.run(
                one.variant, programs[key], list(arguments),
                (lambda directory: total_calls(session.places, directory / "run.tally"))
                if is_counted else None)
            one.take(workload, result, expected.get(kind))
            expected.setdefault(kind, same_text(workload.noise, result.output))
            if is_counted:
                one.total_calls = result.read
    return expected["plain run"]


def _row(one: Measured, measured: dict[str, Measured], workload: Workload,
         programs: dict[str, Path]) -> dict:
    variant = one.variant
    plain = measured[variant.baseline]
    row = {**identity(variant), "failure": one.failure, "notes": sorted(one.notes),
           "total_calls": one.total_calls, "aim": workload.aims.get(variant.tool),
           "text_bytes": text_bytes(programs[variant.key]),
           "plain_text_bytes": text_bytes(programs[variant.baseline])}
    if one.runs and plain.runs and not one.failure:
        for name in ("wall_s", "cpu_s"):
            mine, base = _figures(one, name), _figures(plain, name)
            row[name] = summary(list(mine.values()))
            row[f"{name}_to_plain"] = summary(ratios(mine, base))
        row["written_bytes"] = summary([run.written_bytes for run in one.runs.values()])
        row["peak_kib"] = summary([run.peak_kib for run in one.runs.values()])
        fixed = measured.get(f"{variant.fixed}/{variant.compiler}")
        if fixed and fixed.runs:
            row["to_fixed"] = summary(ratios(_figures(one, "wall_s"), _figures(fixed, "wall_s")))
    return row


def _figures(one: Measured, name: str) -> dict[int, float]:
    """By round."""
    return {number: getattr(run, name) for number, run in one.runs.items()}
