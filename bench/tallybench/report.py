"""The results as Markdown: one table a question. Says what was not measured, and why."""
from .micro import TITLES

AIM_TO_TWO_READS = 1.10  # shown beside the figures; nothing fails by it


def _table(headings: list[str], rows: list[list[str]]) -> str:
    """First column to the left, figures to the right; padded, so that it reads as plain text."""
    widths = [max(len(line[i]) for line in [headings, *rows]) for i in range(len(headings))]
    rule = ["-" * widths[0]] + ["-" * (width - 1) + ":" for width in widths[1:]]
    lines = [headings, rule, *rows]
    return "\n".join("| " + " | ".join(
        [line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in
                                     zip(line[1:], widths[1:]))]) + " |" for line in lines) + "\n"


def _name(row: dict) -> str:
    return f"{row['tool']}, {row['compiler']}"


def _spread(figures: dict, digits: int) -> str:
    return f"{figures['median']:.{digits}f} ({figures['q1']:.{digits}f}–{figures['q3']:.{digits}f})"


def _size(size_bytes: float) -> str:
    """Of data written; nothing for none."""
    for unit, size in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if size_bytes >= size:
            return f"{size_bytes / size:.1f} {unit}"
    return f"{size_bytes:.0f} B" if size_bytes else ""


def calls(result: dict) -> str:
    clock = result["clock_read_ns"]
    text = (f"### A call\n\nOne clock read takes {_spread(clock, 2)} ns here, two take "
            f"{2 * clock['median']:.1f} ns: the floor of a timed call "
            f"(aim: at most {AIM_TO_TWO_READS:.2f} times that).\n")
    for workload, title in TITLES.items():
        rows = [[_name(row), _spread(row["call_ns"], 1), f"{row['added_ns']['median']:.1f}",
                 _spread(row["to_two_clock_reads"], 2)]
                for row in result["calls"] if row["workload"] == workload]
        text += "\n" + _table([title, "ns a call", "more than plain", "÷ two clock reads"], rows)
    return text


def program(result: dict) -> str:
    rows, notes = [], []
    for row in result["variants"]:
        notes += [f"- {_name(row)}: {note}" for note in row["notes"]]
        if row["failure"] or "wall_s" not in row:
            rows.append([_name(row), row["failure"] or "not measured", *[""] * 6])
            continue
        calls = f"{row['total_calls']:,}" if row["total_calls"] is not None else ""
        rows.append([_name(row), f"{row['wall_s']['median']:.2f} s",
                     _spread(row["wall_s_to_plain"], 2), f"{row['cpu_s_to_plain']['median']:.2f}",
                     f"{row['peak_kib']['median'] / 1024:.1f} MiB",
                     _size(row["written_bytes"]["median"]),
                     f"{row['text_bytes'] / row['plain_text_bytes']:.2f}", calls])
    count = result["calls_independent"]
    told = (f"Calls by an independent count (gcc's hooks, counting stub): {count:,}."
            if count is not None else "Calls were not counted independently: that takes gcc.")
    return (f"### {result['title']} ({result['source']})\n\n{told}\n\n" +
            _table(["program", "time", "÷ plain", "÷ plain, cpu", "peak memory", "data written",
                    "code ÷ plain", "calls reported"], rows) +
            "".join(f"\n{note}" for note in notes) + ("\n" if notes else ""))


def startup(result: dict) -> str:
    rows = [[_name(row), _spread(row["wall_ms"], 2), f"{row['added_wall_ms']['median']:.2f}",
             f"{row['peak_kib']['median']:.0f}", f"{row['added_kib']['median']:.0f}"]
            for row in result["variants"]]
    return (f"### Starting and ending: hello, world, {result['rounds']} times\n\n" +
            _table(["program", "ms", "more than plain", "peak KiB", "more than plain"], rows))


def compiling(result: dict) -> str:
    rows = [[_name(row), f"{row['cpu_s']['median']:.1f} s", _spread(row["to_plain"], 2)]
            for row in result["variants"]]
    return f"### Compiling {result['source']}\n\n" + _table(
        ["compiler", "processor time", "÷ plain"], rows)


def _conditions(results: dict) -> str:
    facts = results["facts"]
    tools = ", ".join(facts["tools"].values())
    return (f"Measured {facts['date'][:10]} at commit {facts['commit']} on {facts['processors']} × "
            f"{facts['processor']}, Linux {facts['kernel']}, load {facts['load_at_start']:.1f} at "
            f"start and {facts['load_at_end']:.1f} at the end; {tools}. Figures are medians of "
            f"{results['rounds']} interleaved rounds with quartiles in parentheses (slow tools: "
            f"{results['slow_rounds']}).\n")


def markdown(results: dict) -> str:
    parts = [_conditions(results)]
    for name, show in (("calls", calls), ("startup", startup), ("compiling", compiling)):
        if name in results:
            parts.append(show(results[name]))
    parts[2:2] = [program(one) for one in results.get("programs", [])]
    if results["missing"]:
        parts.append("Not measured:\n" + "".join(f"\n- {line}" for line in results["missing"]) +
                     "\n")
    return "\n".join(parts)
