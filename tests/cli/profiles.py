"""The profiles that the golden tests look at. Each function makes one in a directory.

Everything in them is fixed: values, times, addresses. Where a number is large it is so on purpose
(thousands separators, columns that grow, sums beyond 64 bits).
"""

import json
import os
import shutil
from pathlib import Path

from profile import Profile

START_NS = 1_790_000_000_123_456_789  # 2026-09-21 14:13:20 UTC
CALLS = [("calls", "count"), ("wall", "nanoseconds")]
SOURCES = Path(__file__).resolve().parent / "sources"


def run_json(**changes):
    run = {
        "format_version": 1,
        "tally_version": "0.1.0",
        "abi_version": 1,
        "program": {
            "executable": "/home/ada/order/shop",
            "argv": ["./shop", "-n", "1000", "blue suede shoes"],
            "working_directory": "/home/ada/order",
            "pid": 4242,
        },
        "start_time_ns": START_NS,
        "start_time": "2026-09-21T14:13:20Z",
        "duration_ns": 2_500_000_000,
        "ended_by": "exit",
        "clock": {"name": "tsc", "hz": 2_899_886_000},
        "probe": {"inside_ps": 9_410, "outside_ps": 9_875},
        "options": {"out": "%e.tally", "verbosity": "1"},
        "threads": 3,
        "contexts": 9,
        "functions": 8,
        "instrumented_functions": 11,
        "units": [
            {"file": "shop.c", "producer": "clang version 14.0.6", "options": "", "functions": 6,
             "optimization": 2},
            {"file": "price.c", "producer": "clang version 14.0.6", "options": "", "functions": 4,
             "optimization": 2},
            {"file": "slow.c", "producer": "clang version 14.0.6", "options": "exclude=debug_*",
             "functions": 1, "optimization": 0},
        ],
        "modules": [{"path": "/home/ada/order/shop", "build_id": "c0ffee"}],
        "losses": {"contexts_collapsed": 0, "threads_unrecorded": 0, "exits_unmatched": 0,
                   "clamped_ns": 0, "clamped_contexts": 0},
    }
    run.update(changes)
    return run


def shop_profile(scale=1):
    """A program with recursion, an inlined function, equal names in two files, a long C++ name."""
    p = Profile(CALLS, default="wall", period_type=("wall", "nanoseconds"), period=1,
                time_ns=START_NS, duration_ns=2_500_000_000)
    exe = p.mapping(0x400000, 0x410000, 0, "/home/ada/order/shop", "c0ffee")
    src = "/home/ada/order/"
    main = p.function("main", file=src + "shop.c", line=30)
    fib = p.function("fib", file=src + "shop.c", line=3)
    price = p.function("price", file=src + "price.c", line=8)
    helper_a = p.function("check", file=src + "price.c", line=2)
    helper_b = p.function("check", file=src + "shop.c", line=12)
    clamp = p.function("clamp", file=src + "shop.c", line=8)
    idle = p.function("idle", file=src + "shop.c", line=26)
    sort = p.function(
        "std::sort<__gnu_cxx::__normal_iterator<order*, std::vector<order>>, by_priority_then_age>",
        "_ZSt4sortIN9__gnu_cxx17__normal_iteratorIP5orderSt6vectorIS2_EEE20by_priority_then_ageEvT_S8_T0_",
        "/opt/nowhere/bits/stl_algo.h", 4870)

    def entry(function, line):
        return p.location([(function, line)], exe, 0x400000 + 0x100 * function)

    def call(*lines, at):
        return p.location(list(lines), exe, 0x400000 + at)

    main_to = {line: call((main, line), at=0x2000 + line) for line in (33, 34, 35, 37)}
    fib_self = call((fib, 5), at=0x3005)
    price_check = call((price, 9), at=0x3009)
    clamp_in_price = call((clamp, 8), (price, 11), at=0x300B)
    clamp_check = call((clamp, 9), (price, 11), at=0x300C)
    main_at, fib_at, price_at = entry(main, 30), entry(fib, 3), entry(price, 8)
    a_at, b_at, sort_at, idle_at = (entry(helper_a, 2), entry(helper_b, 12), entry(sort, 4870),
                                    entry(idle, 26))
    for stack, calls, wall in [
        ([main_at], 1, 801_234),
        ([fib_at, main_to[33]], 1, 12),
        ([fib_at, fib_self, main_to[33]], 7_049_154, 52_100_499),
        ([price_at, main_to[34]], 1_000, 1_250_000_000),
        ([a_at, price_check, main_to[34]], 1_000, 999_700),
        ([clamp_in_price, main_to[34]], 64_000, 0),
        ([b_at, clamp_check, main_to[34]], 3, 7),
        ([sort_at, main_to[35]], 12, 180_000_000),
        ([price_at, main_to[37]], 1, 250_000),
        ([idle_at, main_to[37]], 1, 0),
    ]:
        p.sample(stack, [calls * scale, wall * scale])
    p.comment("made by tests/cli/profiles.py")
    return p


