"""What golden output of `tally leaks` cannot show: the exit status, and sums that must agree."""

import json
import unittest

import heap_profiles
from harness import Case, run


class Leaks(Case):
    def status(self, profile, *arguments):
        result = run("leaks", profile, *arguments, cwd=self.directory)
        self.assertEqual(result.stderr, b"")
        return result.returncode

    def test_exit_status(self):
        heap_profiles.feed(self.directory)
        self.assertEqual(self.status("feed.tally"), 0)
        self.assertEqual(self.status("feed.tally", "--error-exitcode=1"), 1)
        self.assertEqual(self.status("feed.tally", "--error-exitcode", "255", "--json"), 255)
        self.assertEqual(self.status("feed.tally", "--error-exitcode=0"), 0)
        self.assertEqual(self.status("feed.tally", "--error-exitcode=1", "-n1"), 1)

    def test_what_is_no_leak(self):
        heap_profiles.clean(self.directory)
        self.assertEqual(self.status("feed.tally", "--error-exitcode=1"), 0)
        self.assertEqual(self.status("feed.tally", "--error-exitcode=1", "--ignore=outside"), 0)

    def test_filters_say_what_counts(self):
        heap_profiles.feed(self.directory)
        for arguments, expected in [(["--ignore=main"], 0), (["--focus=outside"], 0),
                                    (["--focus=grow"], 1)]:
            with self.subTest(arguments):
                self.assertEqual(self.status("feed.tally", "--error-exitcode=1", *arguments),
                                 expected)

    def test_difference_leaks_where_it_grew(self):
        heap_profiles.delta(self.directory)
        self.assertEqual(self.status("delta.pb.gz", "--error-exitcode=1"), 1)
        self.assertEqual(self.status("delta.pb.gz", "--error-exitcode=1", "--focus=grow"), 0)

    def test_sums_are_those_of_top(self):
        heap_profiles.feed(self.directory)
        top = json.loads(self.run_ok("top", "--json", "-n0", "--sample=inuse_space", "feed.tally"))
        for arguments in ([], ["--lines"]):
            leaks = json.loads(self.run_ok("leaks", "--json", "-n0", "feed.tally", *arguments))
            for key, of in (("bytes", "total"), ("objects", "total_objects")):
                listed = sum(leak[key] for leak in leaks["leaks"])
                self.assertEqual(listed, leaks["leaked"][key])
                self.assertEqual(listed + leaks["outside"][key], top[of])


if __name__ == "__main__":
    unittest.main()
