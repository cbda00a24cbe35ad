"""The self time of each function as each profiler reports it, read from what it left behind."""
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from .shares import bare
from .system import Places, run
from .variants import Variant

UNITS_S = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}


@dataclass
class Profile:
    seconds: dict[str, float]
    own: set[str]  # functions that have time of their own in this build: not only inlined
    raw: dict[str, float] = field(default_factory=dict)  # with the profiler's own cost in it


def read(places: Places, variant: Variant, directory: Path) -> Profile:
    if variant.is_tally:
        profile = directory / "run.tally"
        return of_tally(json.loads(run([places.tally, "convert", "--to", "json", profile])),
                        json.loads((profile / "run.json").read_text())["probe"])
    if variant.tool == "gprof":
        files = sorted(directory.glob("gmon.*"))
        return of_gprof(run(["gprof", "-b", "-p", directory / "program", *files]))
    return of_uftrace(run(["uftrace", "report", "--no-pager", "-d", directory / "uftrace",
                           "-f", "self,call"]))


def of_tally(profile: dict, probe: dict) -> Profile:
    """A sample whose innermost location is one function is a context; others are inlined bodies.

    What was taken off a context is put back for `raw`: the part inside for each call of it, the
    part around for each call it makes.
    """
    names = {one["id"]: bare(one["system_name"]) for one in profile["functions"]}
    lines = {one["id"]: [names[line["function"]] for line in one["lines"]]
             for one in profile["locations"]}
    inside_s, around_s = (probe.get(f"{part}_ps", 0) * 1e-12 for part in ("inside", "outside"))
    seconds, raw = Counter(), Counter()
    for sample in profile["samples"]:
        leaf, *callers = (lines[location] for location in sample["locations"])
        if len(leaf) != 1:
            continue
        calls, wall_ns = sample["values"][:2]
        seconds[leaf[0]] += wall_ns * 1e-9
        raw[leaf[0]] += wall_ns * 1e-9 + calls * inside_s
        if callers:
            raw[callers[0][-1]] += calls * around_s
    return Profile(dict(seconds), set(seconds), dict(raw))


def of_gprof(report: str) -> Profile:
    seconds = Counter()
    for line in report.splitlines():
        words = line.split()
        if len(words) >= 4 and re.fullmatch(r"[\d.]+", words[0]):
            seconds[bare(words[-1])] += float(words[2])
    return Profile(dict(seconds), set(seconds))


def of_uftrace(report: str) -> Profile:
    """Its own events, such as linux:schedule, are no functions."""
    seconds = Counter()
    for line in report.splitlines():
        found = re.fullmatch(r"\s*([\d.]+)\s+(us|ms|s|m)\s+\d+\s+([^\s:]+)", line)
        if found:
            seconds[bare(found[3])] += float(found[1]) * UNITS_S[found[2]]
    return Profile(dict(seconds), set(seconds))
