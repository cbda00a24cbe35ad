"""Part `heap`: what it costs to know every allocation.

Small loops that allocate and nothing else (programs/heap*.c), which tell their own times; whole
programs; and what the table of live blocks takes. Rounds, neighbours and medians as everywhere
(measure.py). Who does not end in time, or fails, has that instead of figures.
"""
import json
import re
import statistics
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from . import programs
from .builds import Recipe, compile_all
from .heap_variants import LIMIT_S, STOPPED, Profiler, profilers
from .measure import Rounds, Run, Session, ratios, summary
from .micro import has_two_processors
from .system import PROGRAMS
from .tables import aim, identity, name, number, size, spread, table

AIM_PAIR_NS = 30
AIM_PAIR_TO_HEAPTRACK, AIM_LIVE_TO_HEAPTRACK = 0.25, 0.5
AIM_BLOCK_BYTES = 32
GROWN, GROWN_QUICK = (1_000_000, 10_000_000), (1_000_000,)


def _recipe(source: str, *libraries: str) -> Recipe:
    headers = ("allocate.h", "batches.h", "resident.h", "side_by_side.h")
    return Recipe(source.partition(".")[0], (PROGRAMS / source,), (), libraries,
                  tuple(PROGRAMS / name for name in headers))


ALONE, IN_THREADS = _recipe("heap.c"), _recipe("heap_threads.c", "-pthread")


@dataclass(frozen=True)
class Loop:
    name: str
    title: str
    recipe: Recipe
    size: int  # of a batch, so that it takes well under a millisecond when plain
    aim_ns: float | None = None
    aim_to_heaptrack: float | None = None


LOOPS = (
    Loop("pair", "malloc and free of 64 bytes", ALONE, 5000, AIM_PAIR_NS, AIM_PAIR_TO_HEAPTRACK),
    Loop("live", "a million live blocks: free one at random, allocate another", ALONE, 2000, None,
         AIM_LIVE_TO_HEAPTRACK),
    Loop("one", "malloc and free, the code of the next table in 1 thread", IN_THREADS, 5000),
    Loop("two", "malloc and free, in 2 threads at once", IN_THREADS, 5000),
)
BATCHES, BATCHES_SLOW = 200, 20


HEAPTRACK, TALLY = "heaptrack", "tally heap=full"


def measure(session: Session) -> dict:
    todo = profilers(session)
    return {"limit_s": LIMIT_S, "loops": _loops(session, todo),
            "programs": [_program(session, todo, one) for one in _workloads(session)],
            "grown": _grown(session, todo)}


@dataclass
class Runs:
    """Of one profiler in all rounds; after a failure, it was not run again."""
    profiler: Profiler
    by_round: dict[int, Run]
    failure: str | None = None

    def take(self, round_: int, result: Run, expected: str) -> None:
        """`expected` is part of what it prints; heaptrack says more on standard output."""
        if result.status in STOPPED:
            self.failure = f"did not end in {LIMIT_S} s"
        elif result.status != 0:
            self.failure = f"exit status {result.status}"
        elif expected not in result.output:
            self.failure = "prints something else than the plain program"
        else:
            self.by_round[round_] = result

    def figures(self, of: Callable[[Run], float]) -> dict[int, float]:
        return {round_: of(result) for round_, result in self.by_round.items()}


def _in_rounds(session: Session, todo: list[Profiler], rounds: int, what: str,
               run: Callable[[Profiler], Run], expected: str = "") -> dict[str, Runs]:
    """By profiler."""
    found = {profiler.key: Runs(profiler, {}) for profiler in todo}
    for round_, profiler in Rounds(todo, rounds, min(rounds, session.slow_rounds)):
        if not found[profiler.key].failure:
            session.progress(f"{what}, round {round_ + 1} of {rounds}: {profiler.tool}")
            found[profiler.key].take(round_, run(profiler), expected)
    return found


# ---- loops ----

def median_ns(output: str) -> float:
    """Of the second figure of each line that is two figures."""
    lines = re.findall(r"^[\d.]+ ([\d.]+)$", output, re.MULTILINE)
    return statistics.median(map(float, lines))


