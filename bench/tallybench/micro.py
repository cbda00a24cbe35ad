"""The clock read, and the cost of a call on three small loops (programs/micro.c)."""
import statistics

from .builds import Recipe, Variant, compile_all
from .measure import Launcher, Progress, Rounds, summary
from .system import PROGRAMS, BenchError, Places

# workload: size of a batch, so that it takes well under a millisecond when timed
WORKLOADS = {"leaf": 10000, "fib": 18, "indirect": 5000}
TITLES = {"leaf": "leaf in a loop", "fib": "fib", "indirect": "8 callees in rotation"}
BATCHES, BATCHES_SLOW = 300, 20  # uftrace writes 32 bytes a call


def _one_process(launcher: Launcher, variant: Variant, program, workload: str) -> dict:
    """Medians over the batches of one process; each ratio is of one batch."""
    batches = BATCHES_SLOW if variant.is_slow else BATCHES
    result = launcher.run(variant, program, [workload, str(batches), str(WORKLOADS[workload])])
    lines = [line.split() for line in result.output.splitlines()]
    if result.status != 0 or len(lines) != batches:
        raise BenchError(f"{program} {workload}: exit status {result.status}: {result.messages}")
    pairs = [(float(clock), float(call)) for clock, call in lines]
    return {"clock_ns": statistics.median(clock for clock, _ in pairs),
            "call_ns": statistics.median(call for _, call in pairs),
            "call_min_ns": min(call for _, call in pairs),
            "to_two_reads": statistics.median(call / (2 * clock) for clock, call in pairs)}


def measure(places: Places, launcher: Launcher, todo: list[Variant], rounds: int,
            progress: Progress) -> dict:
    progress("calls: compiling")
    programs = compile_all(places, Recipe("micro", (PROGRAMS / "micro.c",)), todo)
    collected: dict = {workload: {variant.key: {} for variant in todo} for workload in WORKLOADS}
    for number, variant in Rounds(todo, rounds, rounds):
        if variant is todo[number % len(todo)]:
            progress(f"calls: round {number + 1} of {rounds}")
        for workload in WORKLOADS:
            collected[workload][variant.key][number] = _one_process(
                launcher, variant, programs[variant.key], workload)
    clock = [one["clock_ns"] for workload in WORKLOADS for variant in todo
             if variant.tool == "plain" for one in collected[workload][variant.key].values()]
    return {"clock_read_ns": summary(clock),
            "calls": [_row(collected[workload], workload, variant)
                      for workload in WORKLOADS for variant in todo]}


def _row(by_variant: dict, workload: str, variant: Variant) -> dict:
    mine, plain = by_variant[variant.key], by_variant[variant.baseline]
    return {"workload": workload, "tool": variant.tool, "compiler": variant.compiler,
            "call_ns": summary([one["call_ns"] for one in mine.values()]),
            "call_min_ns": min(one["call_min_ns"] for one in mine.values()),
            "added_ns": summary([mine[number]["call_ns"] - plain[number]["call_ns"]
                                 for number in mine]),
            "to_two_clock_reads": summary([one["to_two_reads"] for one in mine.values()])}
