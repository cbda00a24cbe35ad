#!/usr/bin/env python3
"""Runs `tally-demo documents --bench`: what it prints is in Go's benchmark format, and what it counts
is what the program's own profile counts.

usage: test_bench.py TALLY-DEMO-PLAIN [TALLY-DEMO TALLY]

The format is https://golang.org/design/14313-benchmark-format with the lines for units that benchstat
knows since. No time is compared with anything.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

PLAIN = PROGRAM = TALLY = None
MANUAL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../docs/demo.md")
STEPS = ("Process", "Normalise", "Extract", "Hash")
VERSIONS = ("naive", "optimised")
NAMES = [f"{step}/version={version}" for step in STEPS for version in VERSIONS]
EXACT_UNITS = ["calls/op", "B/op", "allocs/op"]
COUNTED_OPERATIONS = 100  # where a round has so many, or a part of that

CONFIGURATION = re.compile(r"(?P<key>[a-z][^\sA-Z]*):[ \t]+(?P<value>\S.*)")
UNIT = re.compile(r"Unit (?P<unit>\S+) assume=exact better=lower")
NUMBER = r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?"
RESULT = re.compile(rf"Benchmark(?P<name>[A-Z][A-Za-z]*(?:/[a-z]+=[a-z]+)*)-(?P<threads>[1-9][0-9]*)"
                    rf"[ \t]+(?P<iterations>[1-9][0-9]*)(?P<values>(?:[ \t]+{NUMBER} \S+)+)")


def run(program, *arguments, options=None, cwd=None, **more):
    environment = {key: value for key, value in os.environ.items() if key != "TALLY_OPTIONS"}
    if options:
        environment["TALLY_OPTIONS"] = options
    with tempfile.TemporaryDirectory() as scratch:
        return subprocess.run([program, "documents", *arguments], cwd=cwd or scratch,
                              env=environment, stderr=subprocess.PIPE, check=False,
                              **{"stdout": subprocess.PIPE, **more})


class Bench:
    """What a run printed; a line that is of no kind raises."""

    def __init__(self, program, *arguments, **more):
        result = run(program, "--bench", "--bench-ms", "1", *arguments, **more)
        if (result.returncode, result.stderr) != (0, b""):
            raise AssertionError(result)
        self.configuration, self.units, self.results = {}, [], []
        for line in result.stdout.decode().splitlines():
            self.read(line)

    def read(self, line):
        if match := CONFIGURATION.fullmatch(line):
            self.configuration[match["key"]] = match["value"]
        elif match := UNIT.fullmatch(line):
            self.units.append(match["unit"])
        elif match := RESULT.fullmatch(line):
            fields = match["values"].split()
            self.results.append((match["name"], int(match["threads"]), int(match["iterations"]),
                                 dict(zip(fields[1::2], map(float, fields[0::2])))))
        else:
            raise AssertionError(f"no line of a benchmark: {line!r}")

    def names(self):
        return [name for name, *_ in self.results]

    def counts(self):
        """By benchmark and unit; each repetition must have the same ones."""
        counts = {}
        for name, _, _, values in self.results:
            exact = {unit: value for unit, value in values.items() if unit in EXACT_UNITS}
            if counts.setdefault(name, exact) != exact:
                raise AssertionError(f"{name}: {exact}, and before {counts[name]}")
        return counts


class FormatTest(unittest.TestCase):
    maxDiff = None

    def check(self, bench, units):
        self.assertEqual(bench.names(), NAMES)
        self.assertEqual(bench.units, units[1:])
        self.assertEqual(list(bench.configuration)[:3], ["goos", "goarch", "pkg"])
        self.assertEqual(bench.configuration["goos"], "linux")
        self.assertEqual(bench.configuration["pkg"], "tally-demo/documents")
        for _, threads, _, values in bench.results:
            self.assertEqual(threads, 1)
            self.assertEqual(list(values), units)
            self.assertGreater(values["ns/op"], 0)

    def test_a_plain_build_gives_times(self):
        bench = Bench(PLAIN)
        self.check(bench, ["ns/op"])
        self.assertEqual(bench.configuration["build"], "plain")

    def test_repetitions(self):
        self.assertEqual(Bench(PLAIN, "--repeat", "3").names(), 3 * NAMES)

    def test_one_version_alone(self):
        for version in VERSIONS:
            self.assertEqual(Bench(PLAIN, f"--{version}", "--repeat", "2").names(),
                             2 * [name for name in NAMES if name.endswith(f"/version={version}")])

    def test_the_input(self):
        self.assertRegex(Bench(PLAIN).configuration["input"], r"^1 document, \d+ bytes$")
        for arguments in (["--count", "3", "--seed", "7"], ["--files", "/usr/share/common-licenses"]):
            summary = json.loads(run(PLAIN, "--json", *arguments).stdout)
            self.assertEqual(Bench(PLAIN, *arguments).configuration["input"],
                             f"{summary['documents']} documents, {summary['content_bytes']} bytes")

    def test_a_round_is_all_documents(self):
        for _, _, iterations, _ in Bench(PLAIN, "--count", "7").results:
            self.assertEqual(iterations % 7, 0)

    def test_an_instrumented_build_counts_as_well(self):
        if not PROGRAM:
            self.skipTest("there is none")
        bench = Bench(PROGRAM)
        self.check(bench, ["ns/op", *EXACT_UNITS])
        self.assertEqual(bench.configuration["build"], "instrumented")

    def test_without_the_heap_calls_are_counted(self):
        if not PROGRAM:
            self.skipTest("there is no instrumented build")
        self.check(Bench(PROGRAM, options="heap=off"), ["ns/op", "calls/op"])


class CountsTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        if not PROGRAM:
            self.skipTest("there is no instrumented build")

    def profile(self, directory, sample):
        """By function, what it did itself and what it did with all below it."""
        command = [TALLY, "top", "--json", "-n", "0", "--sample", sample,
                   os.path.join(directory, "tally-demo.tally")]
        top = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
        return {(row["name"], os.path.basename(row["file"])): (row["self"], row["cum"])
                for row in top["functions"]}

    def test_two_runs_count_the_same_and_have_the_same_profile(self):
        profiles, counts = [], []
        for milliseconds in ("1", "5"):
            with tempfile.TemporaryDirectory() as scratch:
                counts.append(Bench(PROGRAM, "--bench-ms", milliseconds, cwd=scratch).counts())
                profiles.append([self.profile(scratch, sample)
                                 for sample in ("calls", "alloc_objects", "alloc_space")])
        self.assertEqual(counts[0], counts[1])
        self.assertEqual(profiles[0], profiles[1])

    def check_against_profile(self, operations, *arguments):
        """Each benchmark is a function, and its operations are what that calls."""
        with tempfile.TemporaryDirectory() as scratch:
            counts = Bench(PROGRAM, *arguments, cwd=scratch).counts()
            calls, objects, space = (self.profile(scratch, sample)
                                     for sample in ("calls", "alloc_objects", "alloc_space"))
        for name in NAMES:
            step, version = name.lower().split("/version=")
            function = (f"{step}_{version}", "documents_bench.c")
            own, below = calls[function]
            self.assertEqual(own, operations)
            of_profile = {"calls/op": below - own, "B/op": space.get(function, (0, 0))[1],
                          "allocs/op": objects.get(function, (0, 0))[1]}
            for unit, total in of_profile.items():
                # Digits that are not printed are less than one of a thousand.
                self.assertAlmostEqual(counts[name][unit], total / operations,
                                       delta=0.0005 * total / operations, msg=f"{name} {unit}")

    def test_counts_are_those_of_the_profile(self):
        self.check_against_profile(COUNTED_OPERATIONS)
        self.check_against_profile(102, "--count", "3")  # the first multiple of 3

    def test_exactly_what_is_known_of_the_faults(self):
        with tempfile.TemporaryDirectory() as scratch:
            Bench(PROGRAM, cwd=scratch)
            calls = self.profile(scratch, "calls")
        called = lambda name: sum(own for (function, _), (own, _) in calls.items()
                                  if function == name) / COUNTED_OPERATIONS
        self.assertEqual(called("document_process"), 2)
        self.assertEqual(called("md5_update"), 2 * (10 + 1))  # by itself, and as a part of all
        self.assertEqual(called("replace_character"), 2 * 8)
        self.assertEqual(called("split_words"), 2)

    def test_nothing_is_measured_but_the_work(self):
        counts = Bench(PROGRAM).counts()
        normalise = counts["Normalise/version=optimised"]
        self.assertEqual((normalise["B/op"], normalise["allocs/op"]), (0, 0),
                         "a buffer that is used again")

    def test_the_optimised_version_does_less(self):
        counts = Bench(PROGRAM).counts()
        for step in STEPS:
            naive, optimised = (counts[f"{step}/version={version}"] for version in VERSIONS)
            for unit in EXACT_UNITS:
                self.assertLess(optimised[unit], naive[unit], f"{step} {unit}")

    def test_each_seed_is_another_document(self):
        first, again, other = (Bench(PROGRAM, "--seed", seed) for seed in ("1", "1", "2"))
        self.assertEqual(first.counts(), again.counts())
        self.assertNotEqual(first.counts(), other.counts())
        self.assertEqual(first.counts(), Bench(PROGRAM).counts(), "1 unless told otherwise")

    def test_how_it_is_recorded_makes_no_difference(self):
        for options in ("timing=off", "heap=counts", "enabled=false"):
            self.assertEqual(Bench(PROGRAM, options=options).counts(), Bench(PROGRAM).counts())

    def test_the_manual_shows_what_is_counted(self):
        with open(MANUAL, encoding="utf-8") as file:
            shown = [RESULT.fullmatch(line.strip()) for line in file]
        counts = Bench(PROGRAM).counts()
        shown = [match for match in shown if match]
        self.assertEqual([match["name"] for match in shown], NAMES)
        for match in shown:
            fields = match["values"].split()
            values = dict(zip(fields[1::2], map(float, fields[0::2])))
            del values["ns/op"]
            self.assertEqual(values, counts[match["name"]])


class RefusalTest(unittest.TestCase):
    def refused(self, pattern, *arguments):
        result = run(PLAIN, *arguments)
        self.assertEqual((result.returncode, result.stdout), (2, b""), arguments)
        self.assertRegex(result.stderr.decode(), rf"^tally-demo: {pattern}[^\n]*\n$")

    def test_options_that_do_not_go_together(self):
        for others in (["--json"], ["--heap-captures", "."],
                       ["--store", "unbounded"], ["--capacity", "3"], ["--ttl-ms", "3"]):
            self.refused(rf"--bench and .*{others[0]}.* exclude each other", "--bench", *others)
        self.refused("--naive and --optimised exclude", "--bench", "--naive", "--optimised")
        self.refused("--files and --count exclude", "--bench", "--count", "1", "--files", "/")
        self.refused("--seed is for generated documents", "--bench", "--files", "/", "--seed", "1")
        self.refused("--bench-ms is for --bench", "--bench-ms", "10")
        self.refused("--bench-ms: '0' is not a number from 1", "--bench", "--bench-ms", "0")

    def test_input_that_is_not_there(self):
        with tempfile.TemporaryDirectory() as empty:
            self.refused("/no/such: No such file", "--bench", "--files", "/no/such")
            self.refused(f"{empty}: no text files found", "--bench", "--files", empty)

    def test_files_that_are_left_out_are_told_unless_quiet(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, content in (("binary", b"\0"), ("text", b"text")):
                with open(os.path.join(folder, name), "wb") as file:
                    file.write(content)
            arguments = ["--bench", "--bench-ms", "1", "--files", folder]
            note = f"tally-demo: {folder}/binary: not a text file; left out\n".encode()
            self.assertEqual(run(PLAIN, *arguments).stderr, note)
            self.assertEqual(run(PLAIN, *arguments, "--quiet").stderr, b"")

    def test_full_disk(self):
        with open("/dev/full", "wb") as full:
            result = run(PLAIN, "--bench", "--bench-ms", "1", stdout=full)
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr, rb"^tally-demo: standard output: No space left[^\n]*\n$")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 4):
        sys.exit(__doc__)
    PLAIN, PROGRAM, TALLY = ([os.path.abspath(path) for path in sys.argv[1:]] + [None, None])[:3]
    unittest.main(argv=sys.argv[:1])
