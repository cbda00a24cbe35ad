"""Reads the profiles of allocations with `go tool pprof`: types, defaults, labels, differences.

Each report must come without a word on stderr. The numbers are those of the allocations in
interop_write.c.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile

SKIPPED = 77

# file: the default type, and of each type what it is in work and helper
PROFILES = {
    "heap": ("inuse_space", {"alloc_objects": (30, 4), "alloc_space": (3000, 64),
                             "inuse_objects": (10, 4), "inuse_space": (1000, 64)}),
    "peak": ("peak_space", {"peak_objects": (12, 4), "peak_space": (1200, 64),
                            "site_peak_space": (1500, 64)}),
    "lifetime": ("lifetime", {"freed_objects": (20, 0), "temporary_objects": (5, 0),
                              "lifetime": (900, 0)}),
    "sizes": ("alloc_objects", {"alloc_objects": (30, 4)}),
}


class Checker:
    def __init__(self, go, directory):
        self.go, self.directory, self.failures = go, directory, []
        self.environment = dict(os.environ, HOME=directory, PPROF_TMPDIR=directory, LC_ALL="C")

    def expect(self, truth, message):
        if not truth:
            self.failures.append(message)

    def report(self, kind, *options):
        command = [self.go, "tool", "pprof", *options, f"{self.directory}/{kind}.pb.gz"]
        result = subprocess.run(command, capture_output=True, text=True, env=self.environment)
        what = f"{kind}: {' '.join(options)}"
        self.expect(result.returncode == 0 and result.stderr == "",
                    f"{what}: status {result.returncode}, {result.stderr!r}")
        return result.stdout

    def flat(self, kind, *options):
        text = self.report(kind, "-top", "-nodefraction=0", "-unit=B", *options)
        rows = re.findall(r"^ *(-?\d+)(?:B|ns)? +\S+% +\S+% +.*?(\S+)(?: \(inline\))?$", text, re.M)
        return {name: int(value) for value, name in rows}

    def values(self):
        for kind, (default, types) in PROFILES.items():
            self.expect(f"Type: {default}\n" in self.report(kind, "-top"), f"{kind}: the default")
            for name, wanted in types.items():
                unit = ["-unit=ns"] if name == "lifetime" else []
                got = self.flat(kind, f"-sample_index={name}", *unit)
                of = got.get("work", 0), got.get("helper", 0)
                self.expect(of == wanted, f"{kind}, {name}: expected {wanted}, got {of}")

    def labels(self):
        tags = self.report("sizes", "-tags", "-unit=B")
        for size, objects in (("128B", 30), ("16B", 4)):
            self.expect(re.search(rf"^ *{objects}\b.*: {size}$", tags, re.M),
                        f"{objects} objects of {size} in\n{tags}")
        self.expect(re.search(r"pool$", self.report("pools", "-tags"), re.M), "kind of pools")
        self.expect("lifetime_max" in self.report("lifetime", "-tags"), "lifetime_max")

    def differences(self):
        nothing = self.flat("heap", f"-diff_base={self.directory}/heap.pb.gz")
        self.expect(not any(nothing.values()), f"a profile less itself: {nothing}")

    def lines(self):
        text = self.report("heap", "-list=work", "-unit=B")
        self.expect(re.search(r"^ +1000B +1000B +7:", text, re.M), f"line 7 in\n{text}")

    def run(self):
        for check in (self.values, self.labels, self.differences, self.lines):
            check()
        return self.failures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--go", required=True)
    parser.add_argument("--write", required=True)
    arguments = parser.parse_args()
    if not os.access(arguments.go, os.X_OK):
        print("go is not installed (Debian: golang-go)")
        return SKIPPED
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run([arguments.write, "export", directory], check=True)
        failures = Checker(arguments.go, directory).run()
    for failure in failures:
        print(failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
