#!/usr/bin/env python3
"""Runs tally-demo orders as a user would and compares it with a second implementation.

usage: test_orders.py PROGRAM...

Every program given (the plain one, and the instrumented one when it is built) must find exactly what
orders_reference.py finds in the same orders, with any number of workers, and refuse bad input with
one line and status 2.
"""
import itertools
import json
import os
import re
import signal
import subprocess
import sys
import time
import unittest

from orders_reference import expected_summary
from test_program import PROCESSORS, PROGRAMS, ProgramTest, catches, run, shown_on_terminal

MANUAL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../docs/demo.md")


class OrdersTest(ProgramTest):
    def summary(self, *arguments):
        """The JSON of all programs, with either processor: they must agree in all but times."""
        summaries = []
        for program, processor in itertools.product(PROGRAMS, PROCESSORS):
            result = run(program, "orders", "--json", "--" + processor, *arguments)
            self.assertEqual(result.returncode, 0, result.stderr)
            summary = json.loads(result.stdout)
            self.assertEqual(summary.pop("processor"), processor)
            self.assertEqual((summary.pop("stopped_by"), summary.pop("cancelled")), (None, 0))
            self.check_times(summary.pop("times"), summary)
            summaries.append(summary)
        for other in summaries[1:]:
            self.assertEqual(other, summaries[0])
        return summaries[0]

    def check_times(self, times, summary):
        self.assertGreater(times["elapsed_ns"], 0)
        durations = [times["processing"], times["submitting"], *times["queue_wait"].values()]
        for duration in durations:
            self.assertLessEqual(duration["mean_ns"], duration["largest_ns"])
            self.assertLessEqual(duration["largest_ns"], duration["sum_ns"])
        self.assertEqual([duration["count"] for duration in durations[:2]], [summary["orders"]] * 2)
        self.assertEqual(list(times["queue_wait"]), ["High", "Medium", "Low"])
        self.assertEqual(sum(duration["count"] for duration in durations[2:]), summary["orders"])

    def assert_matches(self, count, seed, summary):
        expected = expected_summary(count, seed)
        self.assertEqual({key: summary[key] for key in expected}, expected)

    def test_results(self):
        self.assert_matches(2000, 1, self.summary("--count", "2000"))
        self.assert_matches(500, 12345678901, self.summary("--count", "500", "--seed",
                                                           "12345678901"))

    def test_defaults(self):
        summary = self.summary()
        self.assertEqual(summary["input"], {"generated": 10000, "seed": 1})
        self.assertEqual(summary["pool"], {"workers": 10, "queue": 100, "sleep_ms": 0})

    def test_naive_unless_told(self):
        for program in PROGRAMS:
            summary = json.loads(run(program, "orders", "--json", "--count", "1").stdout)
            self.assertEqual(summary["processor"], "naive")

    def test_workers_and_queue_change_nothing_but_times(self):
        expected = expected_summary(300, 2)
        for workers, queue in ((1, 1), (1, 1000), (3, 0), (50, 7)):
            summary = self.summary("--count", "300", "--seed", "2", "--workers", str(workers),
                                   "--queue", str(queue))
            self.assertEqual(summary["pool"], {"workers": workers, "queue": queue, "sleep_ms": 0})
            self.assertEqual({key: summary[key] for key in expected}, expected)

    def test_payment_takes_time_and_changes_nothing(self):
        expected = expected_summary(30, 1)
        for program in PROGRAMS:
            result = run(program, "orders", "--json", "--count", "30", "--sleep-ms", "1")
            summary = json.loads(result.stdout)
            self.assertEqual({key: summary[key] for key in expected}, expected)
            # 30 orders sleep a millisecond each at the very least.
            self.assertGreaterEqual(summary["times"]["processing"]["sum_ns"], 30 * 1000 * 1000)

    def test_text_says_the_same_as_json(self):
        summary = self.summary("--count", "400")
        cents = lambda key: f"{summary[key] // 100}\\.{summary[key] % 100:02}\n"
        for program, processor in itertools.product(PROGRAMS, PROCESSORS):
            text = run(program, "orders", "--" + processor, "--count", "400").stdout.decode()
            self.assertRegex(text, f"^Processor +{processor}\n")
            self.assertRegex(text, f"\nOrders +400 generated with seed 1, {summary['items']} items\n")
            self.assertRegex(text, f"\nAccepted +{summary['accepted']}\n")
            self.assertRegex(text, f"\nHeld +{summary['held']},")
            self.assertRegex(text, f"\nFailed +{summary['failed']}\n")
            for failure in summary["failures"]:
                self.assertRegex(text, f"\n  {failure['problem']} +{failure['count']} +first order "
                                       f"{failure['first_order']}: ")
                self.assertIn(": " + failure["first_cause"] + "\n", text)
            self.assertRegex(text, "\nGoods +" + cents("goods_cents"))
            self.assertRegex(text, "\nRevenue +" + cents("revenue_cents"))
            self.assertRegex(text, "\nTax +" + cents("tax_cents"))
            self.assertIn(f"\nResults digest   {summary['results_digest']}\n", text)
            self.assertRegex(text, "\nTimes, with 10 workers and a queue of 100\nElapsed +")


