"""Prints a profile's stacks with their calls, for a person: show.py DIRECTORY.tally"""

import pathlib
import sys

import toolchain


def main(directory):
    profile, _ = toolchain.read_profile(pathlib.Path(directory))
    for sample in profile.samples:
        stack = " < ".join(f"{frame.name}:{frame.line}" for frame in sample.frames)
        print(f"{sample.calls:12} {sample.wall_ns:12} ns  {stack}")


if __name__ == "__main__":
    main(sys.argv[1])
