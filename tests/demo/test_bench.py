#!/usr/bin/env python3
"""Runs `tally-demo documents --bench` and `tally-demo orders --bench`: what they print is in Go's
benchmark format, and what they count is what the program's own profile counts.

usage: test_bench.py TALLY-DEMO-PLAIN [TALLY-DEMO TALLY]

The format is https://golang.org/design/14313-benchmark-format with the lines for units that benchstat
knows since. No time is compared with anything.
"""
import collections
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

from orders_reference import expected_calls

PLAIN = PROGRAM = TALLY = None
MANUAL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../docs/demo.md")
STEPS = {"documents": ("Process", "Normalise", "Extract", "Hash"),
         "orders": ("Process", "Validate", "Price", "RuleVolumeDiscount", "RuleLoyaltyDiscount",
                    "RuleCoupon", "RuleShipping", "RuleTax", "RuleFraudScore", "Queue")}
RULES = ("volume_discount", "loyalty_discount", "coupon", "shipping", "tax", "fraud_score")
COMMON_RULES = ("RuleVolumeDiscount", "RuleLoyaltyDiscount", "RuleFraudScore")  # to both versions
VERSIONS = ("naive", "optimised")
NAMES = {command: [f"{step}/version={version}" for step in steps for version in VERSIONS]
         for command, steps in STEPS.items()}
EXACT_UNITS = ["calls/op", "B/op", "allocs/op"]
COUNTED_OPERATIONS = {"documents": 100, "orders": 1000}  # unless --count makes others of a round

CONFIGURATION = re.compile(r"(?P<key>[a-z][^\sA-Z]*):[ \t]+(?P<value>\S.*)")
UNIT = re.compile(r"Unit (?P<unit>\S+) assume=exact better=lower")
NUMBER = r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?"
RESULT = re.compile(rf"Benchmark(?P<name>[A-Z][A-Za-z]*(?:/[a-z]+=[a-z]+)*)-(?P<threads>[1-9][0-9]*)"
                    rf"[ \t]+(?P<iterations>[1-9][0-9]*)(?P<values>(?:[ \t]+{NUMBER} \S+)+)")


def run(program, command, *arguments, options=None, cwd=None, **more):
    environment = {key: value for key, value in os.environ.items() if key != "TALLY_OPTIONS"}
    if options:
        environment["TALLY_OPTIONS"] = options
    with tempfile.TemporaryDirectory() as scratch:
        return subprocess.run([program, command, *arguments], cwd=cwd or scratch,
                              env=environment, stderr=subprocess.PIPE, check=False,
                              **{"stdout": subprocess.PIPE, **more})


