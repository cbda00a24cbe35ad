"""The program that makes as many contexts as wanted (programs/contexts.c), and what it says."""
from dataclasses import dataclass, replace

from .builds import Recipe, compile_all
from .measure import Session
from .system import PROGRAMS, BenchError
from .variants import Variant

SITES = 10          # of each function but the last level's
MOST_LEVELS = 6     # with this many, there are a million contexts, most of them without call sites
TOOLS = ("plain", "tally plugin", "tally hooks")
MEMORY_OPTION = "memory=4G"  # no context is lost

RECIPE = Recipe("contexts", (PROGRAMS / "contexts.c",),
                headers=tuple(PROGRAMS / name for name in ("batches.h", "resident.h",
                                                           "contexts_level.h")))


@dataclass(frozen=True)
class Made:
    contexts: int
    resident_bytes: int
    mapped_bytes: int
    seconds_at_end: float  # from before main returned until the process was gone
    peak_bytes: int


def contexts_of(levels: int) -> int:
    return sum(SITES ** level for level in range(levels + 1))


def aim_bytes(levels: int) -> float:
    """Per context: 96, and 8 for each call site and each inlined counter of its function."""
    leaves = SITES ** MOST_LEVELS if levels == MOST_LEVELS else 0
    with_sites = contexts_of(levels) - leaves
    return 96 + 8 * (SITES * with_sites / contexts_of(levels) + 1)


def variants(session: Session) -> tuple[list[Variant], dict]:
    """What runs it, and the programs by key."""
    todo = [replace(variant, tally_options=MEMORY_OPTION) if variant.is_tally else variant
            for variant in session.of(*TOOLS)]
    programs = compile_all(session.places, RECIPE, todo, session.missing)
    return [variant for variant in todo if variant.key in programs], programs


def make(session: Session, variant: Variant, program, levels: int) -> Made:
    result = session.launcher.run(variant, program, [str(levels)])
    figures = result.output.split()
    if result.status != 0 or len(figures) != 4 or int(figures[0]) != contexts_of(levels):
        raise BenchError(f"{program} {levels}: exit status {result.status}: "
                         f"{result.messages.strip()[-300:]}")
    returning_ns = int(figures[3])
    return Made(int(figures[0]), int(figures[1]), int(figures[2]),
                (result.ended_ns - returning_ns) * 1e-9, result.peak_kib * 1024)
