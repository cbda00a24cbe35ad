#!/usr/bin/env python3
"""The test of the guide fails when a page is out of date: shown on small pages, made here."""

import pathlib
import tempfile
import unittest
import unittest.mock

import agreement
import page as pages
import test_guide

CALLS = """\
f.tally/calls.pb.gz (calls): ./f, 2026-11-22 01:00:23, ran 4.35 ms

calls  calls%    cum  function
   40   80.0%     50  work (inlined)
   10   20.0%     10  rest
─────  ──────  ─────  ────────
   50  100.0%         total
"""
TIMES = """\
f.tally/calls.pb.gz: ./f, 2026-11-22 01:00:23, ran 4.35 ms

calls     self   self%      cum   cum%  per call  function
1,000  92.2 ms   42.9%  92.2 ms  42.9%   92.2 µs  md5_update
  100  35.9 ms   16.7%  35.9 ms  16.7%    359 µs  collapse
─────  ───────  ──────  ───────  ─────  ────────  ────────
9,647   215 ms  100.0%                            total
2 more functions not shown (-n 0 shows all): 8,547 calls, self 560 µs (0.3%)
"""
TREE = """\
calls    total  total%     self  function
    1   215 ms  100.0%  4.95 µs  main
  100  94.4 ms   43.9%   341 µs  ├─ hash
1,000  92.2 ms   42.9%  92.2 ms  │  └─ update
  100  52.3 ms   24.3%  9.06 ms  └─ words
"""
LIST = """\
hash
100 calls, self 341 µs (0.2%), cum 341 µs (0.2%)
calls    self     cum  line  source
    .  341 µs  341 µs    34  int hash(void) {
   10       .  200 µs    35      return update();
"""


class Agreement(unittest.TestCase):
    """What is compared of an output, and what is not."""

    def assert_agree(self, claimed, *changes, whole=None):
        printed = claimed
        for before, after in changes:
            self.assertIn(before, printed)
            printed = printed.replace(before, after)
        self.assertTrue(agreement.agree(claimed, printed, whole))

    def assert_differ(self, claimed, before, after, whole=None):
        self.assertIn(before, claimed)
        self.assertFalse(agreement.agree(claimed, claimed.replace(before, after), whole))

    def test_dates_and_durations_vary(self):
        self.assert_agree(CALLS, ("2026-11-22 01:00:23", "2031-01-02 23:00:00"), ("4.35 ms", "12 s"))
        self.assert_agree("real\t0m0.220s\n", ("0m0.220s", "1m12.003s"))

    def test_counts_do_not(self):
        self.assert_differ(CALLS, "   40", "   41")
        self.assert_differ(CALLS, "80.0%", "80.1%")
        self.assert_differ(CALLS, "total\n", "total\nmore\n")
        self.assert_differ("3 documents, 51.5 MiB\n", "51.5 MiB", "51.6 MiB")
        self.assert_differ("digest 80222f1c\n", "80222f1c", "80222f1d")

    def test_rows_by_count_have_an_order(self):
        work, rest = CALLS.splitlines(keepends=True)[3:5]
        self.assert_differ(CALLS, work + rest, rest + work)

    def test_compilers_inline_as_they_like(self):
        self.assert_agree(CALLS, (" (inlined)", ""))

    def test_calibration(self):
        self.assert_agree(CALLS, ("total\n", "total\nloss: the profiler's own cost, as calibrated, was 39.4 µs "
                                             "more than 9 contexts took in all; shown as no time\n"))
        self.assert_agree(CALLS, ("total\n", "total\nloss in old: the profiler's own cost, as calibrated, was …\n"))
        self.assert_differ(CALLS, "total\n", "total\nloss: 3 threads were lost\n")

    def test_times_vary(self):
        self.assert_agree(TIMES, ("92.2 ms   42.9%", " 1.20 s   49.0%"), ("35.9 ms   16.7%", "      0    0.0%"),
                          ("359 µs", "     -"), ("self 560 µs (0.3%)", "self 1.56 ms (<0.1%)"))

    def test_the_chance_of_a_difference(self):
        table = "old  new  change  change%  p  function\n 1 s  2 s  +1 s  +100.0%  0.008  work\n"
        self.assert_agree(table, ("0.008", "0.032"), ("+1 s  +100.0%", "~  ~"))
        self.assert_differ(table, "work", "rest")

    def test_rows_by_time_have_no_order(self):
        first, second = TIMES.splitlines(keepends=True)[3:5]
        self.assert_agree(TIMES, (first + second, second + first))

    def test_calls_and_names_beside_times(self):
        self.assert_differ(TIMES, "1,000", "1,001")
        self.assert_differ(TIMES, "collapse", "expand")
        self.assert_differ(TIMES, "9,647", "9,648")
        self.assert_differ(TIMES, TIMES.splitlines(keepends=True)[4], "")

    def test_which_rows_are_cut_off_varies(self):
        third = "    7  1.00 ms    0.5%  1.00 ms   0.5%    143 µs  trim\n"
        second = TIMES.splitlines(keepends=True)[4]
        whole = TIMES.replace(second, second + third)
        self.assert_agree(TIMES, (second, third), ("8,547", "8,640"), whole=whole)
        self.assert_differ(TIMES, second, third)
        self.assertFalse(agreement.agree(TIMES, TIMES, whole.replace("1,000", "1,001")))

    def test_which_times_are_equal_is_chance(self):
        table = "old self  new self  function\n    1 s       2 s  work\n───  ───  ───\n 1 s  2 s  total\n"
        self.assert_agree(table, ("total\n", "total\n3 more functions changed and not shown (-n 0 shows all)\n"
                                              "1 function did not change\n"))
        self.assert_differ(table, "total\n", "total\ncaution: other flags\n")

    def test_how_all_rows_are_asked_for(self):
        for command, whole in (("tally top -n 8 a.tally", "tally top -n 0 a.tally"),
                               ("tally diff --sample wall -n8 a -- b", "tally diff -n 0 --sample wall a -- b")):
            self.assertTrue(test_guide.CUT.match(command))
            self.assertEqual(test_guide.uncut(command), whole)
        for command in ("tally top a.tally | tail -n 1", "tally tree a.tally", "tally-demo documents"):
            self.assertFalse(test_guide.CUT.match(command))

    def test_branches_of_a_tree_have_no_order(self):
        main, hashed, update, words = TREE.splitlines(keepends=True)[1:]
        self.assert_agree(TREE, (hashed + update + words,
                                 words.replace("└", "├") + hashed.replace("├", "└") + update.replace("│", " ")))
        self.assert_differ(TREE, hashed + update + words, hashed + words.replace("└", "├") + update.replace("│", " "))
        self.assert_differ(TREE, "main", "niam")

    def test_source_has_an_order(self):
        first, second = LIST.splitlines(keepends=True)[3:]
        self.assert_agree(LIST, ("341 µs", "1.2 ms"))
        self.assert_agree(LIST, ("341 µs (0.2%)", "0 (0.0%)"), ("341 µs", "     ."), ("200 µs", "     ."))
        self.assert_differ(LIST, "100 calls", "101 calls")
        self.assert_differ(LIST, first + second, second + first)
        self.assert_differ(LIST, "   10", "    9")