def _loops(session: Session, todo: list[Profiler]) -> list[dict]:
    rows: list[dict] = []
    alone: dict[str, dict[int, float]] = {}  # of the loop "one"
    for loop in LOOPS:
        if loop.name == "two" and not has_two_processors(session):
            continue
        programs_ = compile_all(session.places, loop.recipe, todo, session.missing)

        def run(profiler: Profiler, loop=loop, programs_=programs_) -> Run:
            batches = BATCHES_SLOW if profiler.is_slow else BATCHES
            batch = loop.size // 10 if profiler.is_slow else loop.size
            return session.launcher.run(profiler, programs_[profiler.key],
                                        [loop.name, str(batches), str(batch)])

        measured = _in_rounds(session, [one for one in todo if one.key in programs_],
                              session.rounds, loop.title, run)
        ns = {key: runs.figures(lambda result: median_ns(result.output))
              for key, runs in measured.items()}
        rows += [_loop_row(loop, runs, ns, alone) for runs in measured.values()]
        alone = ns if loop.name == "one" else alone
    return rows


def _loop_row(loop: Loop, runs: Runs, ns: dict, alone: dict) -> dict:
    profiler = runs.profiler
    mine = ns[profiler.key]
    row = {**identity(profiler), "loop": loop.name, "failure": runs.failure,
           "aim_ns": loop.aim_ns if profiler.tool == TALLY else None,
           "aim_to_heaptrack": loop.aim_to_heaptrack if profiler.tool == TALLY else None}
    if not mine:
        return row
    added = differences(mine, ns[profiler.baseline])
    row["ns"] = summary(list(mine.values()))
    row["added_ns"] = summary(list(added.values())) if added else None
    heaptrack = f"{HEAPTRACK}/{profiler.compiler}"
    if heaptrack in ns and profiler.looks_on:
        to_heaptrack = ratios(added, differences(ns[heaptrack], ns[f"plain/{profiler.compiler}"]))
        row["to_heaptrack"] = summary(to_heaptrack) if to_heaptrack else None
    if loop.name == "two":
        row["to_one_thread"] = summary(ratios(mine, alone[profiler.key]))
    return row


def differences(of: dict[int, float], to: dict[int, float]) -> dict[int, float]:
    """Round by round, where both were measured."""
    return {round_: of[round_] - to[round_] for round_ in of if round_ in to}


# ---- whole programs ----

def _workloads(session: Session) -> list[programs.Workload]:
    """Those of the part `cost`, and a script for Lua that does little but allocate."""
    found = []
    for workload in programs.workloads(session):
        found.append(workload)
        if workload.package == "lua5.4":
            script = Path(workload.arguments[0]).with_name("lua_allocations.lua")
            found.append(replace(workload, title=f"Lua 5.4, {script.name}",
                                 arguments=(str(script),)))
    return found


def _program(session: Session, todo: list[Profiler], workload: programs.Workload) -> dict:
    session.progress(f"{workload.title}: compiling")
    built = compile_all(session.places, workload.recipe, todo, session.missing)

    def run(profiler: Profiler) -> Run:
        result = session.launcher.run(profiler, built[profiler.key], list(workload.arguments))
        result.output = programs.same_text(workload.noise, result.output)
        return result

    todo = [profiler for profiler in todo if profiler.key in built]
    expected = run(todo[0]).output
    measured = _in_rounds(session, todo, session.rounds, workload.title, run, expected)
    return {"title": workload.title,
            "profilers": [_program_row(runs, measured) for runs in measured.values()]}


def _program_row(runs: Runs, measured: dict[str, Runs]) -> dict:
    profiler = runs.profiler
    row = {**identity(profiler), "failure": runs.failure}
    if not runs.by_round:
        return row

    def to(tool: str) -> dict | None:
        other = measured[f"{tool}/{profiler.compiler}"].figures(lambda run: run.wall_s)
        compared = ratios(runs.figures(lambda run: run.wall_s), other)
        return summary(compared) if compared else None

    for figure in ("wall_s", "peak_kib", "written_bytes"):
        row[figure] = summary(list(runs.figures(lambda run, figure=figure:
                                                getattr(run, figure)).values()))
    return {**row, "to_plain": to("plain"), "to_same": to(profiler.but_for or profiler.without)}


# ---- the table of live blocks ----