class Bench:
    """What a run printed; a line that is of no kind raises."""

    def __init__(self, program, command, *arguments, **more):
        result = run(program, command, "--bench", "--bench-ms", "1", *arguments, **more)
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

    def check(self, command, bench, units):
        self.assertEqual(bench.names(), NAMES[command])
        self.assertEqual(bench.units, units[1:])
        self.assertEqual(list(bench.configuration)[:3], ["goos", "goarch", "pkg"])
        self.assertEqual(bench.configuration["goos"], "linux")
        self.assertEqual(bench.configuration["pkg"], f"tally-demo/{command}")
        for _, threads, _, values in bench.results:
            self.assertEqual(threads, 1)
            self.assertEqual(list(values), units)
            self.assertGreater(values["ns/op"], 0)

    def test_a_plain_build_gives_times(self):
        for command in STEPS:
            bench = Bench(PLAIN, command)
            self.check(command, bench, ["ns/op"])
            self.assertEqual(bench.configuration["build"], "plain")

    def test_repetitions(self):
        for command in STEPS:
            self.assertEqual(Bench(PLAIN, command, "--repeat", "3").names(), 3 * NAMES[command])

    def test_one_version_alone(self):
        for command in STEPS:
            for version in VERSIONS:
                bench = Bench(PLAIN, command, f"--{version}", "--repeat", "2")
                self.assertEqual(bench.names(), 2 * [name for name in NAMES[command]
                                                     if name.endswith(f"/version={version}")])

    def test_the_documents(self):
        self.assertRegex(Bench(PLAIN, "documents").configuration["input"],
                         r"^1 document, \d+ bytes$")
        for arguments in (["--count", "3", "--seed", "7"], ["--files", "/usr/share/common-licenses"]):
            summary = json.loads(run(PLAIN, "documents", "--json", *arguments).stdout)
            self.assertEqual(Bench(PLAIN, "documents", *arguments).configuration["input"],
                             f"{summary['documents']} documents, {summary['content_bytes']} bytes")

    def test_the_orders(self):
        for given, meant in (([], ["--count", "1000"]), (2 * [["--count", "30", "--seed", "7"]])):
            summary = json.loads(run(PLAIN, "orders", "--json", *meant).stdout)
            self.assertEqual(Bench(PLAIN, "orders", *given).configuration["input"],
                             f"{summary['orders']} orders, {summary['accepted'] + summary['held']} "
                             f"valid, {summary['items']} items")

    def test_a_round_is_all_of_the_input(self):
        for command in STEPS:
            for _, _, iterations, _ in Bench(PLAIN, command, "--count", "7").results:
                self.assertEqual(iterations % 7, 0)

    def test_an_instrumented_build_counts_as_well(self):
        if not PROGRAM:
            self.skipTest("there is none")
        for command in STEPS:
            bench = Bench(PROGRAM, command)
            self.check(command, bench, ["ns/op", *EXACT_UNITS])
            self.assertEqual(bench.configuration["build"], "instrumented")

    def test_without_the_heap_calls_are_counted(self):
        if not PROGRAM:
            self.skipTest("there is no instrumented build")
        for command in STEPS:
            self.check(command, Bench(PROGRAM, command, options="heap=off"), ["ns/op", "calls/op"])


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
        for command in STEPS:
            profiles, counts = [], []
            for milliseconds in ("1", "5"):
                with tempfile.TemporaryDirectory() as scratch:
                    bench = Bench(PROGRAM, command, "--bench-ms", milliseconds, cwd=scratch)
                    counts.append(bench.counts())
                    profiles.append([self.profile(scratch, sample)
                                     for sample in ("calls", "alloc_objects", "alloc_space")])
            self.assertEqual(counts[0], counts[1])
            self.assertEqual(profiles[0], profiles[1])

    def check_against_profile(self, command, operations, *arguments):
        """Each benchmark is a function, and its operations are what that calls."""
        with tempfile.TemporaryDirectory() as scratch:
            counts = Bench(PROGRAM, command, *arguments, cwd=scratch).counts()
            calls, objects, space = (self.profile(scratch, sample)
                                     for sample in ("calls", "alloc_objects", "alloc_space"))
        for name in NAMES[command]:
            step, version = name.split("/version=")
            step = re.sub(r"(?<!^)(?=[A-Z])", "_", step).lower()
            function = (f"{step}_{version}", f"{command}_bench.c")
            own, below = calls[function]
            self.assertEqual(own, operations)
            of_profile = {"calls/op": below - own, "B/op": space.get(function, (0, 0))[1],
                          "allocs/op": objects.get(function, (0, 0))[1]}
            for unit, total in of_profile.items():
                # Digits that are not printed are less than one of a thousand.
                self.assertAlmostEqual(counts[name][unit], total / operations,
                                       delta=0.0005 * total / operations, msg=f"{name} {unit}")

    def test_counts_are_those_of_the_profile(self):
        for command, operations in COUNTED_OPERATIONS.items():
            self.check_against_profile(command, operations)
            self.check_against_profile(command, 102, "--count", "3")  # the first multiple of 3

    def calls(self, command):
        """By function, of the counted operations of all benchmarks together."""
        with tempfile.TemporaryDirectory() as scratch:
            Bench(PROGRAM, command, cwd=scratch)
            calls = collections.Counter()
            for (function, _), (own, _) in self.profile(scratch, "calls").items():
                calls[function] += own
            return calls

    def test_exactly_what_is_known_of_documents(self):
        n, calls = COUNTED_OPERATIONS["documents"], self.calls("documents")
        self.assertEqual(calls["document_process"], 2 * n)
        self.assertEqual(calls["md5_update"], 2 * (10 + 1) * n)  # by itself, and as a part of all
        self.assertEqual(calls["replace_character"], 2 * 8 * n)
        self.assertEqual(calls["split_words"], 2 * n)

    def test_exactly_what_is_known_of_orders(self):
        n, calls = COUNTED_OPERATIONS["orders"], self.calls("orders")
        valid = expected_calls(n, 1)["valid"]
        self.assertEqual(calls["order_process"], 2 * n)
        self.assertEqual(calls["validate_order"], 2 * 2 * n)  # by itself, and as a part of all
        self.assertEqual(calls["email_pattern_compile"], 2 * n)
        self.assertEqual(calls["price_order"], 2 * 2 * valid)
        for rule in RULES:
            self.assertEqual(calls[f"rule_{rule}"], 2 * 3 * valid)  # as a part of pricing, too
        self.assertEqual((calls["push"], calls["pop"]), (2 * n, 2 * n))
        self.assertEqual(calls["generated_order"], 0, "made beforehand")

    def test_rules_do_by_themselves_what_they_do_in_turn(self):
        n, counts = COUNTED_OPERATIONS["orders"], Bench(PROGRAM, "orders").counts()
        valid = expected_calls(n, 1)["valid"] / n
        # The sum of the goods and that of the rules; the naive version looks for each rule as well.
        beside = {"naive": (2 + 6 + 21) * valid, "optimised": 2 * valid}
        for version in VERSIONS:
            rules = sum(values["calls/op"] for name, values in counts.items()
                        if name.startswith("Rule") and name.endswith(f"={version}"))
            price = counts[f"Price/version={version}"]["calls/op"]
            self.assertAlmostEqual(rules + beside[version], price, delta=0.0005 * price)

    def test_nothing_is_measured_but_the_work(self):
        normalise = Bench(PROGRAM, "documents").counts()["Normalise/version=optimised"]
        self.assertEqual((normalise["B/op"], normalise["allocs/op"]), (0, 0),
                         "a buffer that is used again")
        orders = Bench(PROGRAM, "orders").counts()
        self.assertEqual(orders["Process/version=optimised"]["allocs/op"], 1, "the result")
        self.assertEqual(orders["Queue/version=optimised"],
                         {"calls/op": 2, "B/op": 0, "allocs/op": 0}, "push and pop")

    def test_the_optimised_version_does_less(self):
        for command, steps in STEPS.items():
            counts = Bench(PROGRAM, command).counts()
            for step in steps:
                naive, optimised = (counts[f"{step}/version={version}"] for version in VERSIONS)
                if step in COMMON_RULES:
                    self.assertEqual(optimised, naive)
                    continue
                for unit in EXACT_UNITS:
                    check = self.assertLess if naive[unit] > 0 else self.assertLessEqual
                    check(optimised[unit], naive[unit], f"{step} {unit}")

    def test_orders_that_do_not_fill_whole_bursts(self):
        for count in ("7", "130"):
            counts = Bench(PROGRAM, "orders", "--count", count, "--repeat", "3").counts()
            self.assertEqual(counts["Queue/version=optimised"]["calls/op"], 2)

    def test_what_is_not_valid_is_not_priced(self):
        bench = Bench(PROGRAM, "orders", "--count", "1", "--seed", "12")
        self.assertEqual(bench.configuration["input"], "1 order, 0 valid, 24 items")
        for name, values in bench.counts().items():
            is_pricing = name.startswith(("Price", "Rule"))
            self.assertEqual(values["calls/op"] == 0, is_pricing, name)

    def test_each_seed_is_another_input(self):
        for command in STEPS:
            first, again, other = (Bench(PROGRAM, command, "--seed", seed)
                                   for seed in ("1", "1", "2"))
            self.assertEqual(first.counts(), again.counts())
            self.assertNotEqual(first.counts(), other.counts())
            self.assertEqual(first.counts(), Bench(PROGRAM, command).counts(),
                             "1 unless told otherwise")

    def test_how_it_is_recorded_makes_no_difference(self):
        for command in STEPS:
            usual = Bench(PROGRAM, command).counts()
            for options in ("timing=off", "heap=counts", "enabled=false"):
                self.assertEqual(Bench(PROGRAM, command, options=options).counts(), usual)

    def test_the_manual_shows_what_is_counted(self):
        """All of documents, and then orders as the naive version does them."""
        with open(MANUAL, encoding="utf-8") as file:
            shown = [RESULT.fullmatch(line.strip()) for line in file]
        counts = [item for arguments in (["documents"], ["orders", "--naive"])
                  for item in Bench(PROGRAM, *arguments).counts().items()]
        shown = [match for match in shown if match]
        self.assertEqual([match["name"] for match in shown], [name for name, _ in counts])
        for match, (_, counted) in zip(shown, counts):
            fields = match["values"].split()
            values = dict(zip(fields[1::2], map(float, fields[0::2])))
            del values["ns/op"]
            self.assertEqual(values, counted)


