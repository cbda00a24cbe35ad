"""Starting and ending: what Tally adds to a program that does nothing (programs/hello.c)."""
from .builds import Recipe, compile_all
from .measure import Rounds, Session, summary
from .system import PROGRAMS, BenchError
from .tables import identity
from .variants import Variant

RUNS_A_ROUND = 20  # each takes a millisecond


def measure(session: Session) -> dict:
    rounds = session.rounds * RUNS_A_ROUND
    fast = [variant for variant in session.todo if not variant.is_slow]
    programs = compile_all(session.places, Recipe("hello", (PROGRAMS / "hello.c",)), fast,
                           session.missing)
    fast = [variant for variant in fast if variant.key in programs]
    session.progress(f"start and exit: {rounds} rounds")
    runs: dict = {variant.key: {} for variant in fast}
    for variant in fast:
        session.launcher.run(variant, programs[variant.key], [])
    for number, variant in Rounds(fast, rounds, rounds):
        result = session.launcher.run(variant, programs[variant.key], [])
        if result.status != 0 or result.output != "hello, world\n":
            raise BenchError(f"{programs[variant.key]}: exit status {result.status}, or not the "
                             f"output of the plain program: {result.messages.strip()}")
        runs[variant.key][number] = result
    return {"rounds": rounds, "variants": [_row(runs, variant) for variant in fast]}


def _row(runs: dict, variant: Variant) -> dict:
    mine, plain = runs[variant.key], runs[variant.baseline]
    return {**identity(variant),
            "wall_ms": summary([run.wall_s * 1e3 for run in mine.values()]),
            "cpu_ms": summary([run.cpu_s * 1e3 for run in mine.values()]),
            "peak_kib": summary([run.peak_kib for run in mine.values()]),
            "added_wall_ms": summary([(mine[i].wall_s - plain[i].wall_s) * 1e3 for i in mine]),
            "added_kib": summary([mine[i].peak_kib - plain[i].peak_kib for i in mine])}
