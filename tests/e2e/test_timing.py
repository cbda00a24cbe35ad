"""Which calls are timed: by the run's choice, or as the code was compiled. That counts do not
depend on it is what run_programs.py asks of each program."""

import scripted
import toolchain
from scripted import ScriptedTest, each_clang, each_mode

ROUNDS, CALLS = 1000, 300  # as in short_calls.c


class Timing(ScriptedTest):
    def run_as(self, program, timing):
        """(Comparison, run.json) of a run; its counts are checked."""
        self.run_well(program, options=f"timing={timing}:out={timing}.tally")
        self.expect(f"{timing}.tally", "calls main 1", f"edge main cooks {ROUNDS}",
                    f"edge cooks stirs {ROUNDS * CALLS}")
        return self.read(f"{timing}.tally")

    @each_mode()
    def test_exact(self):
        comparison, run_json = self.run_as(self.build("short_calls.c"), "exact")
        self.assertEqual(comparison.profile.values, ("calls", "wall"))
        self.assertEqual(run_json["timing"], "exact")
        self.assertEqual(run_json["sampled_contexts"], 0)
        self.assertEqual(run_json["timed_calls"], sum(s.calls for s in comparison.samples))

    @each_mode()
    def test_adaptive(self):
        """A small part of the calls is timed, and all times are together about what there was."""
        comparison, run_json = self.run_as(self.build("short_calls.c"), "adaptive")
        self.assertEqual(comparison.profile.values, ("calls", "wall", "wall_variance"))
        self.assertEqual(run_json["timing"], "adaptive")
        self.assertGreater(run_json["sampled_contexts"], 0)
        self.assertGreater(run_json["timed_calls"], 16)
        self.assertLess(run_json["timed_calls"], ROUNDS * CALLS / 10)
        self.assertGreater(max(s.wall_variance for s in comparison.samples), 0)
        share = sum(s.wall_ns for s in comparison.samples) / run_json["duration_ns"]
        self.assertTrue(0.3 < share < 1.1, share)

    @each_mode()
    def test_recursion_in_adaptive_timing(self):
        """No call stands for many that are not like it: times do not exceed what there was."""
        self.run_well(self.build("fib.c"), options="timing=adaptive")
        self.expect_its_own("fib.c")
        comparison, run_json = self.read("fib.tally")
        self.assertLess(sum(s.wall_ns for s in comparison.samples), run_json["duration_ns"] * 1.5)

    @each_mode()
    def test_off(self):
        """There are no times, and two runs say the same."""
        program = self.build("short_calls.c")
        first, run_json = self.run_as(program, "off")
        self.assertEqual(first.profile.values, ("calls",))
        self.assertEqual((run_json["timing"], run_json["timed_calls"]), ("off", 0))
        self.assertEqual(run_json["clock"], {"name": "none", "hz": 0})
        second, _ = self.run_as(program, "off")
        self.assertEqual(first.profile.samples, second.profile.samples)

    @each_clang
    def test_fixed_in_the_code(self):
        """... it is what was done, whatever the run is told."""
        for fixed in toolchain.TIMINGS:
            program = self.build("short_calls.c", name=fixed,
                                 extra=[f"-fplugin-arg-tally-timing={fixed}"])
            for told in toolchain.TIMINGS:
                comparison, run_json = self.run_as(program, told)
                calls = sum(s.calls for s in comparison.samples)
                self.assertEqual(run_json["timed_calls"] > 0, fixed != "off", told)
                self.assertEqual(run_json["timed_calls"] == calls, fixed == "exact", told)
                self.assertEqual(run_json["sampled_contexts"] > 0, fixed == "adaptive", told)

    def compile_object(self, source, timing):
        output = self.here / f"{source}.{timing}.o"
        toolchain.command([self.mode.compiler, *self.mode.flags(), "-c",
                           f"-fplugin-arg-tally-timing={timing}", toolchain.PROGRAMS / source,
                           "-o", output])
        return output

    @each_clang
    def test_objects_of_different_timing(self):
        """Code that is not timed has no time of its own, and its callers have it."""
        for timings in (("exact", "off"), ("off", "exact"), ("adaptive", "off"),
                        ("off", "adaptive"), ("exact", "adaptive")):
            objects = [self.compile_object(source, timing) for source, timing in
                       zip(("linkage.c", "linkage_other.c"), timings)]
            toolchain.command([self.mode.compiler, *objects, "-o", self.here / "linkage",
                               *self.mode.libraries()])
            for told in toolchain.TIMINGS:
                self.run_well(self.here / "linkage", options=f"timing={told}")
                self.expect_its_own("linkage.c")
                comparison, run_json = self.read("linkage.tally")
                self.assertGreater(run_json["timed_calls"], 0)
                self.assertLessEqual(sum(s.wall_ns for s in comparison.samples),
                                     run_json["duration_ns"])
                for sample in comparison.samples:
                    is_other = sample.frames[0].file.endswith("linkage_other.c")
                    if timings[is_other] == "off":
                        self.assertEqual(sample.wall_ns, 0, sample.frames[0])


if __name__ == "__main__":
    scripted.main()
