"""Output of the reading commands on fixed profiles, compared with golden/NAME.

    TALLY=build/bin/tally python3 test_golden.py            compares
    TALLY=build/bin/tally python3 test_golden.py --update   rewrites golden/; look at the difference
"""

import difflib
import sys
import tempfile
from pathlib import Path

import builds
import heap_profiles
import profiles
from harness import run

GOLDEN = Path(__file__).resolve().parent / "golden"
FILTERS = ["--focus", "main", "--ignore", "stl_algo", "--hide", "^check$"]

# name of the golden file, profile, arguments (PROFILE stands for the profile), environment
OLD_RUNS = [f"old-{i}.tally" for i in (1, 2, 3)]
NEW_RUNS = [f"new-{i}.tally" for i in (1, 2, 3)]

CASES = [
    ("top.txt", profiles.shop, ["top", "PROFILE"], {}),
    ("top-lines.txt", profiles.shop, ["top", "--lines", "PROFILE"], {}),
    ("top-80.txt", profiles.shop, ["top", "PROFILE"], {"COLUMNS": "80"}),
    ("top-60.txt", profiles.shop, ["top", "PROFILE", "--width=60"], {}),
    ("top-40.txt", profiles.shop, ["top", "PROFILE", "--width=40"], {}),
    ("top-20.txt", profiles.shop, ["top", "PROFILE", "--width=20"], {}),
    ("top-ascii.txt", profiles.shop, ["top", "PROFILE", "--width=80"], {"LC_ALL": "C"}),
    ("top-raw.txt", profiles.shop, ["top", "--raw", "PROFILE"], {}),
    ("top-color.txt", profiles.shop, ["top", "--color=always", "PROFILE"], {"NO_COLOR": "1"}),
    ("top-calls.txt", profiles.shop, ["top", "--sort=calls", "-n3", "PROFILE"], {}),
    ("top-cum.txt", profiles.shop, ["top", "--sort", "cum", "PROFILE"], {}),
    ("top-average.txt", profiles.shop, ["top", "--sort", "avg", "PROFILE"], {}),
    ("top-name.txt", profiles.shop, ["top", "--sort", "name", "-n", "0", "PROFILE"], {}),
    ("top-sample-calls.txt", profiles.shop, ["top", "--sample", "calls", "PROFILE"], {}),
    ("top-filters.txt", profiles.shop, ["top", *FILTERS, "PROFILE"], {}),
    ("top-focus.txt", profiles.shop, ["top", "--focus", "stl_algo|^fib$", "PROFILE"], {}),
    ("tree-focus.txt", profiles.shop, ["tree", "--focus", "stl_algo|^fib$", "PROFILE"], {}),
    ("top-nothing.txt", profiles.shop, ["top", "--focus", "zzz", "PROFILE"], {}),
    ("top.json", profiles.shop, ["top", "--json", "-n", "3", "PROFILE"], {}),
    ("top-losses.txt", profiles.losses, ["top", "PROFILE", "--width=100"], {}),
    ("top-huge.txt", profiles.huge, ["top", "PROFILE"], {}),
    ("top-huge-raw.txt", profiles.huge, ["top", "--raw", "PROFILE"], {}),
    ("top-heap.txt", profiles.heap, ["top", "PROFILE"], {}),
    ("top-heap-objects.txt", profiles.heap, ["top", "--sample=alloc_objects", "PROFILE"], {}),
    ("top-odd.txt", profiles.odd, ["top", "PROFILE"], {}),
    ("top-odd-ascii.txt", profiles.odd, ["top", "PROFILE"], {"LC_ALL": "C"}),
    ("top-odd.json", profiles.odd, ["top", "--json", "PROFILE"], {}),
    ("tree.txt", profiles.shop, ["tree", "PROFILE"], {}),
    ("tree-all-lines.txt", profiles.shop, ["tree", "--min=0", "--lines", "PROFILE"], {}),
    ("tree-depth.txt", profiles.shop, ["tree", "--min=0%", "--depth", "2", "PROFILE"], {}),
    ("tree-80-ascii.txt", profiles.shop, ["tree", "--min", "0", "PROFILE"],
     {"LC_ALL": "C", "COLUMNS": "80"}),
    ("tree-bottom-up.txt", profiles.shop, ["tree", "--bottom-up", "--min", "0", "PROFILE"], {}),
    ("tree-bottom-up-lines.txt", profiles.shop,
     ["tree", "--bottom-up", "--lines", "PROFILE", "--depth=2"], {}),
    ("tree-filters.txt", profiles.shop, ["tree", "--min=0", *FILTERS, "PROFILE"], {}),
    ("tree.json", profiles.shop, ["tree", "--json", "--min", "0", "PROFILE"], {}),
    ("tree-deep-60.txt", profiles.deep, ["tree", "PROFILE", "--width", "60"], {}),
    ("tree-heap.txt", profiles.heap, ["tree", "PROFILE"], {}),
    ("list.txt", profiles.shop, ["list", ".", "--source-path", "sources", "PROFILE"], {}),
    ("list-60.txt", profiles.shop,
     ["list", "^(price|fib)$", "--source-path=nowhere:sources", "--width=60", "PROFILE"], {}),
    ("list-raw.txt", profiles.shop,
     ["list", "--raw", "^fib$", "--source-path", "sources", "PROFILE"], {}),
    ("list-trim.txt", profiles.shop,
     ["list", "^fib$", "--trim-path", "/opt:/home/ada/order", "--source-path", "sources",
      "PROFILE"], {}),
    ("list-missing.txt", profiles.shop, ["list", "price|idle", "PROFILE"], {}),
    ("list.json", profiles.shop,
     ["list", "--json", "price|sort", "--source-path", "sources", "PROFILE"], {}),
    ("info.txt", profiles.shop, ["info", "PROFILE"], {}),
    ("info-losses-80.txt", profiles.losses, ["info", "PROFILE", "--width=80"], {}),
    ("info-heap.txt", profiles.heap, ["info", "PROFILE"], {}),
    ("info.json", profiles.losses, ["info", "--json", "PROFILE"], {}),
    ("adaptive-top.txt", profiles.adaptive, ["top", "PROFILE"], {}),
    ("adaptive-top-80.txt", profiles.adaptive, ["top", "PROFILE", "--width=80"], {"LC_ALL": "C"}),
    ("adaptive-top-60.txt", profiles.adaptive, ["top", "PROFILE", "--width=60"], {}),
    ("adaptive-top-raw.txt", profiles.adaptive, ["top", "--raw", "PROFILE"], {}),
    ("adaptive-top.json", profiles.adaptive, ["top", "--json", "PROFILE"], {}),
    ("adaptive-top-calls.txt", profiles.adaptive, ["top", "--sample=calls", "PROFILE"], {}),
    ("adaptive-top-variance.txt", profiles.adaptive,
     ["top", "--sample=wall_variance", "PROFILE"], {}),
    ("adaptive-tree.txt", profiles.adaptive, ["tree", "PROFILE"], {}),
    ("adaptive-tree-bottom-up.txt", profiles.adaptive,
     ["tree", "--bottom-up", "--min=0", "PROFILE"], {}),
    ("adaptive-tree.json", profiles.adaptive, ["tree", "--json", "--depth=2", "PROFILE"], {}),
    ("adaptive-list.txt", profiles.adaptive, ["list", "next|main", "PROFILE"], {}),
    ("adaptive-list.json", profiles.adaptive, ["list", "--json", "next", "PROFILE"], {}),
    ("adaptive-convert-folded.txt", profiles.adaptive,
     ["convert", "--to", "folded", "PROFILE"], {}),
    ("off-top.txt", profiles.calls_only, ["top", "PROFILE"], {}),
    ("off-top-hide.txt", profiles.calls_only, ["top", "-n1", "--hide=next_char", "PROFILE"], {}),
    ("off-top.json", profiles.calls_only, ["top", "--json", "PROFILE"], {}),
    ("off-tree.txt", profiles.calls_only, ["tree", "PROFILE"], {}),
    ("off-tree-bottom-up.txt", profiles.calls_only,
     ["tree", "--bottom-up", "--min=0", "PROFILE"], {}),
    ("off-list.txt", profiles.calls_only, ["list", ".", "PROFILE"], {}),
    ("off-convert-folded.txt", profiles.calls_only, ["convert", "--to", "folded", "PROFILE"], {}),
    ("info-adaptive.txt", profiles.adaptive, ["info", "PROFILE"], {}),
    ("info-off.txt", profiles.calls_only, ["info", "PROFILE"], {}),
    ("feed-top.txt", heap_profiles.feed, ["top", "--profile=heap", "PROFILE"], {}),
    ("feed-top-60.txt", heap_profiles.feed,
     ["top", "--profile=heap", "--width=60", "PROFILE"], {}),
    ("feed-top-raw.txt", heap_profiles.feed, ["top", "--profile=heap", "--raw", "PROFILE"], {}),
    ("feed-top-average.txt", heap_profiles.feed,
     ["top", "--sample=alloc_space", "--sort=avg", "-n3", "PROFILE"], {}),
    ("feed-top-objects.txt", heap_profiles.feed,
     ["top", "--sample=inuse_space", "--sort=objects", "-n3", "PROFILE"], {}),
    ("feed-top-hide.txt", heap_profiles.feed,
     ["top", "--sample=inuse_space", "--hide=intern", "--lines", "PROFILE"], {}),
    ("feed-top-peak.txt", heap_profiles.feed, ["top", "--sample=peak_space", "PROFILE"], {}),
    ("feed-top-site-peak.txt", heap_profiles.feed,
     ["top", "--sample=site_peak_space", "PROFILE"], {}),
    ("feed-top-lifetime.txt", heap_profiles.feed, ["top", "--sample=lifetime", "PROFILE"], {}),
    ("feed-top-temporary.txt", heap_profiles.feed,
     ["top", "--sample=temporary_objects", "PROFILE"], {}),
    ("feed-top-losses.txt", heap_profiles.losses, ["top", "--profile=heap", "PROFILE"], {}),
    ("feed-top-losses-calls.txt", heap_profiles.losses, ["top", "-n1", "PROFILE"], {}),
    ("feed-top.json", heap_profiles.losses,
     ["top", "--profile=heap", "--json", "-n2", "PROFILE"], {}),
    ("feed-tree.txt", heap_profiles.feed, ["tree", "--sample=inuse_space", "PROFILE"], {}),
    ("feed-tree-objects.txt", heap_profiles.feed,
     ["tree", "--sample=alloc_objects", "PROFILE"], {}),
    ("feed-tree-bottom-up.txt", heap_profiles.feed,
     ["tree", "--bottom-up", "--sample=alloc_space", "PROFILE"], {}),
    ("feed-tree.json", heap_profiles.feed,
     ["tree", "--json", "--sample=inuse_space", "--depth=2", "PROFILE"], {}),
    ("feed-list.txt", heap_profiles.feed_sources,
     ["list", "load|intern|outside", "--sample=inuse_space", "--source-path=sources", "PROFILE"],
     {}),
    ("feed-list.json", heap_profiles.feed,
     ["list", "--json", "load", "--sample=inuse_space", "PROFILE"], {}),
    ("feed-convert-folded.txt", heap_profiles.feed,
     ["convert", "--to=folded", "--sample=inuse_objects", "PROFILE"], {}),
    ("delta-top.txt", heap_profiles.delta, ["top", "PROFILE"], {}),
    ("delta-tree.txt", heap_profiles.delta, ["tree", "--lines", "PROFILE"], {}),
    # load: what is less on one line is more on another, and counts as both.
    ("delta-tree-min.txt", heap_profiles.delta, ["tree", "--min=0.4", "PROFILE"], {}),
    ("delta-list.txt", heap_profiles.delta, ["list", "load|parse", "PROFILE"], {}),
    ("leaks.txt", heap_profiles.feed, ["leaks", "PROFILE"], {}),
    ("leaks-lines.txt", heap_profiles.feed, ["leaks", "--lines", "-n3", "PROFILE"], {}),
    ("leaks-all.txt", heap_profiles.feed, ["leaks", "-n0", "PROFILE", "--width=70"], {}),
    ("leaks-raw-40.txt", heap_profiles.feed, ["leaks", "--raw", "--width=40", "PROFILE"], {}),
    ("leaks-filters.txt", heap_profiles.losses,
     ["leaks", "--focus=main", "--ignore=grow", "--hide=parse", "PROFILE"], {}),
    ("leaks-filters-nothing.txt", heap_profiles.feed, ["leaks", "--focus=zzz", "PROFILE"], {}),
    ("leaks-none.txt", heap_profiles.clean, ["leaks", "PROFILE"], {}),
    ("leaks-none.json", heap_profiles.clean, ["leaks", "--json", "PROFILE"], {}),
    ("leaks-delta.txt", heap_profiles.delta, ["leaks", "PROFILE"], {}),
    ("leaks-hostile.txt", heap_profiles.hostile, ["leaks", "PROFILE"], {}),
    ("leaks-hostile.json", heap_profiles.hostile, ["leaks", "--json", "PROFILE"], {}),
    ("leaks-go.txt", profiles.heap, ["leaks", "--color=always", "PROFILE"], {}),
    ("leaks.json", heap_profiles.losses, ["leaks", "--json", "-n3", "PROFILE"], {}),
    ("diff.txt", heap_profiles.newer, ["diff", "--sample=inuse_space", "feed.tally", "PROFILE"],
     {}),
    ("diff-files.txt", heap_profiles.newer,
     ["diff", "feed.tally/heap.pb.gz", "newer.tally/heap.pb.gz"], {}),
    ("diff-calls.txt", heap_profiles.newer, ["diff", "-n3", "feed.tally", "PROFILE"], {}),
    ("diff-lines.txt", heap_profiles.newer,
     ["diff", "--lines", "--sample=inuse_space", "feed.tally", "PROFILE"], {}),
    ("diff-100.txt", heap_profiles.newer,
     ["diff", "--sample=inuse_space", "--width=100", "feed.tally", "PROFILE"], {"LC_ALL": "C"}),
    ("diff-60.txt", heap_profiles.newer,
     ["diff", "--sample=inuse_space", "--width=60", "feed.tally", "PROFILE"], {}),
    ("diff-raw.txt", heap_profiles.newer,
     ["diff", "--raw", "--sample=inuse_objects", "feed.tally", "PROFILE"], {}),
    ("diff-color.txt", heap_profiles.newer,
     ["diff", "--color=always", "--sample=inuse_space", "feed.tally", "PROFILE"], {}),
    ("diff-filters.txt", heap_profiles.newer,
     ["diff", "--sample=inuse_space", "--focus=main", "--ignore=grow", "--hide=parse",
      "feed.tally", "PROFILE"], {}),
    ("diff-same.txt", heap_profiles.losses, ["diff", "--profile=heap", "PROFILE", "PROFILE"], {}),
    ("diff-losses-of-times.txt", profiles.adaptive, ["diff", "--sample=wall", "PROFILE", "PROFILE"], {}),
    ("diff-no-times.txt", profiles.adaptive, ["diff", "--sample=calls", "PROFILE", "PROFILE"], {}),
    ("diff-delta.txt", heap_profiles.delta, ["diff", "PROFILE", "PROFILE"], {}),
    ("diff.json", heap_profiles.newer,
     ["diff", "--json", "-n2", "--sample=inuse_space", "feed.tally", "PROFILE"], {}),
    ("diff-lines.json", heap_profiles.newer,
     ["diff", "--json", "--lines", "-n2", "--sample=inuse_space", "feed.tally", "PROFILE"], {}),
    ("diff-edges.txt", heap_profiles.newer,
     ["diff", "--edges", "--sample=calls", "-n5", "feed.tally", "PROFILE"], {}),
    ("diff-paths.txt", heap_profiles.newer,
     ["diff", "--paths", "--sample=alloc_space", "feed.tally", "PROFILE"], {}),
    ("diff-min.txt", heap_profiles.newer,
     ["diff", "--sample=alloc_objects", "--min=10%", "--sort=percent", "feed.tally", "PROFILE"],
     {}),
    ("diff-runs.txt", heap_profiles.several, ["diff", *OLD_RUNS, "--", *NEW_RUNS], {}),
    ("diff-runs.json", heap_profiles.several, ["diff", "--json", *OLD_RUNS, "--", *NEW_RUNS], {}),
    ("diff-runs.md", heap_profiles.several,
     ["diff", "--format=markdown", *OLD_RUNS, "--", *NEW_RUNS], {}),
    ("diff-runs.benchstat", heap_profiles.several,
     ["diff", "--format=benchstat", *OLD_RUNS, "--", *NEW_RUNS], {}),
    ("diff.md", heap_profiles.newer, ["diff", "--format=markdown", "feed.tally", "PROFILE"], {}),
    ("diff-edges.csv", heap_profiles.newer,
     ["diff", "--format=csv", "--edges", "-n0", "feed.tally", "PROFILE"], {}),
    ("diff-hostile.md", heap_profiles.hostile_pair,
     ["diff", "--format=markdown", "--sample=inuse_space", "empty.pb", "PROFILE"], {}),
    ("diff-hostile.csv", heap_profiles.hostile_pair,
     ["diff", "--format=csv", "--sample=inuse_space", "empty.pb", "PROFILE"], {}),
    *[(f"check{name}", make, ["check", "--baseline", "base.tally", "PROFILE", *arguments], {})
      for make, stem, budget in ((builds.pair, "", []),
                                 (builds.pair, "-budget", ["--budget", "budget.yaml"]),
                                 (builds.better, "-ok", []), (builds.foreign, "-refused", []),
                                 (builds.hostile, "-hostile", []))
      for name, arguments in ((f"{stem}.txt", budget),
                              (f"{stem}.json", [*budget, "--json", "-"]),
                              (f"{stem}.md", [*budget, "--markdown", "-"]),
                              (f"{stem}.xml", [*budget, "--junit", "-"]))],
    ("check-60.txt", builds.pair,
     ["check", "--baseline=base.tally", "--budget=budget.yaml", "-n3", "--width=60", "PROFILE"],
     {"LC_ALL": "C"}),
    ("check-absolute.txt", builds.pair, ["check", "--budget=absolute.yaml", "PROFILE"], {}),
    ("info-feed.txt", heap_profiles.losses, ["info", "PROFILE"], {}),
    ("info-feed-raw.txt", heap_profiles.feed, ["info", "--raw", "PROFILE"], {}),
    ("info-feed-counts.txt", heap_profiles.counts, ["info", "PROFILE"], {}),
    ("info-feed-off.txt", heap_profiles.off, ["info", "PROFILE"], {}),
    ("info-feed.json", heap_profiles.losses, ["info", "--json", "PROFILE"], {}),
    ("convert-folded.txt", profiles.shop, ["convert", "--to", "folded", "PROFILE"], {}),
    ("convert-folded-calls.txt", profiles.shop,
     ["convert", "--to", "folded", "--sample=calls", "--ignore=stl_algo|^fib$", "PROFILE"], {}),
    ("convert-folded-odd.txt", profiles.odd, ["convert", "--to", "folded", "PROFILE"], {}),
    ("convert.json", profiles.heap, ["convert", "--to", "json", "PROFILE"], {}),
    ("convert-huge.json", profiles.huge, ["convert", "--to", "json", "PROFILE"], {}),
    ("help.txt", None, ["help"], {}),
    ("help-top.txt", None, ["help", "top"], {}),
    ("help-tree.txt", None, ["tree", "--help"], {}),
    ("help-diff.txt", None, ["help", "diff"], {}),
    ("help-check.txt", None, ["help", "check"], {}),
    ("help-leaks.txt", None, ["help", "leaks"], {}),
    ("help-list.txt", None, ["help", "list"], {}),
    ("help-info.txt", None, ["help", "info"], {}),
    ("help-merge.txt", None, ["help", "merge"], {}),
    ("help-convert.txt", None, ["help", "convert"], {}),
    ("help-symbolize.txt", None, ["help", "symbolize"], {}),
]


