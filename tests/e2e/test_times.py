"""Where times come from: the clocks, and what threads did with their time. No duration is asserted,
only how one is bound to another, however busy the machine is."""

import scripted
from scripted import ScriptedTest, each_mode

MS = 1_000_000


class ThreadsTime(ScriptedTest):
    @each_mode()
    def test_running_and_blocked(self):
        """The spinning thread ran for 300 ms; main and the other one are blocked that long."""
        self.run_well(self.build("spin_and_sleep.c", extra=["-pthread"]))
        self.expect("spin_and_sleep.tally", "calls spin 1", "calls sleep_on 1", "run threads 3")
        _, run_json = self.read("spin_and_sleep.tally")
        times = run_json["threads_time"]
        blocked = times["wall_ns"] - times["cpu_ns"] - times["run_queue_ns"]
        self.assertGreaterEqual(times["cpu_ns"], 290 * MS)
        self.assertGreaterEqual(times["wall_ns"], 3 * 290 * MS)
        self.assertGreaterEqual(blocked, 290 * MS)
        self.assertGreaterEqual(times["run_queue_ns"], 0)
        self.assertGreaterEqual(blocked, times["unknown_ns"])
        said = scripted.toolchain.command(
            [scripted.toolchain.BUILD / "bin/tally", "info", self.here / "spin_and_sleep.tally"])
        self.assertRegex(said.stdout, r"\nthreads' time \S+ m?s: [^\n]*% running, [^\n]*blocked or asleep\n")


if __name__ == "__main__":
    scripted.main()
