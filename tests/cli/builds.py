"""Builds to compare: .tally directories described by the paths of their calls and allocations.

    Build(calls={"main": 1, "main:12 parse": 3}, heap={"main:12 parse:20": (3, 300)})

A path goes from the root to the leaf; NAME:LINE is a function and the line that was reached in it.
The leaf of a call has no line; that of an allocation is where it was made.
"""

import json
from pathlib import Path

from profile import Profile
from profiles import START_NS, run_json

SRC = "/home/ada/feed/"
LINES = {"main": 10, "load": 20, "parse": 30, "intern": 5, "hash": 40, "log": 60}
FILES = {"intern": "names.c", "hash": "names.c"}


class Build:
    def __init__(self, calls=None, heap=None, wall=None, peak=None, run=None, files=None):
        self.calls, self.heap, self.peak = calls or {}, heap or {}, peak or {}
        self.wall, self.run, self.files = wall or {}, run, {**FILES, **(files or {})}

    def locate(self, profile, known, word):
        name, _, line = word.partition(":")
        if name not in known:
            known[name] = profile.function(name.encode(errors="surrogateescape"), file=SRC + self.files.get(name, "feed.c"),
                                           line=LINES.get(name, 1))
        return profile.location([(known[name], int(line or LINES.get(name, 1)))])

    def profile(self, types, default, values):
        profile, known = Profile(types, default=default, time_ns=START_NS), {}
        for path, value in values.items():
            stack = [self.locate(profile, known, word) for word in reversed(path.split())]
            profile.sample(stack, value)
        return profile

    def write(self, directory):
        directory = Path(directory)
        directory.mkdir()
        calls = [("calls", "count"), ("wall", "nanoseconds")]
        self.profile(calls, "wall", {path: [n, self.wall.get(path, 0)]
                                     for path, n in self.calls.items()}
                     ).write(directory / "calls.pb.gz")
        heap = [("alloc_objects", "count"), ("alloc_space", "bytes")]
        self.profile(heap, "alloc_space", self.heap).write(directory / "heap.pb.gz")
        if self.peak:
            self.profile([("peak_objects", "count"), ("peak_space", "bytes")], "peak_space",
                         self.peak).write(directory / "peak.pb.gz")
        if self.run is not False:
            (directory / "run.json").write_text(json.dumps(run_json(**(self.run or {}))))
        return directory


CALLS = {
    "main": 1,
    "main:12 load": 2,
    "main:14 parse": 100,
    "main:14 parse:33 intern": 5_000,
    "main:15 log": 3,
}
HEAP = {
    "main:12 load:24": (2, 8_192),
    "main:14 parse:33 intern:7": (5_000, 80_000),
}
PEAK = {"main:12 load:24": (1, 4_096), "main:14 parse:33 intern:7": (5_000, 80_000)}


def base(**changes):
    return Build(**{"calls": CALLS, "heap": HEAP, "peak": PEAK, **changes})


def worse(**changes):
    """parse has a new callee on line 36, intern is called and allocates more; log is called less."""
    return base(**{
        "calls": {**CALLS, "main:14 parse:33 intern": 5_100, "main:14 parse:36 hash": 700,
                  "main:12 load:26 intern": 50, "main:15 log": 1},
        "heap": {**HEAP, "main:14 parse:33 intern:7": (5_100, 81_600),
                 "main:12 load:26 intern:7": (50, 400)},
        **changes})


BUDGET = """\
# What feed may do.
version: 1
total:
  alloc_space: {at_most: 90 kB}
  peak: {at_most: 64 KiB}     # too little, on purpose
functions:
  - function: int*            # one table for all names
    calls: {increase: 5%}
    alloc_objects: {at_most: 5_100}
  - file: names.c
    of: sum
    calls: {at_most: 1_000, at_least: 10}
  - function: log
    calls: {exactly: 3}
  - function: gone
    calls: {at_most: 7}
"""


ABSOLUTE = """\
version: 1
functions:
- function: log
  calls: {at_least: 2}
- function: h?sh
  calls: {at_most: 0}
"""


def pair(directory):
    """base.tally beside new.tally, which is worse, and a budget."""
    base().write(Path(directory) / "base.tally")
    (Path(directory) / "budget.yaml").write_text(BUDGET)
    (Path(directory) / "absolute.yaml").write_text(ABSOLUTE)
    return worse().write(Path(directory) / "new.tally")


def better(directory):
    worse(calls={**CALLS, "main:14 parse:33 intern": 5_100}).write(Path(directory) / "base.tally")
    return base().write(Path(directory) / "new.tally")


def foreign(directory):
    """Runs that may not be compared."""
    base().write(Path(directory) / "base.tally")
    run = {"program": {**run_json()["program"], "argv": ["./shop", "-n", "<b>|`x`&\x01"]},
           "losses": {**run_json()["losses"], "threads_unrecorded": 2}}
    return worse(run=run).write(Path(directory) / "new.tally")


def hostile(directory):
    names = ["<script>alert(1)</script>", "a|b`c`*d*_e_", "x\x01\x1b[31m\x7f", "bad\udcff",
             "\ufffe\uffff", "</failure>]]>&amp;", "[a](x)", '"quoted"']
    for n in (1, 2):
        calls = {"main": 1, **{f"main:1 {name}": n for name in names}}
        made = Build(calls=calls).write(Path(directory) / ("base.tally", "new.tally")[n - 1])
    return made