class Reading(unittest.TestCase):
    """No block of a page escapes."""

    def assert_refused(self, text):
        with self.assertRaises(pages.PageError):
            pages.blocks(text)

    def test_blocks_that_would_be_forgotten(self):
        for text in ("```\nls\n```\n", "~~~ sh\nls\n~~~\n", "Text.\n\n\tls\n", "<pre>ls</pre>\n"):
            with self.subTest(text):
                self.assert_refused(text)

    def test_marks_that_nobody_knows(self):
        for mark in ("not run", "not run:", "norun: why", "note", "file:"):
            with self.subTest(mark):
                self.assert_refused(f"<!-- {mark} -->\n    ls\n")
        self.assert_refused("<!-- a\ncomment -->\n    ls\n")

    def test_marks_of_nothing(self):
        self.assert_refused("<!-- not run: why -->\n\nText.\n")
        self.assert_refused("<!-- not run: why -->\n\n    ls\n")

    def test_a_paragraph_is_no_block(self):
        self.assertEqual(pages.blocks("- a list\n    that goes on\n"), [])

    def test_empty_lines_within_a_block(self):
        block, = pages.blocks("    $ a\n    1\n\n    2\n\n\nText.\n")
        self.assertEqual([(c.text, c.printed) for c in block.commands()], [("a", "1\n\n2\n")])

    def test_a_long_command(self):
        block, = pages.blocks("    $ a \\\n      b\n    1\n")
        self.assertEqual([(c.text, c.printed) for c in block.commands()], [("a \\\n  b", "1\n")])


