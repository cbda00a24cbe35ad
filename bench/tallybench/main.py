"""The command line: which parts are measured, how often, and where the results go."""
import argparse
import os
import sys
from pathlib import Path

from . import accuracy, compiling, cost, documents, exiting, heap, memory
from .measure import Launcher, Progress, Session
from .system import REPOSITORY, BenchError, Places, facts
from .variants import all_variants

# Each has measure(session) and markdown(results).
PARTS = {"cost": cost, "accuracy": accuracy, "memory": memory, "compile": compiling,
         "exit": exiting, "heap": heap}


def parse(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench/run", description="What Tally costs and how true its times are, side by side "
                                      "with its peers.",
        epilog="Writes BUILD/bench/PART.json and prints Markdown. Fails when something could not "
               "be run, never because it was slow.")
    parser.add_argument("part", nargs="?", choices=PARTS, help="what to measure (default: all)")
    parser.add_argument("--quick", action="store_true", help="few rounds, only the newest clang")
    parser.add_argument("--rounds", type=int, metavar="N", help="rounds (default: 9; --quick: 3)")
    parser.add_argument("--only", choices=cost.SECTIONS, action="append", metavar="SECTION",
                        help=f"of cost, one of {', '.join(cost.SECTIONS)}; may be given several "
                             "times")
    parser.add_argument("--build", type=Path, metavar="DIR", default=REPOSITORY / "build",
                        help="where Tally was built (default: build)")
    parser.add_argument("--docs", action="store_true",
                        help="put the tables into docs/performance.md")
    arguments = parser.parse_args(words)
    if arguments.rounds is not None and arguments.rounds < 1:
        parser.error("--rounds: at least 1")
    if arguments.only and arguments.part != "cost":
        parser.error("--only: belongs to cost")
    if arguments.docs and arguments.only:
        parser.error("--docs: the page shows all sections; leave out --only")
    return arguments


def _measure(arguments: argparse.Namespace, part: str, places: Places,
             progress: Progress) -> dict:
    todo, missing = all_variants(places, arguments.quick)
    session = Session(places, Launcher(places), progress, todo, missing, arguments.quick,
                      arguments.rounds or (3 if arguments.quick else 9),
                      tuple(arguments.only or ()))
    about = facts(sorted({variant.compiler for variant in todo}))
    results = PARTS[part].measure(session)
    about["load_at_end"] = os.getloadavg()[0]
    return {"facts": about, "rounds": session.rounds, "slow_rounds": session.slow_rounds,
            "missing": session.missing, **results}


def _report(part: str, results: dict, places: Places, to_document: bool) -> None:
    documents.write_json(places.bench / f"{part}.json", results)
    tables = documents.markdown(results, PARTS[part].markdown(results))
    print(f"## {part}\n\n{tables}", flush=True)
    if to_document:
        text = documents.DOCUMENT.read_text(encoding="utf-8")
        documents.write(documents.DOCUMENT, documents.with_tables(text, part, tables))
    print(f"bench: all figures are in {places.bench / f'{part}.json'}", file=sys.stderr)


def main(words: list[str]) -> int:
    arguments = parse(words)
    try:
        places, progress = Places(arguments.build), Progress(sys.stderr)
        for part in [arguments.part] if arguments.part else PARTS:
            _report(part, _measure(arguments, part, places, progress), places, arguments.docs)
    except (BenchError, OSError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("bench: interrupted; parts that were not finished are not written", file=sys.stderr)
        return 130
    return 0