def tally_directory(directory, name="shop.tally", profile=None, run=None):
    target = Path(directory) / name
    target.mkdir()
    (profile or shop_profile()).write(target / "calls.pb.gz")
    (target / "run.json").write_text(json.dumps(run or run_json(), indent=2) + "\n")
    return target


def shop(directory):
    target = tally_directory(directory)
    # The paths recorded are not here: --source-path finds these.
    shutil.copytree(SOURCES, Path(directory) / "sources")
    for file in (Path(directory) / "sources").iterdir():
        os.utime(file, ns=(START_NS - 10**9, START_NS - 10**9))
    return target


def losses(directory):
    run = run_json(clock={"name": "monotonic", "hz": 1_000_000_000,
                          "fallback": "the kernel does not trust the time-stamp counter"},
                   losses={"contexts_collapsed": 12_345, "threads_unrecorded": 1,
                           "exits_unmatched": 2, "clamped_ns": 1_500, "clamped_contexts": 1,
                           "events_of_the_future": 7})
    return tally_directory(directory, "losses.tally", run=run)


def adaptive(directory):
    """Hot functions timed on a sample of their calls: a variance beside their time."""
    p = Profile([*CALLS, ("wall_variance", "nanoseconds^2")], default="wall", time_ns=START_NS)
    names = ["main", "parse", "next_char", "is_blank"]
    f = [p.function(name, file="parse.c", line=10 * i + 1) for i, name in enumerate(names)]
    main, parse, next_char, is_blank = [p.location([(n, 10 * i + 1)]) for i, n in enumerate(f)]
    in_main, in_parse, in_next = [p.location([(n, 10 * i + 5)]) for i, n in enumerate(f[:3])]
    for stack, calls, wall, variance in [
        ([main], 1, 2_000_000, 0),
        ([parse, in_main], 20, 30_000_000, 9_000_000_000_000),  # ± 3 ms
        ([next_char, in_parse, in_main], 5_000_000, 60_000_000, 16_000_000_000_000),  # ± 4 ms
        ([next_char, in_main], 1_000, 12_345, 9_000_000_000_000),  # with the above ± 5 ms
        ([is_blank, in_next, in_parse, in_main], 5_000_000, 10_000_000, 2),  # ± 1.41 ns; with the below ± 1.73 ns
        ([is_blank, in_next, in_main], 1_000, 777, 1),
    ]:
        p.sample(stack, [calls, wall, variance])
    run = run_json(
        timing="adaptive", sampled_contexts=3, timed_calls=159_872,
        options={"timing": "adaptive"},
        probe={"inside_ps": 9_410, "outside_ps": 9_875, "counted_ps": 1_250},
        losses={**run_json()["losses"], "clamped_ns": 510_123, "clamped_contexts": 2},
        threads_time={"wall_ns": 3_210_000_000, "cpu_ns": 2_279_100_000,
                      "run_queue_ns": 64_200_000, "unknown_ns": 0},
        machine={"architecture": "x86_64", "processor": "AMD EPYC 7B13", "processors": 2,
                 "kernel": "6.1.0-25-amd64"},
        units=[{**unit, "flags": flags} for unit, flags in
               zip(run_json()["units"], ["-O2 -DNDEBUG", "-O2 -DNDEBUG", "-std=c11 -O0"])])
    return tally_directory(directory, "adaptive.tally", p, run)


