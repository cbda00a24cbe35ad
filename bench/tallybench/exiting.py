"""Part `exit`: what the end of a program takes when it has a million contexts.

Two views of it: the writer alone, on a made-up run (programs/export.c), in processor time; and a
program with a million contexts, from just before main returns until the process is gone.
"""
import shutil

from . import contexts
from .measure import Rounds, Session, summary
from .system import PROGRAMS, REPOSITORY, BenchError, is_installed, run
from .tables import aim, identity, name, size, spread, table

AIM_S = 1.0  # for a million contexts, encoded and compressed
EXPORTED = (100_000, 1_000_000)


def measure(session: Session) -> dict:
    exported = []
    try:
        exported = _exported(session)
    except BenchError as error:
        session.missing.append(f"the writer alone: {error}")
    return {"exported": exported, "ended": _ended(session),
            "contexts": contexts.contexts_of(contexts.MOST_LEVELS)}


def _exported(session: Session) -> list[dict]:
    program = session.places.builds / "export"
    library = session.places.build / "lib" / "libtally_pprof.a"
    compiler = "gcc" if is_installed("gcc") else session.todo[0].compiler
    run([compiler, "-O2", "-I", REPOSITORY / "rt" / "include", "-o", program,
         PROGRAMS / "export.c", library, "-lprotobuf-c", "-lz", "-lzstd"])
    rows = []
    for count in EXPORTED:
        session.progress(f"the writer alone, {count:,} contexts")
        directory = session.places.scratch / "export"
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir()
        figures = run([program, count, session.rounds, directory]).split()
        shutil.rmtree(directory)
        rows.append({"contexts": int(figures[0]), "cpu_s": float(figures[1]),
                     "written_bytes": int(figures[2]), "memory_bytes": int(figures[3])})
    return rows


def _ended(session: Session) -> list[dict]:
    todo, programs = contexts.variants(session)
    made: dict = {variant.key: {} for variant in todo}
    for number, variant in Rounds(todo, session.slow_rounds, session.slow_rounds):
        session.progress(f"end of a program with a million contexts, round {number + 1} of "
                         f"{session.slow_rounds}: {variant.key}")
        made[variant.key][number] = contexts.make(session, variant, programs[variant.key],
                                                  contexts.MOST_LEVELS)
    return [{**identity(variant),
             "ending_s": summary([one.seconds_at_end for one in made[variant.key].values()]),
             "tree_bytes": summary([one.resident_bytes for one in made[variant.key].values()]),
             "peak_bytes": summary([one.peak_bytes for one in made[variant.key].values()])}
            for variant in todo]


def markdown(results: dict) -> str:
    text = ""
    if results["exported"]:
        rows = [[f"{row['contexts']:,}", f"{row['cpu_s']:.2f} s",
                 aim(AIM_S) + " s" if row["contexts"] == EXPORTED[-1] else "",
                 size(row["written_bytes"]), size(row["memory_bytes"])]
                for row in results["exported"]]
        text = "### The writer alone: encode and compress\n\n" + table(
            ["contexts", "processor time", "aim", "written", "memory it took"], rows) + "\n"
    rows = [[name(row), f"{spread(row['ending_s'], 3)} s", size(row["tree_bytes"]["median"]),
             size(row["peak_bytes"]["median"])] for row in results["ended"]]
    return text + (f"### From the end of main to the end of the process, {results['contexts']:,} "
                   "contexts\n\n") + table(
        ["program", "time", "memory of the contexts", "peak memory"], rows)
