#!/usr/bin/env python3
"""Runs the instrumented demo and checks, to the call, that its profile shows the faults of the naive
processor, and none of them with the optimised one.

usage: test_profile.py TALLY-DEMO TALLY

What a run must have called follows from its own summary: so many documents, so many words, so many
keywords. Nothing here depends on time.
"""
import json
import os
import pty
import re
import subprocess
import sys
import tempfile
import threading
import unittest

PROGRAM = TALLY = None
PROCESSORS = ("naive", "optimised")
LICENSES = "/usr/share/common-licenses"
STOP_WORDS = b"the a an and or but in on at to for of with by from as is was are were been".split()


def environment():
    return {key: value for key, value in os.environ.items() if key != "TALLY_OPTIONS"}


def read_profile(directory, sample):
    """By function: what it did itself, and what was done below it as well."""
    command = [TALLY, "top", "--json", "-n", "0", "--sample", sample, "tally-demo.tally"]
    top = subprocess.run(command, cwd=directory, env=environment(), stdout=subprocess.PIPE,
                         check=True)
    own, below = {}, {}
    for row in json.loads(top.stdout)["functions"]:
        own[row["name"]] = own.get(row["name"], 0) + row["self"]
        below[row["name"]] = below.get(row["name"], 0) + row["cum"]
    return own, below


class Profile:
    """A run's summary, the calls of each function in it, and the allocations in each, with what it
    calls and by itself; the latter in bytes, too."""
    COMMAND = "documents"

    def __init__(self, processor, *arguments, stderr=None):
        with tempfile.TemporaryDirectory() as scratch:
            run = subprocess.run([PROGRAM, self.COMMAND, "--json", "--" + processor, *arguments],
                                 cwd=scratch, env=environment(), stdout=subprocess.PIPE,
                                 stderr=stderr, check=True)
            self.summary = json.loads(run.stdout)
            self.calls, _ = read_profile(scratch, "calls")
            self.own_allocations, self.allocations = read_profile(scratch, "alloc_objects")
            self.own_allocated_bytes, _ = read_profile(scratch, "alloc_space")


# Called as often per document, whatever is in it.
CALLS_PER_DOCUMENT = {
    "naive": {
        "document_process": 1,
        "fill_in": 1,
        "normalize_content": 1,
        "lowercase_content": 1,
        "replace_character": 8,           # fault many-passes
        "collapse_whitespace": 1,
        "whitespace_pattern_compile": 1,  # fault pattern-per-document
        "trim_content": 1,
        "extract_keywords": 1,
        "split_words": 1,
        "count_words": 1,
        "calculate_hash": 1,
        "hash_copy": 10,                  # faults tenfold-hash, copied-content
        "md5_new": 10,
        "md5_update": 10,
        "md5_finish": 10,
        "document_store_put": 1,          # fault unbounded-store
    },
    "optimised": {
        "document_process": 1,
        "fill_in": 1,
        "normalize_content": 1,
        "lowercase_content": 0,
        "replace_character": 0,
        "whitespace_pattern_compile": 0,
        "whitespace_pattern_collapse": 0,
        "extract_keywords": 1,
        "count_words": 1,
        "calculate_hash": 1,
        "hash_copy": 0,
        "md5_update": 1,
        "document_store_put": 1,
    },
}


def license_words():
    """The words of all texts that the demo reads unless told otherwise."""
    words = []
    for name in os.listdir(LICENSES):
        path = os.path.join(LICENSES, name)
        if not os.path.islink(path):
            with open(path, "rb") as file:
                words += re.sub(rb"[.,!?;:]", b" ", file.read().lower()).split()
    return words


def in_turn(word):
    """How many comparisons it takes to find a word among the stop words, or to find it is none."""
    return STOP_WORDS.index(word) + 1 if word in STOP_WORDS else len(STOP_WORDS)


def read_to_zero(terminal):
    while not os.read(terminal, 4096).endswith(b"\0"):
        pass


