"""Where times come from: the clocks, and what threads did with their time. No duration is asserted,
only how one is bound to another, however busy the machine is."""

import scripted
from scripted import ScriptedTest, each_mode

MS = 1_000_000


class Clocks(ScriptedTest):
    @each_mode()
    def test_each_clock(self):
        """By each clock the counts are the same, and times are what the program itself saw."""
        program = self.build("spin_and_sleep.c", extra=["-pthread"])
        for clock in ("tsc", "monotonic", "auto"):
            self.run_well(program, options=f"clock={clock}:out={clock}.tally")
            self.expect(f"{clock}.tally", "calls main 1", "calls spin 1", "calls sleep_on 1")
            comparison, run_json = self.read(f"{clock}.tally")
            self.assertIn(run_json["clock"]["name"],
                          (clock,) if clock != "auto" else ("tsc", "monotonic"))
            self.assertEqual("fallback" in run_json["clock"],
                             clock == "auto" and run_json["clock"]["name"] == "monotonic")
            self.assertEqual(run_json["options"]["clock"], clock)
            if run_json["clock"]["name"] == "monotonic":
                self.assertEqual(run_json["clock"]["hz"], 1_000_000_000)
            for name in ("spin", "sleep_on"):
                wall = sum(sample.wall_ns for sample in comparison.samples
                           if name in [frame.name for frame in sample.frames])
                self.assertGreaterEqual(wall, 290 * MS, clock)
                self.assertLessEqual(wall, run_json["duration_ns"] * 1.01, clock)

    @each_mode()
    def test_the_rate_of_a_run_with_a_suspended_machine(self):
        """... is that of one without. As if the counter's ticks meanwhile took no time, it would be
        several times too high."""
        program = self.build("suspended.c")
        rates = []
        for words in ([], ["suspend"]):
            self.run_well(program, *words, options="clock=tsc")
            rates.append(self.read("suspended.tally")[1]["clock"]["hz"])
        self.assertTrue(0.8 < rates[1] / rates[0] < 1.25, rates)


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
