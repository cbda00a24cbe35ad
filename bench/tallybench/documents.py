"""Where results go: a JSON file a part, and Markdown between two lines of docs/performance.md."""
import json
from pathlib import Path

from .system import REPOSITORY, BenchError

DOCUMENT = REPOSITORY / "docs" / "performance.md"


def write(path: Path, text: str) -> None:
    """Whole or not at all."""
    temporary = path.with_name(path.name + ".new")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


def write_json(path: Path, results: dict) -> None:
    write(path, json.dumps(results, indent=1) + "\n")


def marks(part: str) -> tuple[str, str]:
    return f"<!-- bench/run {part}: begin -->\n", f"<!-- bench/run {part}: end -->\n"


def with_tables(text: str, part: str, tables: str) -> str:
    """The document with the part's tables in their place."""
    begin, end = marks(part)
    if text.count(begin) != 1 or text.count(end) != 1 or text.index(begin) > text.index(end):
        raise BenchError(f"{DOCUMENT.name}: the lines that mark the place of '{part}' are missing")
    before, rest = text.split(begin)
    return before + begin + "\n" + tables + "\n" + end + rest.split(end)[1]


def conditions(results: dict) -> str:
    """What a reader must know to compare the figures with others."""
    facts = results["facts"]
    tools = ", ".join(facts["tools"].values())
    return (f"Measured {facts['date'][:10]} at commit {facts['commit']} on {facts['processors']} × "
            f"{facts['processor']}, Linux {facts['kernel']}, load {facts['load_at_start']:.1f} at "
            f"start and {facts['load_at_end']:.1f} at the end; {tools}. Figures are medians of "
            f"{results['rounds']} interleaved rounds with quartiles in parentheses (slow tools: "
            f"{results['slow_rounds']}).\n")


def markdown(results: dict, sections: str) -> str:
    """A part as it stands in the document. Says what was not measured, and why."""
    missing = "".join(f"\n- {line}" for line in dict.fromkeys(results["missing"]))
    return (conditions(results) + "\n" + sections +
            (f"\nNot measured:\n{missing}\n" if missing else ""))
