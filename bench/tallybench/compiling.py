"""Part `compile`: the time a compilation takes, and how much code it makes.

Processor time: it is less disturbed than wall time. SQLite's amalgamation takes half a minute, so
of the clangs only the newest is measured. The second source is the opposite of it: 5,000 functions
of a few instructions, where what is added to each function is most of the work.
"""
from dataclasses import dataclass
from pathlib import Path

from . import sources
from .builds import text_bytes
from .measure import Rounds, Session, ratios, summary
from .system import BenchError, cause_of
from .tables import aim, identity, name, size, spread, table
from .variants import Variant

AIM_SQLITE = 1.35
TINY_FUNCTIONS = 5000


@dataclass(frozen=True)
class Source:
    title: str
    path: Path
    flags: tuple[str, ...] = ()
    aim: float | None = None


def tiny_functions(count: int) -> str:
    """C source: functions of a few instructions that call each other, kept out of line."""
    head = "#define KEPT __attribute__((noinline))\nKEPT int f0(int x) { return x + 1; }\n"
    return head + "".join(f"KEPT int f{i}(int x) {{ return f{i // 2}(x ^ {i}) + {i % 7}; }}\n"
                          for i in range(1, count))


def _sources(session: Session) -> list[Source]:
    generated = session.places.builds / "tiny_functions.c"
    generated.write_text(tiny_functions(TINY_FUNCTIONS))
    found = [Source(f"{TINY_FUNCTIONS:,} tiny functions", generated)]
    try:
        recipe = sources.sqlite(session.places)
        found.insert(0, Source("sqlite3.c", recipe.sources[-1], recipe.flags, AIM_SQLITE))
    except BenchError as error:
        session.missing.append(f"SQLite: {error}")
    return found


def measure(session: Session) -> dict:
    """Plain compilers beside Tally; the peers' flag costs nothing worth a table."""
    todo = session.of("plain", "tally plugin", "tally exact, fixed", "tally counts only, fixed",
                      "tally hooks")
    return {"sources": [_measure_source(session, source, todo) for source in _sources(session)]}


def _measure_source(session: Session, source: Source, todo: list[Variant]) -> dict:
    seconds: dict = {variant.key: {} for variant in todo}
    text: dict[str, int] = {}
    failed: set[str] = set()
    for number, variant in Rounds(todo, session.slow_rounds, session.slow_rounds):
        session.progress(f"{source.title}, round {number + 1} of {session.slow_rounds}: "
                         f"{variant.key}")
        if variant.key in failed:
            continue
        try:
            seconds[variant.key][number], text[variant.key] = _one(session, variant, source)
        except BenchError as error:
            if variant.is_plain:
                raise
            failed.add(variant.key)
            session.missing.append(f"{variant.tool}, {variant.compiler}: {error}")
    return {"source": source.title, "aim": source.aim,
            "variants": [{**identity(variant), "text_bytes": text[variant.key],
                          "plain_text_bytes": text[variant.baseline],
                          "cpu_s": summary(list(seconds[variant.key].values())),
                          "to_plain": summary(ratios(seconds[variant.key],
                                                     seconds[variant.baseline]))}
                         for variant in todo if seconds[variant.key]]}


def _one(session: Session, variant: Variant, source: Source) -> tuple[float, int]:
    """Seconds, and bytes of code in the object."""
    compiled = session.places.builds / "compiled.o"
    command = [*variant.compile_command(session.places), *source.flags, "-c", "-o", str(compiled),
               str(source.path)]
    result = session.launcher.run_compiler(variant, command)
    if result.status != 0:
        raise BenchError(f"{source.title} could not be compiled: {cause_of(result.messages)}")
    return result.cpu_s, text_bytes(compiled)


def markdown(results: dict) -> str:
    sections = []
    for source in results["sources"]:
        rows = [[name(row), f"{row['cpu_s']['median']:.1f} s", spread(row["to_plain"], 2),
                 aim(source["aim"]) if row["tool"].startswith("tally") else "",
                 size(row["text_bytes"]), f"{row['text_bytes'] / row['plain_text_bytes']:.2f}"]
                for row in source["variants"]]
        sections.append(f"### Compiling {source['source']}\n\n" + table(
            ["compiler", "processor time", "÷ plain", "aim", "code", "÷ plain"], rows))
    return "\n".join(sections)