class ProfileTest(unittest.TestCase):
    maxDiff = None

    def check(self, processor, *arguments):
        profile = Profile(processor, *arguments)
        documents = profile.summary["documents"]
        self.assertGreater(documents, 0)
        expected = {name: n * documents for name, n in CALLS_PER_DOCUMENT[processor].items()}
        expected["main"] = 1
        self.assert_calls(profile, expected)
        return profile

    def assert_calls(self, profile, expected):
        self.assertEqual({name: profile.calls.get(name, 0) for name in expected}, expected)

    def check_naive(self, *arguments):
        profile = self.check("naive", *arguments)
        keywords = profile.summary["keywords"]
        self.assert_calls(profile, {
            "is_stop_word": profile.summary["words"],  # fault linear-stop-words
            "format_label": keywords,                  # fault formatted-keywords
            "parse_label": keywords,
            "label_count": 2 * profile.calls["compare_labels"] + keywords,
        })
        return profile

    def check_optimised(self, *arguments):
        profile = self.check("optimised", *arguments)
        # One workspace, whatever the number of documents, since there is one thread.
        self.assert_calls(profile, {"format_label": 0, "compare_labels": 0, "new_workspace": 1,
                                    "md5_new": 1, "md5_finish": profile.summary["documents"]})
        return profile

    def test_license_texts(self):
        words = license_words()
        long_words = [word for word in words if len(word) >= 4]
        naive, optimised = self.check_naive(), self.check_optimised()
        self.assertEqual(naive.summary["words"], len(words))
        self.assert_calls(naive, {"stop_word_matches": sum(map(in_turn, words))})
        # Only words that are stop words are compared with one: no two of these words have one hash.
        self.assert_calls(optimised, {
            "is_stop_word": len(long_words),
            "stop_word_matches": sum(word in STOP_WORDS for word in long_words),
        })

    def test_generated(self):
        arguments = ["--count", "6", "--seed", "3"]
        for profile in (self.check_naive(*arguments), self.check_optimised(*arguments)):
            self.assertEqual(profile.calls["generate_document"], 6)
            # A number of words for each document, and which word for each of the words.
            self.assertEqual(profile.calls["random_below"], 6 + profile.summary["words"])

    def test_a_pool(self):
        arguments = ["--count", "8", "--workers", "3", "--sleep-ms", "0"]
        for profile in (self.check_naive(*arguments), self.check("optimised", *arguments)):
            naive = profile.summary["processor"] == "naive"
            self.assert_calls(profile, {
                "run_document": 8,
                "submit": 8,
                "add_to_counter": 4 * 8,
                "duration_stats_add" if naive else "shared_duration_stats_add": 3 * 8,
                # Fault contended-statistics, and when the summary is made.
                "lock_statistics": 7 * 8 + 1 if naive else 0,
                # For each worker beforehand, whether it gets to use one or not.
                "new_workspace": 0 if naive else 3,
            })

    def test_allocations(self):
        arguments = ["--count", "8", "--seed", "2"]
        naive, optimised = (Profile(processor, *arguments) for processor in PROCESSORS)
        # Faults many-passes and copied-content: 10 copies of the text each. An id and a title.
        self.assertEqual(naive.allocations["memory_copy_text"], 8 * (10 + 10 + 2))
        self.assertEqual(optimised.allocations["memory_copy_text"], 8 * 2)
        # Fault formatted-keywords: each label is a printf.
        self.assertGreaterEqual(naive.allocations["format_label"], naive.summary["keywords"])
        self.assertNotIn("format_label", optimised.allocations)

    def test_the_optimised_processor_allocates_what_a_document_keeps(self):
        twice, thrice = (Profile("optimised", "--count", "8", "--repeat", rounds)
                         for rounds in ("2", "3"))
        grown = {name: thrice.allocations.get(name, 0) - twice.allocations.get(name, 0)
                 for name in ("normalize_content", "extract_keywords", "workspace_take",
                              "keyword_list_new")}
        self.assertEqual(grown, {"normalize_content": 0, "extract_keywords": 8,
                                 "workspace_take": 0, "keyword_list_new": 8})

    def test_two_runs_do_the_same(self):
        for processor in PROCESSORS:
            for arguments in ([], ["--count", "4"],
                              ["--count", "40", "--workers", "4", "--sleep-ms", "1"]):
                first, second = (Profile(processor, *arguments) for _ in range(2))
                self.assertGreater(len(first.calls), 40)
                self.assertEqual(first.calls, second.calls)
                self.assertEqual(first.own_allocations, second.own_allocations)

    def test_a_terminal_changes_nothing(self):
        # So long that the progress line is shown where there is a terminal.
        for workers in ([], ["--workers", "4", "--sleep-ms", "2"]):
            arguments = ["naive", "--count", "40", "--repeat", "16", *workers]
            unseen = Profile(*arguments)
            leader, follower = pty.openpty()
            reader = threading.Thread(target=read_to_zero, args=(leader,))
            reader.start()
            seen = Profile(*arguments, stderr=follower)
            os.write(follower, b"\0")
            reader.join()
            os.close(follower)
            os.close(leader)
            self.assertEqual(seen.calls, unseen.calls)
            self.assertEqual(seen.own_allocations, unseen.own_allocations)

    def test_three_rounds_are_three_times_the_work(self):
        once, thrice = self.check_naive().calls, self.check_naive("--repeat", "3").calls
        for name in ("document_process", "is_stop_word", "compare_labels", "label_count",
                     "md5_update", "new_file_document"):
            self.assertEqual(thrice[name], 3 * once[name], name)
        once, thrice = self.check_optimised().calls, self.check_optimised("--repeat", "3").calls
        for name in ("document_process", "is_stop_word", "stop_word_matches", "compare_keywords",
                     "word_counts_add", "md5_update"):
            self.assertEqual(thrice[name], 3 * once[name], name)


def heap_captures(*arguments):
    """The summary of a run, and what was in use before and after its last round: bytes in all, and
    bytes below each function. None if the program has no heap profiles."""
    captures = []
    with tempfile.TemporaryDirectory() as scratch:
        run = subprocess.run([PROGRAM, "documents", "--json", "--quiet", "--heap-captures", ".",
                              *arguments], cwd=scratch, env=environment(), stdout=subprocess.PIPE,
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

    def test_workers_leave_what_one_thread_leaves(self):
        # Nothing is under way when the captures are made: what is in use is in the store.
        grown = []
        for workers in ([], ["--workers", "4", "--sleep-ms", "0"]):
            _, before, after = self.run_captured("--count", "20", "--repeat", "3", *workers)
            grown.append(after[0] - before[0])
        self.assertEqual(grown[0], grown[1])

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
