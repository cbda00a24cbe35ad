"""tally_count_…: a program asks what it has called and allocated so far."""

import scripted
from scripted import ScriptedTest, each_mode

NOTHING = (0, 0, 0, 0)


class Counts(ScriptedTest):
    def run_counts(self, options=None):
        """By piece of work: (calls, objects, bytes, status of asking for the latter two)."""
        program = self.build("counts.c", extra=["-pthread"])
        lines = self.run_well(program, options=options).stdout.splitlines()
        return {name: tuple(map(int, numbers))
                for name, *numbers in (line.split() for line in lines)}

    def sums_of(self, directory):
        profile = self.read(directory)[0].profile
        heap = profile.beside.get("heap")
        return (sum(s.calls for s in profile.samples),
                *(sum(s.values[name] for s in heap.samples) if heap else 0
                  for name in ("alloc_objects", "alloc_space")))

    def expect_calls(self, told):
        self.assertEqual({name: numbers[0] for name, numbers in told.items() if name != "all"},
                         {"nothing": 0, "calls_only": 2001, "inlines_only": 4, "inlined": 1,
                          "allocates": 1, "in_a_thread": 1 + 1 + 2001 + 1})

    @each_mode()
    def test_differences_are_what_was_done(self):
        told = self.run_counts()
        self.expect_calls(told)
        self.assertEqual(told["nothing"], NOTHING)
        self.assertEqual(told["calls_only"][1:], (0, 0, 0), "it allocates nothing")
        self.assertEqual(told["allocates"][1:], (10, 55, 0))
        self.assertGreaterEqual(told["in_a_thread"][1], 10)

    @each_mode()
    def test_totals_are_those_of_the_profile(self):
        self.assertEqual(self.run_counts()["all"][:3], self.sums_of("now.tally"))

    @each_mode()
    def test_while_recording_is_off(self):
        told = self.run_counts(options="enabled=false")
        self.assertEqual(set(told.values()), {NOTHING})

    @each_mode()
    def test_blocks_need_not_be_followed(self):
        told = self.run_counts(options="heap=counts")
        self.expect_calls(told)
        self.assertEqual(told["allocates"][1:], (10, 55, 0))

    @each_mode()
    def test_without_the_heap_calls_are_counted(self):
        told = self.run_counts(options="heap=off")
        self.expect_calls(told)
        self.assertEqual({numbers[1:] for numbers in told.values()}, {(0, 0, -95)}, "ENOTSUP")


if __name__ == "__main__":
    scripted.main()
