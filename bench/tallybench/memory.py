"""Part `memory`: bytes per calling context; what a thread costs that runs instrumented code."""
from . import contexts
from .builds import Recipe, compile_all
from .measure import Rounds, Session, summary
from .system import PROGRAMS, BenchError
from .tables import identity, name, spread, table
from .variants import Variant

LEVELS = (5, 6)  # all contexts with ten call sites; most of them without any
STARTED, ALIVE = 10000, 1000
THREADS = Recipe("threads", (PROGRAMS / "threads.c",), libraries=("-pthread",),
                 headers=(PROGRAMS / "batches.h", PROGRAMS / "resident.h"))


def measure(session: Session) -> dict:
    return {"contexts": _contexts(session), "threads": _threads(session),
            "threads_started": STARTED, "threads_alive": ALIVE}


def _contexts(session: Session) -> list[dict]:
    todo, programs = contexts.variants(session)
    rows = []
    for levels in LEVELS:
        session.progress(f"memory of {contexts.contexts_of(levels):,} contexts")
        for variant in todo:
            if variant.is_plain:
                continue
            made = [contexts.make(session, variant, programs[variant.key], levels)
                    for _ in range(session.slow_rounds)]
            rows.append({**identity(variant), "contexts": made[0].contexts,
                         "aim_bytes": contexts.aim_bytes(levels)
                         if variant.tool == "tally plugin" else None,
                         "resident_bytes": summary([one.resident_bytes / one.contexts
                                                    for one in made]),
                         "mapped_bytes": summary([one.mapped_bytes / one.contexts
                                                  for one in made])})
    return rows


def _figures(session: Session, variant: Variant, program, what: str, count: int) -> list[float]:
    result = session.launcher.run(variant, program, [what, str(count)])
    if result.status != 0:
        raise BenchError(f"{program} {what}: {result.messages.strip()[-300:]}")
    return [float(word) for word in result.output.split()]


def _threads(session: Session) -> list[dict]:
    todo = session.of("plain", "tally plugin", "tally hooks")
    programs = compile_all(session.places, THREADS, todo, session.missing)
    todo = [variant for variant in todo if variant.key in programs]
    started: dict = {variant.key: {} for variant in todo}
    alive: dict = {variant.key: {} for variant in todo}
    for number, variant in Rounds(todo, session.rounds, session.rounds):
        session.progress(f"threads, round {number + 1} of {session.rounds}: {variant.key}")
        program = programs[variant.key]
        started[variant.key][number], = _figures(session, variant, program, "started", STARTED)
        alive[variant.key][number] = _figures(session, variant, program, "alive", ALIVE)
    rows = []
    for variant in todo:
        times, plain_times = started[variant.key], started[variant.baseline]
        resident, mapped = zip(*alive[variant.key].values())
        rows.append({**identity(variant), "start_ns": summary(list(times.values())),
                     "added_ns": summary([times[i] - plain_times[i] for i in times]),
                     "resident_bytes": summary(list(resident)),
                     "mapped_bytes": summary(list(mapped))})
    return rows


def markdown(results: dict) -> str:
    rows = [[name(row), f"{row['contexts']:,}", spread(row["resident_bytes"], 1),
             f"{row['mapped_bytes']['median']:.1f}",
             f"{row['aim_bytes']:.1f}" if row["aim_bytes"] else ""]
            for row in results["contexts"]]
    text = "### Bytes per calling context\n\n" + table(
        ["profiler", "contexts", "resident", "mapped", "aim"], rows)
    rows = [[name(row), f"{row['start_ns']['median'] / 1e3:.1f}",
             f"{row['added_ns']['median'] / 1e3:.1f}",
             f"{row['resident_bytes']['median'] / 1024:.1f}",
             f"{row['mapped_bytes']['median'] / 1024:.1f}"] for row in results["threads"]]
    return text + (f"\n### Threads of one instrumented call: {results['threads_started']:,} one "
                   f"after the other, {results['threads_alive']:,} at once\n\n") + table(
        ["program", "µs a thread", "more than plain", "resident KiB of one", "mapped KiB of one"],
        rows)
