"""Threads, signals and processes all at once, and profiles written meanwhile: no count is off.

TALLY_TEST_STRESS=N in the environment makes it N times as long.
"""

import collections
import os
import re

import scripted
import toolchain
from scripted import ScriptedTest, each_mode

TIMES = int(os.environ.get("TALLY_TEST_STRESS", "1"))
PROFILES = 20 * TIMES  # written while flat_out.c runs
ROUNDS = 24 * TIMES  # of storm.c, each with threads that start and end; every eighth forks
TOTAL = re.compile(r"^(\w+)=(\d+)$", re.MULTILINE)


def calls_by_context(profile):
    """{its frames: calls}. Contexts that differ in nothing shown are added."""
    counts = collections.Counter()
    for sample in profile.samples:
        counts[sample.frames] += sample.calls
    return counts


class Stress(ScriptedTest):
    def run_and_expect_totals(self, program, argument):
        ran = self.run_well(program, argument)
        totals = TOTAL.findall(ran.stdout)
        self.assertGreater(len(totals), 5, ran.stdout)
        self.assertEqual(len(totals), len(ran.stdout.splitlines()), ran.stdout)
        self.expect(f"{program.name}.tally", *(f"calls {name} {n}" for name, n in totals))
        _, run_json = self.read(f"{program.name}.tally")
        losses = {k: v for k, v in run_json["losses"].items() if v and "clamped" not in k}
        self.assertEqual(losses, {})
        return dict(totals)

    def counts(self, name):
        return calls_by_context(toolchain.read_profile(self.here / name)[0])

    @each_mode()
    def test_counts_only_grow(self):
        program = self.build("flat_out.c", extra=["-pthread"])
        self.run_and_expect_totals(program, PROFILES)
        names = [f"{i:03}.tally" for i in range(PROFILES)] + ["flat_out.tally"]
        before = collections.Counter()
        for name in names:
            now = self.counts(name)
            shrunk = {context: (n, now[context]) for context, n in before.items()
                      if now[context] < n}
            self.assertEqual(shrunk, {}, name)
            self.assertGreater(now.total(), before.total(), name)
            before = now

    @each_mode()
    def test_storm(self):
        program = self.build("storm.c", extra=["-pthread"])
        totals = self.run_and_expect_totals(program, ROUNDS)
        self.assertGreater(int(totals["on_signal"]) + int(totals["on_other"]), ROUNDS)
        self.expect("storm.tally", "callers at_thread_exit -", "edge on_signal in_handler "
                    + totals["in_handler"], "edge on_other in_nested " + totals["in_nested"])
        children = [name for name in self.profiles() if name != "storm.tally"]
        self.assertEqual(len(children), len(range(0, ROUNDS, 8)))
        for name in children:
            self.expect(name, "calls in_child 3", "calls swing 0", "calls leaf 0", "calls main 0",
                        "calls on_signal 0", "calls in_handler 0", "calls on_other 0")


if __name__ == "__main__":
    scripted.main()
