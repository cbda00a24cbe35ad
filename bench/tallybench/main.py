"""The command line: which parts are measured, how often, and where the results go."""
import argparse
import json
import os
import sys
from pathlib import Path

from . import compiling, micro, programs, report, startup
from .builds import variants
from .measure import Launcher, Progress
from .system import REPOSITORY, BenchError, Places, facts

PARTS = ("calls", "programs", "startup", "compiling")
DOCUMENT = REPOSITORY / "docs" / "performance.md"
BEGIN, END = "<!-- bench/run cost: begin -->\n", "<!-- bench/run cost: end -->\n"


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench/run", description="What Tally costs, side by side with its peers.",
        epilog="Writes BUILD/bench/cost.json and prints Markdown. Fails when something could not "
               "be run, never because it was slow.")
    parser.add_argument("what", nargs="?", default="cost", choices=["cost"],
                        help="what to measure (default: cost)")
    parser.add_argument("--quick", action="store_true", help="few rounds, only the newest clang")
    parser.add_argument("--rounds", type=int, metavar="N", help="rounds (default: 9; --quick: 3)")
    parser.add_argument("--only", choices=PARTS, action="append", metavar="PART",
                        help=f"one of {', '.join(PARTS)}; may be given several times")
    parser.add_argument("--build", type=Path, metavar="DIR", default=REPOSITORY / "build",
                        help="where Tally was built (default: build)")
    parser.add_argument("--docs", action="store_true",
                        help="put the tables into docs/performance.md")
    arguments = parser.parse_args(words)
    if arguments.rounds is not None and arguments.rounds < 1:
        parser.error("--rounds: at least 1")
    if arguments.docs and arguments.only:
        parser.error("--docs: the page shows all parts; leave out --only")
    return arguments


def _measure(arguments: argparse.Namespace, places: Places, progress: Progress) -> dict:
    rounds = arguments.rounds or (3 if arguments.quick else 9)
    slow_rounds = min(rounds, 1 if arguments.quick else 3)
    parts = arguments.only or PARTS
    todo, missing = variants(places, arguments.quick)
    launcher = Launcher(places)
    results = {"facts": facts(sorted({variant.compiler for variant in todo})), "rounds": rounds,
               "slow_rounds": slow_rounds, "missing": missing}
    if "calls" in parts:
        results["calls"] = micro.measure(places, launcher, todo, rounds, progress)
    if "startup" in parts:
        results["startup"] = startup.measure(places, launcher, todo, rounds * 20, progress)
    if "programs" in parts or "compiling" in parts:
        found, not_found = programs.workloads(places, progress)
        missing += not_found
        if "programs" in parts:
            results["programs"] = [programs.measure(places, launcher, workload, todo, rounds,
                                                    slow_rounds, progress) for workload in found]
        amalgamation = [one.recipe for one in found if one.recipe.name == "sqlite"]
        if "compiling" in parts and amalgamation:
            results["compiling"] = compiling.measure(places, launcher, amalgamation[0], todo,
                                                     slow_rounds, progress)
    results["facts"]["load_at_end"] = os.getloadavg()[0]
    return results


def _write(path: Path, text: str) -> None:
    """Whole or not at all."""
    temporary = path.with_name(path.name + ".new")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


def _update_document(tables: str) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise BenchError(f"{DOCUMENT}: the lines that mark the place of the tables are missing")
    before, rest = text.split(BEGIN)
    _write(DOCUMENT, before + BEGIN + "\n" + tables + "\n" + END + rest.split(END)[1])


def main(words: list[str]) -> int:
    arguments = _arguments(words)
    try:
        places = Places(arguments.build)
        results = _measure(arguments, places, Progress(sys.stderr))
        _write(places.bench / "cost.json", json.dumps(results, indent=1) + "\n")
        tables = report.markdown(results)
        print(tables)
        if arguments.docs:
            _update_document(tables)
        print(f"bench: all figures are in {places.bench / 'cost.json'}", file=sys.stderr)
    except (BenchError, OSError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("bench: interrupted; nothing was written", file=sys.stderr)
        return 130
    return 0
