"""Heap profiles as Tally writes them, for the golden tests; the program is called feed.

It has a site that leaks by two callers, one whose path differs in the line of a call only, an
inlined allocator, recursion, an empty block, what was freed, and what libc allocated.
"""

import os
import shutil
from pathlib import Path

from profile import Profile
from profiles import START_NS, run_json, shop_profile, tally_directory

HEAP = [("alloc_objects", "count"), ("alloc_space", "bytes"), ("inuse_objects", "count"),
        ("inuse_space", "bytes")]
SRC = "/home/ada/feed/"


class Feed:
    """A profile of feed, and the stacks in it, leaf first."""

    def __init__(self, types, default, period_type=("space", "bytes")):
        p = self.profile = Profile(types, default=default, period_type=period_type, period=1,
                                   time_ns=START_NS, duration_ns=2_500_000_000)
        exe = p.mapping(0x400000, 0x410000, 0, SRC + "feed", "c0ffee")
        main = p.function("main", file=SRC + "feed.c", line=10)
        load = p.function("load", file=SRC + "feed.c", line=20)
        parse = p.function("parse", file=SRC + "feed.c", line=30)
        grow = p.function("grow", file=SRC + "feed.c", line=40)
        intern = p.function("intern", file=SRC + "names.c", line=5)
        outside = p.function("[outside instrumented code]")

        def at(*lines):
            return p.location(list(lines), exe, 0x400000 + 0x10 * p.n_locations)

        in_main = {line: at((main, line)) for line in (12, 13, 14, 15)}
        load_at, parse_at = at((load, 24)), at((parse, 35))
        self.load_12 = [load_at, in_main[12]]
        self.load_13 = [load_at, in_main[13]]
        self.load_empty = [at((load, 25)), in_main[12]]
        self.intern = [at((intern, 7), (parse, 33)), in_main[14]]
        self.freed = [parse_at, in_main[14]]
        self.grow = [at((grow, 41)), at((grow, 44)), in_main[15]]
        self.outside = [p.location([(outside, 0)])]

    def write(self, path):
        self.profile.write(path)


def fill_heap(feed):
    def size(bytes_):
        return [("bytes", (bytes_, "bytes"))]

    p = feed.profile
    p.sample(feed.load_12, [1_000, 4_096_000, 3, 12_288], size(4096))
    p.sample(feed.load_12, [5, 40_960, 2, 16_384], size(8192))
    p.sample(feed.load_13, [500, 2_048_000, 2, 8_192], size(4096))
    p.sample(feed.load_empty, [1, 0, 1, 0])
    p.sample(feed.intern, [64_000, 1_024_000, 64_000, 1_024_000], size(16))
    p.sample(feed.intern, [10, 320, 10, 320], size(32))
    p.sample(feed.freed, [100, 6_400, 0, 0])
    p.sample(feed.grow, [20, 10_485_760, 1, 5_242_880])
    p.sample(feed.outside, [2, 73_728, 1, 72_704])


def peak():
    feed = Feed([("peak_objects", "count"), ("peak_space", "bytes"), ("site_peak_space", "bytes")],
                "peak_space")
    feed.profile.sample(feed.load_12, [900, 3_686_400, 4_096_000])
    feed.profile.sample(feed.grow, [2, 7_340_032, 7_340_032])
    feed.profile.sample(feed.freed, [0, 0, 6_400])
    return feed


def lifetime():
    feed = Feed([("freed_objects", "count"), ("temporary_objects", "count"),
                 ("lifetime", "nanoseconds")], "lifetime", ("time", "nanoseconds"))

    def between(least, most):
        return [("lifetime_min", (least, "nanoseconds")), ("lifetime_max", (most, "nanoseconds"))]

    feed.profile.sample(feed.load_12, [1_000, 990, 2_000_000_000], between(900, 5_000_000))
    feed.profile.sample(feed.freed, [100, 0, 700], between(7, 7))
    return feed


def sizes():
    feed = Feed([("alloc_objects", "count")], "alloc_objects")
    feed.profile.sample(feed.load_12, [1_005, ], [("bytes", (8192, "bytes"))])
    return feed


HEAP_RUN = {
    "mode": "full", "note": "", "allocated_objects": 65_638, "allocated_bytes": 17_775_168,
    "freed_objects": 1_618, "freed_bytes": 11_398_400, "inuse_objects": 64_020,
    "inuse_bytes": 6_376_768, "peak_bytes": 12_222_208, "table_bytes": 4_194_304,
    "frees_unmatched": 0, "blocks_unrecorded": 0,
}


def feed(directory, name="feed.tally", **heap):
    """The directory of a run, with all kinds of profiles; `heap` changes run.json's object."""
    run = run_json(heap={**HEAP_RUN, **heap})
    run["program"]["argv"] = ["./feed"]
    target = tally_directory(directory, name, profile=shop_profile(), run=run)
    heap_profile = Feed(HEAP, "inuse_space")
    fill_heap(heap_profile)
    for kind, made in [("heap", heap_profile), ("peak", peak()), ("lifetime", lifetime()),
                       ("sizes", sizes())]:
        made.write(target / f"{kind}.pb.gz")
    return target


