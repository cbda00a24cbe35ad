#!/usr/bin/env python3
"""Runs tally-demo with workers, and stops it by signals.

usage: test_workers.py PROGRAM...

As test_program.py, whose reference says what is found: by workers it must be the same.
"""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import test_program
from test_program import (LICENSES, PROCESSORS, bounded, catches, expected_summary, file_documents,
                          generated_documents, run)


class WorkersTest(test_program.ProgramTest):
    def test_they_find_what_one_thread_finds(self):
        arguments = ["--sleep-ms", "0", "--workers"]
        for workers in ("1", "4"):
            self.assert_matches(file_documents(LICENSES), self.summary(*arguments, workers))
        self.assert_matches(generated_documents(12, 7, repeat=3),
                            self.summary("--count", "12", "--seed", "7", "--repeat", "3",
                                         *arguments, "10"))

    def test_a_bounded_store_keeps_as_many_whoever_is_last(self):
        documents = list(generated_documents(9, 1, repeat=2))
        expected = bounded(documents, expected_summary(documents), 5)
        del expected["stored_bytes"]
        for processor in PROCESSORS:
            result = run(test_program.PROGRAMS[0], "documents", "--json", "--" + processor, "--count", "9",
                         "--repeat", "2", "--store", "lru", "--capacity", "5", "--workers", "3")
            self.assert_equals(expected, json.loads(result.stdout))

    def test_only_the_naive_pool_sleeps_unless_told(self):
        for processor, sleep_ms in (("naive", 75), ("optimised", 0)):
            arguments = ["documents", "--json", "--count", "1", "--" + processor, "--workers", "1"]
            for told, expected in (([], sleep_ms), (["--sleep-ms", "3"], 3)):
                summary = json.loads(run(test_program.PROGRAMS[0], *arguments, *told).stdout)
                self.assertEqual(summary["pool"]["sleep_ms"], expected)

    def test_text_has_a_section_for_the_pool(self):
        for program in test_program.PROGRAMS:
            text = run(program, "documents", "--count", "5", "--workers", "2", "--sleep-ms",
                       "1").stdout.decode()
            summary, pool = text.split("\n\n")
            self.assertRegex(summary, r"\nElapsed .*$")
            self.assertRegex(pool, "^Workers +2, sleeping 1 ms after each document\n"
                                   "Submitted +5, 0 rejected, 0 timed out\n"
                                   "Processed +5, 0 failed, 0 cancelled\n"
                                   "Throughput +[0-9.]+ documents/s\n"
                                   "Blocked .*\nIn queue .*\nProcessing .*\n$")

    def test_too_many_threads_for_the_system(self):
        self.assert_refuses_workers("documents", 900)


class InterruptionTest(test_program.ProgramTest):
    """A run that would take for ever, and is stopped when it has told that it reads documents."""

    def setUp(self):
        # Whoever runs tests in the background may have it ignored.
        signal.signal(signal.SIGINT, signal.default_int_handler)

    def start(self, folder, program, *arguments):
        for name, content in (("a-binary", b"\0"), ("b-text", b"word word word")):
            with open(os.path.join(folder, name), "wb") as file:
                file.write(content)
        process = subprocess.Popen([program, "documents", "--files", folder, "--repeat",
                                    "100000000", *arguments], cwd=folder, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        self.assertIn(b"a-binary: not a text file; left out", process.stderr.readline())
        return process

    def test_a_signal_stops_a_run_in_good_order(self):
        for program in test_program.PROGRAMS:
            for number, *arguments in ((signal.SIGINT,), (signal.SIGTERM, "--workers", "2"),
                                       (signal.SIGINT, "--workers", "3", "--optimised")):
                with tempfile.TemporaryDirectory() as folder:
                    process = self.start(folder, program, "--json", *arguments)
                    process.send_signal(number)
                    summary = json.loads(process.communicate(timeout=60)[0])
                    self.assertEqual(process.returncode, 128 + number)
                self.assertEqual(summary["stopped_by"], number.name)
                self.assertEqual(summary["stored_documents"], summary["documents"])
                if arguments:
                    pool = summary["pool"]
                    self.assertEqual(pool["submitted"], pool["processed"] + pool["cancelled"])
                    self.assertEqual(pool["processed"], summary["documents"])

    def test_text_says_so(self):
        with tempfile.TemporaryDirectory() as folder:
            process = self.start(folder, test_program.PROGRAMS[0])
            process.send_signal(signal.SIGINT)
            text = process.communicate(timeout=60)[0].decode()
        self.assertRegex(text, r"^Run +stopped by SIGINT after (\d+) documents\n(.*\n)+"
                               r"Documents +\1 from")

    def test_a_second_signal_ends_the_program_at_once(self):
        with tempfile.TemporaryDirectory() as folder:
            process = self.start(folder, test_program.PROGRAMS[0], "--workers", "1", "--sleep-ms", "60000")
            time.sleep(0.5) # for the worker to begin: what waits is cancelled
            process.send_signal(signal.SIGINT)
            while catches(process, signal.SIGTERM):
                pass
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.communicate(timeout=50)[0], b"")
            self.assertEqual(process.returncode, -signal.SIGTERM)

    def test_what_was_ignored_stays_ignored(self):
        with tempfile.TemporaryDirectory() as folder:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            process = self.start(folder, test_program.PROGRAMS[0])
            signal.signal(signal.SIGINT, signal.default_int_handler)
            process.send_signal(signal.SIGINT)
            process.send_signal(signal.SIGTERM)
            self.assertIn(b"stopped by SIGTERM", process.communicate(timeout=60)[0])


if __name__ == "__main__":
    test_program.PROGRAMS = [os.path.abspath(path) for path in sys.argv[1:]]
    if not test_program.PROGRAMS:
        sys.exit(__doc__)
    unittest.main(argv=sys.argv[:1])
