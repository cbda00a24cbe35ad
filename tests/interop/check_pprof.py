"""Reads a profile of ours with `go tool pprof`, in every way people do, and compares the numbers.

Each report must come without a word on stderr: warnings count as failures. The numbers are those
of the contexts in interop_write.c; a merged profile has twice as many of each.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile

SKIPPED = 77

# name: flat calls, cumulative calls, flat ns
FUNCTIONS = {
    "main": (1, 286, 5000000),
    "work": (165, 165, 3010000),
    "helper": (70, 77, 0),
    "ns::box<int>::get": (50, 100, 500),
}
TYPES = {  # of the case; others have both
    "adaptive": ["calls", "wall", "wall_variance"],
    "off": ["calls"],
}
SUMS = {"calls": 286, "wall": 8010500, "wall_variance": 5000000250}
EDGES = {
    ("main", "work"): 108,
    ("main", "ns::box<int>::get"): 100,
    ("main", "helper"): 77,
    ("ns::box<int>::get", "work"): 50,
    ("helper", "work"): 7,
}
LINES = {  # line of demo.c: (flat, cumulative) calls; None: nothing
    2: (70, 70),
    3: (None, 7),
    6: (165, 165),
    7: (None, 8),
    10: (1, 1),
    11: (None, 108),
    12: (None, 100),
    13: (None, 77),
    14: (None, None),
}


class Checker:
    def __init__(self, go, directory, factor, types):
        self.go = go
        self.types = types
        self.profile = os.path.join(directory, "calls.pb.gz")
        self.factor = factor
        self.environment = dict(os.environ, HOME=directory, PPROF_TMPDIR=directory, LC_ALL="C")
        self.failures = []

    def expect(self, truth, message):
        if not truth:
            self.failures.append(message)

    def equal(self, actual, expected, what):
        self.expect(actual == expected, f"{what}: expected {expected}, got {actual}")

    def report(self, *options):
        command = [self.go, "tool", "pprof", *options, self.profile]
        result = subprocess.run(command, capture_output=True, text=True, env=self.environment)
        what = " ".join(options)
        self.equal(result.returncode, 0, f"exit status of {what}")
        self.equal(result.stderr, "", f"stderr of {what}")
        return result.stdout

    # -top: "  165 57.69% 57.69%   165 57.69%  work"
    def top(self):
        columns = {"calls": 0, "wall": 2}
        for index, column in ((name, columns[name]) for name in self.types if name in columns):
            text = self.report("-top", "-nodefraction=0", "-unit=ns", f"-sample_index={index}")
            rows = {}
            for match in re.finditer(
                r"^ *(\d+)(?:ns)? +\S+% +\S+% +(\d+)(?:ns)? +\S+% +(.*)$", text, re.M
            ):
                rows[match[3].removesuffix(" (inline)")] = (int(match[1]), int(match[2]))
            self.equal(
                {name: flat for name, (flat, _) in rows.items()},
                {name: row[column] * self.factor for name, row in FUNCTIONS.items()
                 if row[column] or name in rows},
                f"flat {index} of -top",
            )
            if index == "calls":
                self.equal(
                    {name: cum for name, (_, cum) in rows.items()},
                    {name: row[1] * self.factor for name, row in FUNCTIONS.items()},
                    "cumulative calls of -top",
                )
        self.expect("Made by Tally" in text, "-top shows the comment")
        self.expect("Loss: calls never seen to return (-finstrument-functions): 3\n" in text, "-top shows the loss")
        self.expect(text.startswith("File: demo\n"), "the executable titles the report")

    def default_type(self):
        default = "wall" if "wall" in self.types else "calls"
        self.expect(f"Type: {default}\n" in self.report("-top"), f"{default} is the default")

    def edges_in(self, text, option):
        """The callees below each function's line in -tree and -peek."""
        edges = {}
        for block in text.split("-" * 58 + "+" + "-" * 13):
            caller = None
            for line in block.splitlines():
                callee = re.match(r"^ *(\d+) +\S+% \|   (.*)$", line)
                own = re.match(r"^ *\S+ +\S+% +\S+% +\S+ +\S+% +\| (.*)$", line)
                if own:
                    caller = own[1].removesuffix(" (inline)")
                elif callee and caller:
                    edges[caller, callee[2].removesuffix(" (inline)")] = int(callee[1])
        for edge, calls in EDGES.items():
            if option == "-tree" or edge[0] == "main":
                self.equal(edges.get(edge), calls * self.factor, f"{edge} in {option}")

    def tree_and_peek(self):
        self.edges_in(self.report("-tree", "-nodefraction=0", "-sample_index=calls"), "-tree")
        self.edges_in(self.report("-peek=^main$", "-sample_index=calls"), "-peek")

    def list(self):
        text = self.report("-list=main|work|helper", "-sample_index=calls")
        rows = {}
        for match in re.finditer(r"^ +(\d+|\.) +(\d+|\.) +(\d+):", text, re.M):
            row = tuple(None if value == "." else int(value) for value in match.groups()[:2])
            line = int(match[3])
            if row != (None, None) or line not in rows:
                rows[line] = row
        for line, row in LINES.items():
            expected = tuple(value and value * self.factor for value in row)
            self.equal(rows.get(line), expected, f"line {line} of -list")

    def raw(self):
        text = self.report("-raw")
        samples = text[text.index("Samples:") : text.index("Locations")].splitlines()[2:]
        self.equal(len(samples), 8, "samples of -raw")
        sums = [sum(column) for column in zip(*(map(int, re.findall(r"\d+", s.split(":")[0]))
                                                for s in samples))]
        self.equal(sums, [SUMS[name] * self.factor for name in self.types], "sums of -raw")
        addresses = re.findall(r"^ +\d+: (0x[0-9a-f]+) M=\d", text, re.M)
        self.equal(len(addresses), 10, "locations of -raw")
        self.equal(len(set(addresses)), 10, "different addresses of -raw")
        self.equal(text.count("[FN][FL][LN][IN]"), 2, "symbolised mappings of -raw")
        self.expect(re.search(r"^1: .* /app/demo 0123456789abcdef", text, re.M), "mapping 1")
        self.expect("(_ZN2ns3boxIiE3getEv)" in text, "-raw shows the linkage name")

    def graphs(self):
        dot = self.report("-dot", "-nodefraction=0", "-edgefraction=0", "-sample_index=calls")
        edges = re.findall(r'tooltip="(\S+) -> (\S+) \((\d+)\)" labeltooltip', dot)
        self.equal(
            {(caller, callee): int(calls) for caller, callee, calls in edges},
            {edge: calls * self.factor for edge, calls in EDGES.items()},
            "edges of -dot",
        )
        svg = self.report("-svg")
        self.expect("<svg" in svg and "work" in svg, "-svg is a picture")

    def run(self):
        for check in (self.raw, self.top, self.default_type, self.tree_and_peek, self.list,
                      self.graphs):
            check()
        return self.failures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--go", required=True)
    parser.add_argument("--write", required=True)
    parser.add_argument("--case", required=True, choices=("export", "adaptive", "off", "gzip", "merged"))
    arguments = parser.parse_args()
    if not os.access(arguments.go, os.X_OK):
        print("go is not installed (Debian: golang-go)")
        return SKIPPED
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run([arguments.write, arguments.case, directory], check=True)
        factor = 2 if arguments.case == "merged" else 1
        types = TYPES.get(arguments.case, ["calls", "wall"])
        failures = Checker(arguments.go, directory, factor, types).run()
    for failure in failures:
        print(failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