class ManualTest(ProgramTest):
    def test_help_names_every_option(self):
        for program in PROGRAMS:
            for option in ("--help", "-h"):
                result = run(program, "orders", option)
                self.assertEqual(result.returncode, 0)
                for name in ("naive", "optimised", "workers", "queue", "count", "seed", "sleep-ms",
                             "bench", "bench-ms", "repeat", "json", "quiet", "help"):
                    self.assertIn(b"--" + name.encode(), result.stdout)
                self.assertLessEqual(max(map(len, result.stdout.splitlines())), 90)
            self.assertIn(b"orders", run(program, "--help").stdout)

    def test_the_page_shows_what_the_program_prints(self):
        """But for times, which are after an empty line."""
        with open(MANUAL, encoding="utf-8") as file:
            found = re.findall(r"\n    \$ tally-demo (orders.*)\n((?:    .*\n)+)", file.read())
        self.assertTrue(found)
        for command, lines in found:
            shown = [line[4:] for line in lines.splitlines()]
            for program in PROGRAMS:
                printed = run(program, *command.split()).stdout.decode()
                self.assertEqual(printed.split("\n\n")[0].splitlines(), shown)


class RefusalTest(ProgramTest):
    def test_bad_command_lines(self):
        for arguments, pattern in (
                (["--colour"], "unknown option '--colour'; see tally-demo orders --help"),
                (["-x"], "unknown option '-x'"),
                (["stray"], "unexpected argument 'stray'"),
                (["--", "stray"], "unexpected argument 'stray'"),
                (["--json=yes"], "--json=yes takes no value"),
                (["--naive", "--optimised"], "--naive and --optimised exclude"),
                (["--count"], "--count needs a value"),
                (["--count", "0"], "--count: '0' is not a number from 1 to"),
                (["--workers", "0"], "--workers: '0' is not a number from 1 to 1000"),
                (["--workers", "-1"], "--workers: '-1' is not a number"),
                (["--queue", "1000001"], "--queue: '1000001' is not a number from 0 to 1000000"),
                (["--seed", "x"], "--seed: 'x' is not a number"),
                (["--sleep-ms", "1.5"], "--sleep-ms: '1.5' is not a number"),
        ):
            self.assert_refused(["orders", *arguments], pattern)

    def test_too_many_workers(self):
        self.assert_refuses_workers("orders", 900)


class InterruptionTest(ProgramTest):
    # One worker, who takes 200 ms or more for each order.
    ENDLESS = ["orders", "--count", "100000000", "--workers", "1", "--queue", "5", "--sleep-ms", "200"]

    def interrupted(self, program, *arguments):
        """What a run prints that is stopped by SIGTERM."""
        process = subprocess.Popen([program, *self.ENDLESS, *arguments], stdout=subprocess.PIPE)
        while not catches(process, signal.SIGTERM):
            pass
        time.sleep(0.3) # for the queue to fill
        process.send_signal(signal.SIGTERM)
        printed = process.communicate(timeout=60)[0].decode()
        self.assertEqual(process.returncode, 128 + signal.SIGTERM)
        return printed

    def test_what_waits_is_cancelled(self):
        for program in PROGRAMS:
            summary = json.loads(self.interrupted(program, "--json"))
            self.assertEqual(summary["stopped_by"], "SIGTERM")
            self.assertGreater(summary["cancelled"], 0)
            self.assertEqual(summary["orders"], sum(summary[key] for key in
                                                    ("accepted", "held", "failed")))

    def test_text_says_so(self):
        text = self.interrupted(PROGRAMS[0], "--optimised")
        self.assertRegex(text, r"^Run +stopped by SIGTERM after (\d+) orders\n(.*\n)+Orders +\1 .*\n(.*\n)+"
                               r"Cancelled +\d+\n")


class ProgressTest(ProgramTest):
    # Orders that sleep 20 ms at least, one after the other: more than the second without progress.
    SLOW = ["orders", "--count", "36", "--workers", "1", "--queue", "1", "--sleep-ms", "20"]

    def test_progress_is_for_terminals(self):
        shown = shown_on_terminal(PROGRAMS[0], *self.SLOW)
        self.assertRegex(shown, rb"\d+ %  \d+ of 36 orders, [\d.]+ \w+ left")
        self.assertTrue(shown.endswith(b"\r\x1b[K"))
        self.assertEqual(shown_on_terminal(PROGRAMS[0], *self.SLOW, "--quiet"), b"")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    PROGRAMS[:] = [os.path.abspath(path) for path in sys.argv[1:]]
    unittest.main(argv=sys.argv[:1])
