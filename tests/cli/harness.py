"""What the tests of the command line share: running `tally` in a fixed environment.

The program is named by TALLY. Locale, time zone and width are fixed, so that output depends on the
input alone; a test that is about them says otherwise.
"""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

TALLY = os.environ["TALLY"]


def environment(**changes):
    env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C.UTF-8", "TZ": "UTC",
           "TERM": "xterm", "ASAN_OPTIONS": "detect_leaks=0"}
    env.update(changes)
    return {name: value for name, value in env.items() if value is not None}


def run(*arguments, cwd=None, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, within=(),
        **changes):
    """within: words of a command that is to run it, such as prlimit."""
    return subprocess.run([*within, TALLY, *map(str, arguments)], cwd=cwd, stdin=stdin,
                          stdout=stdout, stderr=subprocess.PIPE, env=environment(**changes),
                          timeout=60)


class Case(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.directory = Path(temporary.name)

    def run_ok(self, *arguments, **options):
        result = run(*arguments, cwd=self.directory, **options)
        self.assertEqual((result.returncode, result.stderr.decode()), (0, ""), arguments)
        return result.stdout.decode()

    def run_wrong(self, *arguments, **options):
        """Runs what must fail; returns the one line on standard error."""
        result = run(*arguments, cwd=self.directory, **options)
        message = result.stderr.decode(errors="replace")
        self.assertEqual(result.returncode, 2, (arguments, message))
        self.assertRegex(message, r"\Atally: [^\n]+\n\Z", arguments)
        if result.stdout is not None:
            self.assertEqual(result.stdout, b"", arguments)
        return message
