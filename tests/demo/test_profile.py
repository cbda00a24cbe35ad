#!/usr/bin/env python3
"""Runs the instrumented demo and checks that its profile shows the faults, to the call.

usage: test_profile.py TALLY-DEMO TALLY

What a run must have called follows from its own summary: so many documents, so many words, so many
keywords. Nothing here depends on time.
"""
import json
import os
import subprocess
import sys
import tempfile
import unittest

PROGRAM = TALLY = None


def profile(*arguments):
    """The summary of a run, and the calls of each function in it."""
    with tempfile.TemporaryDirectory() as scratch:
        environment = {key: value for key, value in os.environ.items() if key != "TALLY_OPTIONS"}
        # Quiet: whether progress is shown depends on the clock.
        run = subprocess.run([PROGRAM, "documents", "--json", "--quiet", *arguments], cwd=scratch,
                             env=environment, stdout=subprocess.PIPE, check=True)
        top = subprocess.run([TALLY, "top", "--json", "-n", "0", "tally-demo.tally"], cwd=scratch,
                             env=environment, stdout=subprocess.PIPE, check=True)
    calls = {}
    for row in json.loads(top.stdout)["functions"]:
        calls[row["name"]] = calls.get(row["name"], 0) + row["calls"]
    return json.loads(run.stdout), calls


# Called as often per document, whatever is in it.
CALLS_PER_DOCUMENT = {
    "document_process": 1,
    "normalize_content": 1,
    "lowercase_content": 1,
    "replace_character": 8,           # fault many-passes
    "collapse_whitespace": 1,
    "whitespace_pattern_compile": 1,  # fault pattern-per-document
    "trim_content": 1,
    "extract_keywords": 1,
    "split_words": 1,
    "calculate_hash": 1,
    "hash_copy": 10,                  # faults tenfold-hash, copied-content
    "md5_new": 10,
    "md5_update": 10,
    "md5_finish": 10,
    "document_store_put": 1,          # fault unbounded-store
}


class ProfileTest(unittest.TestCase):
    maxDiff = None

    def check(self, *arguments):
        summary, calls = profile(*arguments)
        documents = summary["documents"]
        self.assertGreater(documents, 0)
        expected = {name: n * documents for name, n in CALLS_PER_DOCUMENT.items()}
        expected["is_stop_word"] = summary["words"]   # fault linear-stop-words
        expected["format_label"] = summary["keywords"]  # fault formatted-keywords
        expected["parse_label"] = summary["keywords"]
        expected["label_count"] = 2 * calls["compare_labels"] + summary["keywords"]
        expected["main"] = 1
        self.assertEqual({name: calls.get(name, 0) for name in expected}, expected)
        return summary, calls

    def test_license_texts(self):
        self.check()

    def test_generated(self):
        summary, calls = self.check("--count", "6", "--seed", "3")
        self.assertEqual(calls["generate_document"], 6)
        # A number of words for each document, and which word for each of the words.
        self.assertEqual(calls["random_below"], 6 + summary["words"])

    def test_two_runs_make_the_same_calls(self):
        for arguments in ([], ["--count", "4"]):
            first, second = self.check(*arguments)[1], self.check(*arguments)[1]
            self.assertGreater(len(first), 40)
            self.assertEqual(first, second)

    def test_three_rounds_are_three_times_the_work(self):
        once, thrice = self.check()[1], self.check("--repeat", "3")[1]
        for name in ("document_process", "is_stop_word", "compare_labels", "label_count",
                     "md5_update", "new_file_document"):
            self.assertEqual(thrice[name], 3 * once[name], name)


def heap_captures(*arguments):
    """The summary of a run, and what was in use before and after its last round: bytes in all, and
    bytes below each function. None if the program has no heap profiles."""
    captures = []
    with tempfile.TemporaryDirectory() as scratch:
        environment = {key: value for key, value in os.environ.items() if key != "TALLY_OPTIONS"}
        run = subprocess.run([PROGRAM, "documents", "--json", "--quiet", "--heap-captures", ".",
                              *arguments], cwd=scratch, env=environment, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, check=False)
        if b"this build has no heap profiles" in run.stderr:
            return None
        run.check_returncode()
        for name in ("before.pb.gz", "after.pb.gz"):
            top = subprocess.run([TALLY, "top", "--json", "-n", "0", "--sample", "inuse_space", name],
                                 cwd=scratch, stdout=subprocess.PIPE, check=True)
            top = json.loads(top.stdout)
            below = {row["name"]: row["cum"] for row in top["functions"]}
            captures.append((top["total"], below))
    return json.loads(run.stdout), *captures


class HeapCaptureTest(unittest.TestCase):
    """The walk-through docs/guide/leak.md in small."""
    maxDiff = None

    def run_captured(self, *arguments):
        result = heap_captures(*arguments)
        if result is None:
            self.skipTest("the runtime has no heap profiles")
        return result

    def test_the_unbounded_store_keeps_all_of_a_round(self):
        summary, before, after = self.run_captured("--count", "20", "--repeat", "2")
        self.assertGreaterEqual(after[0] - before[0], summary["content_bytes"] // 2)
        # An entry is at least a pointer to the document and its place in the hash table.
        entries = after[1]["document_store_put"] - before[1]["document_store_put"]
        self.assertGreaterEqual(entries, 20 * 2 * 8)

    def test_the_lru_store_leaves_nothing_of_a_round(self):
        # The store holds documents 111 to 120, then 151 to 160: the same, with ids of one length.
        _, before, after = self.run_captured("--count", "40", "--repeat", "4", "--store", "lru",
                                             "--capacity", "10")
        self.assertEqual(after, before)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    PROGRAM, TALLY = (os.path.abspath(path) for path in sys.argv[1:])
    unittest.main(argv=sys.argv[:1])