def feed_sources(directory):
    """With the source of some of it, as old as it must be."""
    target = feed(directory)
    shutil.copytree(Path(__file__).resolve().parent / "sources", Path(directory) / "sources")
    for file in (Path(directory) / "sources").iterdir():
        os.utime(file, ns=(START_NS - 10**9, START_NS - 10**9))
    return target


def losses(directory):
    return feed(directory, frees_unmatched=1, blocks_unrecorded=12_345)


def counts(directory):
    """heap=counts: nothing is known of what was freed."""
    target = feed(directory, mode="counts")
    for kind in ("peak", "lifetime", "sizes"):
        (target / f"{kind}.pb.gz").unlink()
    made = Feed(HEAP[:2], "alloc_space")
    made.profile.sample(made.load_12, [1_000, 4_096_000])
    made.write(target / "heap.pb.gz")
    return target


def off(directory):
    target = feed(directory, mode="off", note="the allocator was not found",
                  **{key: 0 for key, value in HEAP_RUN.items() if isinstance(value, int)})
    for kind in ("heap", "peak", "lifetime", "sizes"):
        (target / f"{kind}.pb.gz").unlink()
    return target


def clean(directory):
    """All that the program allocated was freed."""
    target = feed(directory)
    made = Feed(HEAP, "inuse_space")
    made.profile.sample(made.freed, [100, 6_400, 0, 0])
    made.profile.sample(made.outside, [2, 73_728, 1, 72_704])
    made.write(target / "heap.pb.gz")
    return target


def delta(directory):
    """What changed between two moments: some of it is less."""
    made = Feed(HEAP, "inuse_space")
    made.profile.sample(made.load_12, [10, 40_960, -3, -12_288])
    made.profile.sample(made.load_13, [0, 0, 3, 12_288])
    made.profile.sample(made.intern, [5, 80, 5, 80])
    made.profile.sample(made.freed, [0, 0, -7, 448])
    made.profile.sample(made.grow, [0, 0, -1, -5_242_880])
    path = Path(directory) / "delta.pb.gz"
    made.write(path)
    return path


def hostile(directory):
    """Names no terminal should see as they are."""
    p = Profile([(name, unit) for name, unit in HEAP], default="inuse_space")
    evil = p.function(b"esc\x1b[31mape\n", b"x", b"dir\x1b/fi\nle.c", 3)
    at = p.location([(evil, 7)])
    p.sample([at], [1, 10, 1, 10])
    path = Path(directory) / "hostile.pb.gz"
    p.write(path)
    return path


def newer(directory):
    """Another run of feed, built elsewhere: a function renamed, a leak mended, one grown."""
    feed(directory)
    p = Profile(HEAP, default="inuse_space", period_type=("space", "bytes"), period=1,
                time_ns=START_NS + 10**12, duration_ns=2_000_000_000)
    src = "/build/feed-2/"
    main = p.function("main", file=src + "feed.c", line=10)
    load = p.function("load", file=src + "feed.c", line=20)
    parse = p.function("parse", file=src + "feed.c", line=30)
    enlarge = p.function("enlarge", file=src + "feed.c", line=40)
    intern = p.function("intern", file=src + "names.c", line=5)
    in_main = {line: p.location([(main, line)]) for line in (12, 13, 14, 15)}
    load_at, enlarge_at = p.location([(load, 24)]), p.location([(enlarge, 41)])
    p.sample([load_at, in_main[12]], [1_000, 4_096_000, 1, 4_096])
    p.sample([load_at, in_main[13]], [500, 2_048_000, 0, 0])
    p.sample([p.location([(intern, 7), (parse, 33)]), in_main[14]],
             [128_000, 2_048_000, 128_000, 2_048_000])
    p.sample([enlarge_at, p.location([(enlarge, 44)]), in_main[15]],
             [20, 10_485_760, 1, 5_242_880])
    target = Path(directory) / "newer.tally"
    target.mkdir()
    p.write(target / "heap.pb.gz")
    shop_profile(scale=2).write(target / "calls.pb.gz")
    return target


def several(directory):
    """Three runs of each of two builds: a time that varies, and a count that does."""
    for side, runs in (("old", ((10, 100, 7), (12, 110, 7), (11, 105, 8))),
                       ("new", ((20, 150, 7), (22, 140, 7), (21, 160, 7)))):
        for i, (slow, wall, retries) in enumerate(runs, 1):
            p = Profile([("calls", "count"), ("wall", "nanoseconds")], default="wall")
            main, work, retry = (p.location([(p.function(name, name, "jobs.c", line), line + 1)])
                                 for name, line in (("main", 30), ("work", 10), ("retry", 20)))
            p.sample([main], [1, 1_000])
            p.sample([work, main], [100, wall * 1_000_000])
            p.sample([retry, work, main], [retries, slow * 1_000])
            target = Path(directory) / f"{side}-{i}.tally"
            target.mkdir()
            p.write(target / "calls.pb.gz")
    return target


def hostile_pair(directory):
    """Of the same names a profile, and nothing to compare them with."""
    Profile(HEAP, default="inuse_space").write(Path(directory) / "empty.pb")
    p = Profile(HEAP, default="inuse_space")
    for name in ("<script>alert(1)</script>", "a|b`c``d", 'say "hi", twice', "*bold*_x_\n# title"):
        p.sample([p.location([(p.function(name, name, "f.c", 1), 2)])], [1, 10, 1, 10])
    path = Path(directory) / "hostile.pb"
    p.write(path)
    return path
