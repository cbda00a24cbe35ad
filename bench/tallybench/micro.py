"""The clock read, and the cost of a call on small loops (programs/micro*)."""
import os
import statistics
from dataclasses import dataclass

from .builds import Recipe, compile_all
from .measure import Launcher, Rounds, Session, ratios, summary
from .system import PROGRAMS, BenchError
from .tables import identity
from .variants import Variant


@dataclass(frozen=True)
class Workload:
    name: str
    title: str
    recipe: Recipe
    size: int  # of a batch, so that it takes well under a millisecond when timed


def _recipe(source: str, *libraries: str) -> Recipe:
    return Recipe(source.partition(".")[0], (PROGRAMS / source,), (), libraries,
                  tuple(PROGRAMS / name for name in ("batches.h", "leaf.h", "side_by_side.h")))


MICRO = _recipe("micro.c")
IN_THREADS = _recipe("micro_threads.c", "-pthread")
WORKLOADS = (
    Workload("leaf", "leaf in a loop", MICRO, 10000),
    Workload("fib", "fib", MICRO, 18),
    Workload("indirect", "8 callees in rotation", MICRO, 5000),
    Workload("qsort", "call-backs from qsort", MICRO, 400),
    Workload("virtual", "C++, virtual, 4 classes in rotation", _recipe("micro_virtual.cpp"), 5000),
    Workload("one", "leaf, the code of the next table in 1 thread", IN_THREADS, 10000),
    Workload("two", "leaf, in 2 threads at once", IN_THREADS, 10000),
)
BATCHES, BATCHES_SLOW = 300, 20  # uftrace writes 32 bytes a call

Batches = list[tuple[float, float]]  # of one process: ns of a clock read, ns of a call


def _one_process(launcher: Launcher, variant: Variant, program, workload: Workload) -> Batches:
    batches = BATCHES_SLOW if variant.is_slow else BATCHES
    result = launcher.run(variant, program, [workload.name, str(batches), str(workload.size)])
    lines = [line.split() for line in result.output.splitlines()]
    if result.status != 0 or len(lines) != batches:
        raise BenchError(f"{program} {workload.name}: exit status {result.status}: "
                         f"{result.messages}")
    return [(float(clock), float(call)) for clock, call in lines]


def _call_ns(batches: Batches) -> float:
    return statistics.median(call for _, call in batches)


def to_two_reads(batches: Batches, plain_ns: float) -> float:
    """What a call costs more than the plain one, in pairs of clock reads; within each batch."""
    return statistics.median((call - plain_ns) / (2 * clock) for clock, call in batches)


def has_two_processors(session: Session) -> bool:
    """Says so where there are none for two threads at once."""
    if len(os.sched_getaffinity(0)) > 1:
        return True
    session.missing.append("2 threads at once: that takes 2 processors")
    return False


def measure(session: Session) -> dict:
    session.progress("calls: compiling")
    todo = [variant for variant in session.todo if not variant.programs_only]
    workloads = [workload for workload in WORKLOADS
                 if workload.name != "two" or has_two_processors(session)]
    programs = {workload.name: compile_all(session.places, workload.recipe, todo, session.missing)
                for workload in workloads}
    collected: dict = {(workload.name, variant.key): {}
                       for workload in workloads for variant in todo}
    for number, variant in Rounds(todo, session.rounds, session.rounds):
        if variant is todo[number % len(todo)]:
            session.progress(f"calls: round {number + 1} of {session.rounds}")
        for workload in workloads:
            if variant.key in programs[workload.name]:
                collected[workload.name, variant.key][number] = _one_process(
                    session.launcher, variant, programs[workload.name][variant.key], workload)
    clock = [statistics.median(clock for clock, _ in batches) for variant in todo
             if variant.is_plain for batches in collected["leaf", variant.key].values()]
    return {"clock_read_ns": summary(clock),
            "calls": [_row(collected, workload.name, variant) for workload in workloads
                      for variant in todo if collected[workload.name, variant.key]]}


def _row(collected: dict, workload: str, variant: Variant) -> dict:
    mine, plain = collected[workload, variant.key], collected[workload, variant.baseline]
    call = {number: _call_ns(batches) for number, batches in mine.items()}
    base = {number: _call_ns(batches) for number, batches in plain.items()}
    row = {**identity(variant), "workload": workload, "call_ns": summary(list(call.values())),
           "call_min_ns": min(call for batches in mine.values() for _, call in batches),
           "added_ns": summary([call[number] - base[number] for number in call]),
           "whole_to_two_reads": summary([to_two_reads(batches, 0) for batches in mine.values()]),
           "added_to_two_reads": summary([to_two_reads(mine[number], base[number])
                                          for number in mine])}
    if workload == "two":
        alone = {number: _call_ns(batches)
                 for number, batches in collected["one", variant.key].items()}
        row["to_one_thread"] = summary(ratios(call, alone))
    if variant.fixed:
        fixed = {number: _call_ns(batches) for number, batches in
                 collected[workload, f"{variant.fixed}/{variant.compiler}"].items()}
        row["to_fixed"] = summary(ratios(call, fixed)) if fixed else None
    return row
