"""tally.h: the program itself says what is recorded, and when it is written."""

import scripted
from scripted import ScriptedTest, each_mode


class Api(ScriptedTest):
    def run_api(self, *words, **more):
        return self.run_well(self.build("api.c", extra=["-pthread"]), *words, **more)

    @each_mode()
    def test_stop_and_start(self):
        self.assertIn("\n0 ", self.run_api("stop").stdout)
        self.expect("api.tally", "calls always 8", "calls paused 0", "calls has_inlined 110",
                    "calls inlined 110", "calls main 1", "calls repeat 4", "run threads 2")

    @each_mode()
    def test_paused_again_and_again(self):
        self.run_api("often")
        self.expect("api.tally", "calls has_inlined 400", "calls inlined 400", "calls paused 0",
                    "calls always 0", "calls main 1")

    @each_mode()
    def test_off_from_the_start(self):
        self.run_api("start", options="enabled=false")
        self.expect("api.tally", "calls always 2", "calls paused 0", "calls main 0",
                    "calls repeat 1", "edge main repeat 1")

    @each_mode()
    def test_never_switched_on(self):
        """Nothing is to be recorded, so nothing is to be said."""
        self.run_api(options="enabled=false")
        self.assertEqual(self.profiles(), [])

    @each_mode()
    def test_write(self):
        ran = self.start(self.build("api.c", extra=["-pthread"]), "write")
        self.assertEqual(ran.status, 0)
        self.assertEqual(ran.stdout.splitlines()[1], "0 1")
        self.assertIn("no/such/directory.tally", ran.stderr)
        self.assertEqual(len(ran.stderr.splitlines()), 1, ran.stderr)
        for name, calls, ended_by in (("first", 4, "tally_write"), ("second", 10, "tally_write"),
                                      ("api", 11, "exit")):
            self.expect(f"{name}.tally", f"calls always {calls}", f"run ended_by {ended_by}")
        self.assertEqual(self.profiles(), ["api.tally", "first.tally", "second.tally"],
                         "what a process wrote itself is replaced")

    def test_version(self):
        """The library's is that of the header."""
        header = (scripted.toolchain.INCLUDE / "tally/tally.h").read_text()
        printed = self.run_api().stdout.splitlines()[0]
        self.assertIn(f'#define TALLY_VERSION "{printed}"', header)


if __name__ == "__main__":
    scripted.main()
