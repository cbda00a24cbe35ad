"""Part `cost`: how much time a call takes, how much longer programs run."""
from . import micro, programs, startup
from .measure import Session
from .tables import aim, name, number, size, spread, table

AIM_TO_TWO_READS = 1.10  # aims are shown beside the figures; nothing fails by them
AIM_TO_FIXED = 1.03


SECTIONS = {
    "calls": micro.measure,
    "programs": lambda session: [programs.measure(session, workload)
                                 for workload in programs.workloads(session)],
    "startup": startup.measure,
}


def measure(session: Session) -> dict:
    return {section: measure_section(session) for section, measure_section in SECTIONS.items()
            if not session.only or section in session.only}


def _calls(result: dict) -> str:
    clock = result["clock_read_ns"]
    text = (f"### A call\n\nOne clock read takes {spread(clock, 2)} ns here, two take "
            f"{2 * clock['median']:.1f} ns: the floor of a timed call. Aim of the last column: "
            f"at most {AIM_TO_TWO_READS:.2f}.\n")
    for workload in micro.WORKLOADS:
        mine = [row for row in result["calls"] if row["workload"] == workload.name]
        if not mine:
            continue
        shared = any("to_one_thread" in row for row in mine)
        rows = [[name(row), spread(row["call_ns"], 1), number(row["added_ns"]["median"], 1),
                 *([spread(row["to_one_thread"], 2)] if shared else []),
                 f"{row['whole_to_two_reads']['median']:.2f}",
                 spread(row["added_to_two_reads"], 2)] for row in mine]
        text += "\n" + table([workload.title, "ns a call", "more than plain",
                              *(["÷ in one thread"] if shared else []), "call ÷ two reads",
                              "more ÷ two reads"], rows)
    return text


def _program(result: dict) -> str:
    rows, notes = [], []
    for row in result["variants"]:
        notes += [f"- {name(row)}: {note}" for note in row["notes"]]
        if row["failure"] or "wall_s" not in row:
            rows.append([name(row), row["failure"] or "not measured", *[""] * 7])
            continue
        calls = f"{row['total_calls']:,}" if row["total_calls"] is not None else ""
        rows.append([name(row), f"{row['wall_s']['median']:.2f} s",
                     spread(row["wall_s_to_plain"], 2), aim(row["aim"]),
                     f"{row['cpu_s_to_plain']['median']:.2f}",
                     f"{row['peak_kib']['median'] / 1024:.1f} MiB",
                     size(row["written_bytes"]["median"]),
                     f"{row['text_bytes'] / row['plain_text_bytes']:.2f}", calls])
    count = result["calls_independent"]
    told = (f"Calls by an independent count (gcc's hooks, counting stub): {count:,}."
            if count is not None else "Calls were not counted independently: that takes gcc.")
    return (f"### {result['title']} ({result['source']})\n\n{told}\n\n" +
            table(["program", "time", "÷ plain", "aim", "÷ plain, cpu", "peak memory",
                   "data written", "code ÷ plain", "calls reported"], rows) +
            "".join(f"\n{note}" for note in notes) + ("\n" if notes else ""))


def _chosen(results: dict) -> str:
    """What it costs to choose the mode at run time."""
    titles = {workload.name: workload.title for workload in micro.WORKLOADS}
    rows = [[titles[row["workload"]], name(row), spread(row["to_fixed"], 2), aim(AIM_TO_FIXED)]
            for row in results.get("calls", {}).get("calls", []) if row.get("to_fixed")]
    rows += [[program["title"], name(row), spread(row["to_fixed"], 2), aim(AIM_TO_FIXED)]
             for program in results.get("programs", []) for row in program["variants"]
             if row.get("to_fixed")]
    if not rows:
        return ""
    return ("### The mode chosen at run time, beside the mode fixed at compile time\n\n" +
            table(["program", "mode", "chosen ÷ fixed", "aim"], rows))


def _startup(result: dict) -> str:
    rows = [[name(row), spread(row["wall_ms"], 2), f"{row['added_wall_ms']['median']:.2f}",
             f"{row['peak_kib']['median']:.0f}", f"{row['added_kib']['median']:.0f}"]
            for row in result["variants"]]
    return (f"### Starting and ending: hello, world, {result['rounds']} times\n\n" +
            table(["program", "ms", "more than plain", "peak KiB", "more than plain"], rows))


def markdown(results: dict) -> str:
    sections = [_calls(results["calls"])] if "calls" in results else []
    sections += [_program(result) for result in results.get("programs", [])]
    sections.append(_chosen(results))
    sections += [_startup(results["startup"])] if "startup" in results else []
    return "\n".join(section for section in sections if section)
