"""Where the sources of Lua and SQLite are: fetched from Debian where they are not there yet.

The directory is TALLY_TEST_SOURCES, or counters-sources in the working directory. How it is done,
without touching the system: bench/tallybench/sources.
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


class NoSources(Exception):
    """There is no way to Debian's source packages."""


def recipe(name):
    """What is compiled, with which flags."""
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    maker = {"lua": sources.lua, "sqlite": sources.sqlite}[name]
    try:
        return maker(types.SimpleNamespace(sources=DIRECTORY))
    except BenchError as error:
        raise NoSources(f"the sources of {name} cannot be had from Debian: {error}") from error