def output_of(make, arguments, env):
    with tempfile.TemporaryDirectory() as directory:
        profile = make(directory).name if make else ""
        arguments = [profile if word == "PROFILE" else word for word in arguments]
        result = run(*arguments, cwd=directory, **env)
        text = result.stdout
        if result.stderr:
            text += b"---- standard error ----\n" + result.stderr
        if result.returncode:
            text += b"---- exit status %d ----\n" % result.returncode
        return text


def without_sizes(name, text):
    """`info` shows sizes of gzip'd files, which another zlib may make smaller."""
    if not name.startswith("info"):
        return text
    lines = text.splitlines(keepends=True)
    return b"".join(line for line in lines
                    if b".pb.gz, " not in line and b"size_bytes" not in line)


def main():
    update = "--update" in sys.argv[1:]
    failures = 0
    known = {name for name, *_ in CASES}
    for name, make, arguments, env in CASES:
        got = without_sizes(name, output_of(make, arguments, env))
        path = GOLDEN / name
        if update:
            path.write_bytes(got)
            continue
        want = path.read_bytes() if path.exists() else b""
        if got != want:
            failures += 1
            print(f"---- {name}: tally {' '.join(arguments)}")
            sys.stdout.writelines(difflib.unified_diff(
                want.decode(errors="backslashreplace").splitlines(keepends=True),
                got.decode(errors="backslashreplace").splitlines(keepends=True), "golden", "got"))
    for path in GOLDEN.iterdir():
        if path.name not in known:
            if update:
                path.unlink()
            else:
                failures += 1
                print(f"---- golden/{path.name}: of no test")
    print(f"{len(CASES)} outputs {'written' if update else 'compared'}, {failures} different")
    return 1 if failures else 0


sys.exit(main())