class Page(unittest.TestCase):
    """Whole pages, run."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.page = pathlib.Path(directory.name) / "small.md"

    def check(self, text, is_update=False):
        self.page.write_text(text)
        return test_guide.check(self.page, is_update)

    def assert_fault(self, text, line, *words):
        fault, = self.check(text)
        self.assertTrue(fault.startswith(f"{self.page}:{line}: "), fault)
        for word in words:
            self.assertIn(word, fault)

    def test_good(self):
        self.assertEqual(self.check(
            "# A page\n\n    mkdir -p build/small && cd build/small\n    n=3\n\nText.\n\n"
            "<!-- file: a.txt -->\n    one\n    two\n\nText.\n\n    $ wc -l < a.txt\n    2\n    $ echo $n\n    3\n\n"
            "<!-- exit: 1 -->\n    $ grep three a.txt\n\n<!-- not run: other people's machine -->\n    false\n\n"
            "<!-- output not compared: it is the time -->\n    $ date +%s.%N\n    0\n\n"
            '<!-- excerpt: tests/guide/page.py -->\n    INDENT = "    "\n    PROMPT = "$ "\n'), [])

    def test_which_commands_can_be_asked_for_all_rows(self):
        for command in ("tally top -n 3 a.tally", "tally diff --focus '^(a|b)$' -n 3 a b"):
            self.assertTrue(test_guide.CUT.match(command), command)
        for command in ("tally top a | grep b", "tally top --focus '(a|b)' a > c", "tally tree a", "ls"):
            self.assertFalse(test_guide.CUT.match(command), command)

    def test_a_wrong_count(self):
        self.assert_fault("\n    $ echo 3 calls\n    4 calls\n", 2, "-4 calls", "+3 calls")

    def test_a_missing_row(self):
        self.assert_fault("\n    $ printf 'a\\nb\\n'\n    a\n", 2, "+b")

    def test_a_row_too_many(self):
        self.assert_fault("\n    $ echo a\n    a\n    b\n", 2, "-b")

    def test_errors_are_output(self):
        self.assert_fault("\n    $ echo oops >&2\n", 2, "+oops")

    def test_a_command_that_fails(self):
        self.assert_fault("    true\n\nText.\n\n    echo one; false\n    true\n\nText.\n\n    $ echo 1\n    2\n",
                          5, "not 0 instead of 0", "one")
        self.assert_fault("    $ false\n", 1)
        self.assert_fault("    $ false | cat\n", 1)
        self.assert_fault("<!-- exit: 1 -->\n    $ true\n", 2, "status 0 instead of 1")
        self.assert_fault("<!-- exit: 1 -->\n    $ (exit 2)\n", 2, "status 2 instead of 1")

    def test_a_block_that_is_no_command(self):
        self.assert_fault("\n    old      new  change\n", 2)
        self.assert_fault("\n    #include <tally/tally.h>\n\n    tally_heap_mark();\n", 2)

    def test_a_block_that_was_forgotten(self):
        fault, = self.check("```\necho\n```\n")
        self.assertIn("line 1: a block that would not be run", fault)

    def test_an_excerpt_that_changed(self):
        self.assert_fault("<!-- excerpt: tests/guide/page.py -->\n    no such line\n", 2, "not in tests/guide/page.py")

    def test_a_file_that_changed(self):
        beside = self.page.with_suffix("")
        beside.mkdir()
        (beside / "a.txt").write_text("one\n")
        self.assert_fault("<!-- file: a.txt -->\n    two\n", 2, "-two", "+one")

    def test_a_build_without_the_report(self):
        build = self.page.parent
        (build / "bin").mkdir()
        (build / "bin/tally").write_text("#!/bin/sh\necho This tally was built without the page.\n")
        (build / "bin/tally").chmod(0o755)
        with unittest.mock.patch("scene.BUILD", build), self.assertRaises(SystemExit) as end:
            self.check("    $ tally report a.tally\n")
        self.assertEqual(end.exception.code, test_guide.SKIPPED)

    def test_update(self):
        wrong = "\nText.\n\n    $ echo 3; echo; echo 4\n    4\n\nText.\n\n    $ true\n    5\n    $ echo 6\n\nText.\n"
        self.assertEqual(self.check(wrong, is_update=True), [])
        self.assertEqual(self.page.read_text(), "\nText.\n\n    $ echo 3; echo; echo 4\n    3\n\n    4\n\nText.\n\n"
                                                "    $ true\n    $ echo 6\n    6\n\nText.\n")
        self.assertEqual(self.check(self.page.read_text()), [])

    def test_update_leaves_what_failed(self):
        text = "    false\n\nText.\n\n    $ echo 3\n    4\n"
        self.assertEqual(len(self.check(text, is_update=True)), 1)
        self.assertEqual(self.page.read_text(), text)


if __name__ == "__main__":
    unittest.main()
