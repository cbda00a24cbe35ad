#!/usr/bin/env python3
"""Fetches the sources of Lua and SQLite from Debian into a directory: sources.py lua | sqlite

The directory is TALLY_TEST_SOURCES, or counters-sources in the working directory. What is there
already is not fetched again. How it is done, without touching the system: bench/tallybench/sources.
"""

import os
import pathlib
import sys
import types

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "bench"))

from tallybench import sources  # noqa: E402
from tallybench.system import BenchError  # noqa: E402

DIRECTORY = pathlib.Path(os.environ.get("TALLY_TEST_SOURCES", "counters-sources")).resolve()


def recipe(name):
    """What is compiled, with which flags; fetched if it is not there."""
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    maker = {"lua": sources.lua, "sqlite": sources.sqlite}[name]
    return maker(types.SimpleNamespace(sources=DIRECTORY))


if __name__ == "__main__":
    try:
        for wanted in sys.argv[1:]:
            files = recipe(wanted).sources
            print(f"{wanted}: {len(files)} files below {DIRECTORY}")
    except BenchError as error:
        sys.exit(f"sources.py: the sources of {wanted} cannot be had from Debian: {error}")
