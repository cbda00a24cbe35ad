"""What the tests of comparison share: builds of a program, and what `tally diff` says of two.

The programs are built and run by the end-to-end tests' modules, without clock: counts are all that
is compared.
"""

import concurrent.futures
import json
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "e2e"))

import toolchain  # noqa: E402
from toolchain import Failure, Mode  # noqa: E402

HERE = pathlib.Path(__file__).parent
WORKERS = 2
SKIPPED = 77  # to ctest


def newest_clang():
    return f"clang-{toolchain.llvm_versions()[-1]}"


def oldest_clang():
    return f"clang-{toolchain.llvm_versions()[0]}"


def diff(old, new, *arguments):
    """What `tally diff` says of the calls of two builds, as JSON."""
    done = toolchain.command([toolchain.BUILD / "bin/tally", "diff", "--json", "-n0",
                              "--sample=calls", *arguments, old, new])
    made = json.loads(done.stdout)
    return made["measures"][0]["rows"], made["renamed"]


def counted_run(words, where):
    """Runs a program for its counts; the directory of its profile."""
    ran = toolchain.run(words, where, {"TALLY_OPTIONS": "timing=off"})
    if ran.status != 0:
        raise Failure(f"{words[0]}: status {ran.status}\n{ran.stderr}")
    return where / f"{pathlib.Path(words[0]).name}.tally"


def each(function, things):
    """{thing: what the function returned}, with as many at a time as there are processors."""
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as workers:
        return dict(zip(things, workers.map(function, things)))


def main():
    for line in toolchain.missing():
        print(f"skipped: {line}", file=sys.stderr)
    unittest.main()
