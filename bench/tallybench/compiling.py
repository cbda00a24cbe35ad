"""Compile time of SQLite's amalgamation, as processor time: it is less disturbed than wall time.

Half a minute each, so of the clangs only the newest is measured.
"""
from pathlib import Path

from .builds import Recipe, Variant
from .measure import Launcher, Progress, Rounds, ratios, summary
from .system import BenchError, Places


def measure(places: Places, launcher: Launcher, recipe: Recipe, todo: list[Variant], rounds: int,
            progress: Progress) -> dict:
    """Plain compilers beside Tally; the peers' flag costs nothing worth a table."""
    newest = next((variant.compiler for variant in todo if variant.compiler != "gcc"), "gcc")
    compared = [variant for variant in todo if variant.compiler in (newest, "gcc")
                and (variant.tool == "plain" or variant.is_tally)]
    amalgamation = recipe.sources[-1]
    seconds: dict = {variant.key: {} for variant in compared}
    for number, variant in Rounds(compared, rounds, rounds):
        progress(f"compile time, round {number + 1} of {rounds}: {variant.key}")
        seconds[variant.key][number] = _one(places, launcher, variant, recipe, amalgamation)
    return {"source": amalgamation.name,
            "variants": [{"tool": variant.tool, "compiler": variant.compiler,
                          "cpu_s": summary(list(seconds[variant.key].values())),
                          "to_plain": summary(ratios(seconds[variant.key],
                                                     seconds[variant.baseline]))}
                         for variant in compared]}


def _one(places: Places, launcher: Launcher, variant: Variant, recipe: Recipe,
         source: Path) -> float:
    command = [*variant.compile_command(places), *recipe.flags, "-c", "-o", "object.o", str(source)]
    result = launcher.run_compiler(variant, command)
    if result.status != 0:
        raise BenchError(f"{' '.join(command)}: {result.messages.strip()[-300:]}")
    return result.cpu_s
