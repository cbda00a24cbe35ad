"""A difference written by `tally diff -o`, as `go tool pprof` reads it: as one of its own.

pprof takes what OLD had as what percentages refer to, and pairs functions by their names: those that
tally found to be one under another name have to have one.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

SKIPPED = 77

sys.path.insert(0, str(Path(__file__).parents[1] / "cli"))
from profile import Profile  # noqa: E402  (written by hand there)


def write(path, directory, helper, calls):
    p = Profile([("calls", "count"), ("wall", "nanoseconds")], default="calls")
    at = {name: p.location([(p.function(name, name, f"{directory}/app.c", line), line + 1)])
          for name, line in (("main", 30), ("work", 20), (helper, 10))}
    p.sample([at["main"]], [1, 1_000])
    p.sample([at["work"], at["main"]], [calls[0], 10_000])
    p.sample([at[helper], at["work"], at["main"]], [calls[1], 2_000])
    p.write(path)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--go", required=True)
    parser.add_argument("--tally", required=True)
    arguments = parser.parse_args()
    if arguments.go.endswith("NOTFOUND"):
        print("go is not installed")
        return SKIPPED
    with tempfile.TemporaryDirectory() as directory:
        old, new, both = (os.path.join(directory, name) for name in ("old.pb", "new.pb", "d.pb.gz"))
        write(old, "/build/1", "check", (100, 2_000))
        write(new, "/build/2", "verify", (107, 1_999))
        subprocess.run([arguments.tally, "diff", "-o", both, old, new], check=True)
        result = subprocess.run(
            [arguments.go, "tool", "pprof", "-top", "-nodefraction=0", both],
            env={**os.environ, "HOME": directory, "PPROF_TMPDIR": directory}, text=True,
            capture_output=True, check=True)
    # That a profile made by hand names no program is all there is to say of it.
    assert result.stderr in ("", "Main binary filename not available.\n"), result.stderr
    rows = {match[3]: (int(match[1]), int(match[2])) for match in re.finditer(
        r"^ *(-?\d+) +\S+% +\S+% +(-?\d+) +\S+% +(.*)$", result.stdout, re.M)}
    assert rows == {"work": (7, 6), "verify": (-1, -1), "main": (0, 6)}, result.stdout
    # 2,101 calls is what OLD had: pprof has recognised its base.
    assert "of 2101 total" in result.stdout, result.stdout
    return 0


if __name__ == "__main__":
    sys.exit(main())
