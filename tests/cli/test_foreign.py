"""Profiles that Go's own runtime writes: CPU and heap, read by every command.

The program does its work in one function that is kept from being inlined, so that function must be
what `tally` and `go tool pprof` find, with the same numbers. Skipped where there is no Go.
"""

import json
import os
import re
import shutil
import subprocess
import unittest

from harness import Case

PROGRAM = """\
package main

import (
	"os"
	"runtime"
	"runtime/pprof"
	"time"
)

var kept [][]byte

//go:noinline
func spin(rounds int) (sum int) {
	for i := 0; i < rounds; i++ {
		sum += i * i % 7
	}
	return sum
}

//go:noinline
func hold(n int) {
	for i := 0; i < n; i++ {
		kept = append(kept, make([]byte, 1<<20))
	}
}

func main() {
	cpu, _ := os.Create("cpu.prof")
	pprof.StartCPUProfile(cpu)
	for start := time.Now(); time.Since(start) < 300*time.Millisecond; {
		spin(1000000)
	}
	pprof.StopCPUProfile()
	cpu.Close()
	hold(8)
	runtime.GC()
	heap, _ := os.Create("heap.prof")
	pprof.WriteHeapProfile(heap)
	heap.Close()
}
"""


@unittest.skipUnless(shutil.which("go"), "no go")
class Foreign(Case):
    def setUp(self):
        super().setUp()
        self.env = {**os.environ, "HOME": str(self.directory), "GOFLAGS": "-mod=mod",
                    "GOCACHE": str(self.directory / "cache"), "GOPROXY": "off"}
        (self.directory / "spin.go").write_text(PROGRAM)
        self.go("build", "-o", "spin", "spin.go")
        subprocess.run(["./spin"], cwd=self.directory, check=True, env=self.env)

    def go(self, *words):
        return subprocess.run(["go", *words], cwd=self.directory, env=self.env, check=True,
                              capture_output=True, text=True).stdout

    def raw_sums(self, path, value):
        """The sum of one value over all samples, by what pprof prints."""
        raw = self.go("tool", "pprof", "-raw", path)
        samples = raw.split("Samples:\n", 1)[1].split("Locations\n", 1)[0]
        return sum(int(line.split(":")[0].split()[value]) for line in samples.splitlines()
                   if re.match(r"\s+\d+(\s+\d+)*:( \d+)+", line))

    def test_commands_read_cpu_and_heap(self):
        for path, value, function in [("cpu.prof", 1, "main.spin"), ("heap.prof", 3, "main.hold")]:
            with self.subTest(path):
                top = json.loads(self.run_ok("top", "--json", "-n0", path))
                rows = {row["name"]: row for row in top["functions"]}
                self.assertGreater(rows[function]["cum"], 0)
                self.assertEqual(top["total"], self.raw_sums(path, value))
                self.assertEqual(sum(row["self"] for row in top["functions"]), top["total"])
                self.assertNotIn("calls", rows[function])
                self.assertIn(function, self.run_ok("top", path))
                self.assertIn(function, self.run_ok("tree", path))
                self.assertIn("func " + function[5:], self.run_ok("list", function, path))
                self.assertIn(function, self.run_ok("convert", "--to=folded", path))
                self.assertNotIn("losses", self.run_ok("info", path))

    def test_pprof_reads_what_convert_and_merge_write(self):
        self.run_ok("convert", "cpu.prof", "-o", "again.pb.gz")
        self.run_ok("merge", "twice.pb.gz", "cpu.prof", "again.pb.gz")
        total = self.raw_sums("cpu.prof", 1)
        self.assertEqual(self.raw_sums("again.pb.gz", 1), total)
        self.assertEqual(self.raw_sums("twice.pb.gz", 1), 2 * total)

    def test_filters_mean_what_pprof_means(self):
        for option in ("-focus=main.hold", "-ignore=main.hold", "-hide=main.main"):
            text = self.go("tool", "pprof", "-top", "-unit=B", "-nodecount=1000",
                           "-nodefraction=0", option, "heap.prof")
            want = {}
            for line in text.split("cum%\n", 1)[1].splitlines():
                flat, _, _, cum, _, name = line.split(None, 5)
                name = name.removesuffix(" (inline)").removesuffix(" (partial-inline)")
                want[name] = (int(flat.rstrip("B")), int(cum.rstrip("B")))
            got = json.loads(self.run_ok("top", "--json", "-n0", "-" + option, "heap.prof"))
            rows = {row["name"]: (row["self"], row["cum"]) for row in got["functions"]}
            with self.subTest(option):
                self.assertEqual({name: row for name, row in rows.items() if any(row)},
                                 {name: row for name, row in want.items() if any(row)})


if __name__ == "__main__":
    unittest.main()