def _grown(session: Session, todo: list[Profiler]) -> list[dict]:
    todo = [one for one in todo if one.is_tally or one.is_plain]
    built = compile_all(session.places, ALONE, todo, session.missing)
    rows = []
    for blocks in GROWN_QUICK if session.quick else GROWN:
        def run(profiler: Profiler, blocks=blocks) -> Run:
            return session.launcher.run(profiler, built[profiler.key], ["grow", str(blocks)],
                                        table_bytes if profiler.is_tally else None)

        measured = _in_rounds(session, todo, session.slow_rounds, f"{blocks:,} live blocks", run)
        rows += [_grown_row(blocks, runs, measured) for runs in measured.values()]
    return rows


def table_bytes(directory: Path) -> int | None:
    """Of the live blocks, as the run tells it."""
    run_json = json.loads((directory / "run.tally" / "run.json").read_text(encoding="utf-8"))
    return run_json.get("heap", {}).get("table_bytes")


def _grown_row(blocks: int, runs: Runs, measured: dict[str, Runs]) -> dict:
    def resident(of: Runs) -> dict[int, float]:
        return of.figures(lambda run: int(run.output.split()[1]) / blocks)

    profiler = runs.profiler
    row = {**identity(profiler), "blocks": blocks, "failure": runs.failure}
    if not runs.by_round:
        return row
    added = differences(resident(runs), resident(measured[f"tally heap=off/{profiler.compiler}"]))
    tables = [run.read / blocks for run in runs.by_round.values() if run.read is not None]
    return {**row, "resident_bytes": summary(list(resident(runs).values())),
            "added_bytes": summary(list(added.values())) if added else None,
            "table_bytes": summary(tables) if tables else None,
            "longest_ns": summary(list(runs.figures(
                lambda run: int(run.output.split()[2])).values()))}


# ---- tables ----

def _failed(row: dict, columns: int) -> list[str]:
    return [name(row), row["failure"] or "not measured", *[""] * (columns - 2)]


def _loop_table(loop: Loop, rows: list[dict]) -> str:
    is_shared = loop.name == "two"
    headings = [loop.title, "ns", "more than without", "aim", "÷ heaptrack's", "aim",
                *(["÷ in one thread"] if is_shared else [])]
    cells = []
    for row in rows:
        if "ns" not in row:
            cells.append(_failed(row, len(headings)))
            continue
        cells.append([name(row), spread(row["ns"], 1), spread(row["added_ns"], 1),
                      number(row["aim_ns"], 0) if row["aim_ns"] else "",
                      spread(row.get("to_heaptrack"), 2), aim(row["aim_to_heaptrack"]),
                      *([spread(row["to_one_thread"], 2)] if is_shared else [])])
    return table(headings, cells)


def _program_table(result: dict) -> str:
    headings = [result["title"], "time", "÷ plain", "÷ without", "peak memory", "data written"]
    cells = []
    for row in result["profilers"]:
        if "wall_s" not in row:
            cells.append(_failed(row, len(headings)))
            continue
        cells.append([name(row), f"{row['wall_s']['median']:.2f} s", spread(row["to_plain"], 2),
                      spread(row["to_same"], 2), size(row["peak_kib"]["median"] * 1024),
                      size(row["written_bytes"]["median"])])
    return table(headings, cells)


def _grown_table(rows: list[dict]) -> str:
    headings = ["bytes for each live block", "blocks", "resident, the block too",
                "more than heap=off", "table, by run.json", "aim", "longest malloc, µs"]
    cells = []
    for row in rows:
        if "resident_bytes" not in row:
            cells.append(_failed(row, len(headings)))
            continue
        cells.append([name(row), f"{row['blocks']:,}", spread(row["resident_bytes"], 1),
                      spread(row["added_bytes"], 1), spread(row["table_bytes"], 1),
                      number(AIM_BLOCK_BYTES, 0) if row["tool"] == TALLY else "",
                      number(row["longest_ns"]["median"] / 1e3, 0)])
    return table(headings, cells)


def markdown(results: dict) -> str:
    sections = ["### Loops that only allocate\n"]
    sections += [_loop_table(loop, mine) for loop in LOOPS
                 if (mine := [row for row in results["loops"] if row["loop"] == loop.name])]
    sections.append("### Whole programs\n")
    sections += [_program_table(result) for result in results["programs"]]
    sections += ["### What is kept of each live block\n", _grown_table(results["grown"])]
    return "\n".join(sections)