def calls_only(directory):
    """Nothing was timed."""
    p = Profile([("calls", "count")], default="calls", time_ns=START_NS)
    names = ["main", "parse", "next_char"]
    f = [p.function(name, file="parse.c", line=10 * i + 1) for i, name in enumerate(names)]
    main, parse, next_char = [p.location([(n, 10 * i + 1)]) for i, n in enumerate(f)]
    in_main, in_parse, in_parse_too = [p.location([(f[i], line)])
                                       for i, line in ((0, 5), (1, 15), (1, 16))]
    for stack, calls in [([main], 1), ([parse, in_main], 20),
                         ([next_char, in_parse, in_main], 5_000_000),
                         ([next_char, in_parse_too, in_main], 19),
                         ([next_char, in_main], 1_000)]:
        p.sample(stack, [calls])
    run = run_json(timing="off", options={"timing": "off"},
                   threads_time={"wall_ns": 2_000_000_000, "cpu_ns": 1_500_000_000,
                                 "run_queue_ns": 0, "unknown_ns": 500_000_000})
    return tally_directory(directory, "off.tally", p, run)


def huge(directory):
    """Sums that do not fit 64 bits."""
    p = Profile(CALLS, default="wall", time_ns=START_NS)
    f, g = p.function("f", file="f.c", line=1), p.function("g", file="f.c", line=5)
    at_f, at_g = p.location([(f, 1)]), p.location([(g, 5)])
    p.sample([at_f], [2**63 - 1, 2**63 - 1])
    p.sample([at_f, at_g], [2**63 - 1, 2**63 - 1])
    p.sample([at_g], [2**53 + 1, 2**53 + 1])
    path = Path(directory) / "huge.pb.gz"
    p.write(path)
    return path


def heap(directory):
    """A foreign profile: four sample types, labels, no calls."""
    p = Profile([("alloc_objects", "count"), ("alloc_space", "bytes"), ("inuse_objects", "count"),
                 ("inuse_space", "bytes")], default="inuse_space", period_type=("space", "bytes"),
                period=524_288, time_ns=START_NS)
    binary = p.mapping(0x400000, 0x500000, 0, "/usr/local/bin/server", "")
    names = ["main.main", "main.serve", "bufio.NewReaderSize", "net/http.(*conn).serve"]
    f = [p.function(name, file=f"/src/{i}.go", line=0) for i, name in enumerate(names)]
    at = [p.location([(function, 10 * function)], binary) for function in f]
    p.sample([at[2], at[3]], [10_000, 40_960_000, 100, 409_600], [("bytes", (4096, "bytes"))])
    p.sample([at[1], at[0]], [7, 3_584, 7, 3_584], [("bytes", (512, "bytes"))])
    p.sample([at[0]], [1, 1_048_576, 1, 1_048_576])
    path = Path(directory) / "heap.pb.gz"
    p.write(path)
    return path


def odd(directory):
    """Names no terminal should see as they are, lines without functions, negative values."""
    p = Profile([("samples", "count"), ("delta", "milliseconds")])
    names = [b"semi;colon", b"new\nline", b"esc\x1b[31mape", b"bad\xff\xfeutf8", "größe".encode(),
             b"tab\there", b""]
    f = [p.function(name, name, b"dir\x1b/file.c", 3) for name in names]
    at = [p.location([(function, 7)]) for function in f]
    library = p.mapping(0x7F0000000000, 0x7F0000100000, 0x2000, "/nowhere/libodd.so",
                        functions=False)
    unknown = p.location([], library, 0x7F0000000123)
    bare = p.location([], 0, 0xDEADBEEF)
    for i, location in enumerate(at):
        p.sample([location, at[0]], [i + 1, 100 * (i + 1)])
    p.sample([at[1]], [2, -350])
    p.sample([unknown, at[0]], [1, 40])
    p.sample([bare], [1, 30])
    path = Path(directory) / "odd.pb.gz"
    p.write(path)
    return path


def deep(directory, depth=60):
    """A chain of distinct functions, each calling the next."""
    p = Profile(CALLS, default="wall")
    f = [p.function(f"level_{i:02}_of_the_chain", file="deep.c", line=i + 1)
         for i in range(depth)]
    at = [p.location([(function, i + 1)]) for i, function in enumerate(f)]
    for i in range(depth):
        p.sample(list(reversed(at[: i + 1])), [1, 1_000])
    path = Path(directory) / "deep.pb.gz"
    p.write(path)
    return path