class RefusalTest(unittest.TestCase):
    def refused(self, pattern, command, *arguments):
        result = run(PLAIN, command, *arguments)
        self.assertEqual((result.returncode, result.stdout), (2, b""), arguments)
        self.assertRegex(result.stderr.decode(), rf"^tally-demo: {pattern}[^\n]*\n$")

    def test_options_that_do_not_go_together(self):
        for command in STEPS:
            bench = (command, "--bench")
            self.refused("--bench and --json exclude each other", *bench, "--json")
            self.refused("--naive and --optimised exclude", *bench, "--naive", "--optimised")
            self.refused("--bench-ms is for --bench", command, "--bench-ms", "10")
            self.refused("--bench-ms: '0' is not a number from 1", *bench, "--bench-ms", "0")
            self.refused("--repeat: '0' is not a number from 1", *bench, "--repeat", "0")

    def test_options_of_documents_that_do_not_go_together(self):
        bench = ("documents", "--bench")
        for others in (["--heap-captures", "."], ["--store", "unbounded"], ["--capacity", "3"],
                       ["--ttl-ms", "3"], ["--workers", "3"]):
            self.refused(rf"--bench and .*{others[0]}.* exclude each other", *bench, *others)
        self.refused("--files and --count exclude", *bench, "--count", "1", "--files", "/")
        self.refused("--seed is for generated documents", *bench, "--files", "/", "--seed", "1")

    def test_options_of_orders_that_do_not_go_together(self):
        for other in ("--workers", "--queue", "--sleep-ms"):
            self.refused(f"--bench and {other} exclude each other", "orders", "--bench", other, "3")
        self.refused("--repeat is for --bench", "orders", "--repeat", "2")

    def test_input_that_is_not_there(self):
        with tempfile.TemporaryDirectory() as empty:
            self.refused("/no/such: No such file", "documents", "--bench", "--files", "/no/such")
            self.refused(f"{empty}: no text files found", "documents", "--bench", "--files", empty)

    def test_files_that_are_left_out_are_told_unless_quiet(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, content in (("binary", b"\0"), ("text", b"text")):
                with open(os.path.join(folder, name), "wb") as file:
                    file.write(content)
            arguments = ["documents", "--bench", "--bench-ms", "1", "--files", folder]
            note = f"tally-demo: {folder}/binary: not a text file; left out\n".encode()
            self.assertEqual(run(PLAIN, *arguments).stderr, note)
            self.assertEqual(run(PLAIN, *arguments, "--quiet").stderr, b"")

    def test_full_disk(self):
        for command in STEPS:
            with open("/dev/full", "wb") as full:
                result = run(PLAIN, command, "--bench", "--bench-ms", "1", stdout=full)
            self.assertEqual(result.returncode, 1)
            self.assertRegex(result.stderr, rb"^tally-demo: standard output: No space left[^\n]*\n$")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 4):
        sys.exit(__doc__)
    PLAIN, PROGRAM, TALLY = ([os.path.abspath(path) for path in sys.argv[1:]] + [None, None])[:3]
    unittest.main(argv=sys.argv[:1])
