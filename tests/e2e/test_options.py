"""TALLY_OPTIONS: what it takes, what it says of what it does not take, where profiles go."""

import datetime
import os
import re
import shutil

import scripted
from scripted import ScriptedTest, each_mode


class Options(ScriptedTest):
    def run_small(self, options, status=0):
        """Standard error of a run of the small program, which must not mind any option."""
        if not (self.here / "small").exists():
            self.build("small.c")
        ran = self.start(self.here / "small", str(status), options=options)
        self.assertEqual((ran.status, ran.stdout), (status, "590\n"), ran.stderr)
        return ran.stderr

    def one_line(self, options, *words):
        """The one line that these options must cause; the profile is written all the same."""
        shutil.rmtree(self.here / "small.tally", ignore_errors=True)
        with self.subTest(options=options):
            said = self.run_small(options)
            self.assertRegex(said, r"\Atally: [^\n]*\n\Z")
            for word in words:
                self.assertIn(word, said)
            self.expect("small.tally", "calls work 100")

    def test_misspelled_options_are_named(self):
        self.one_line("verbose=2", "verbose")
        self.one_line("memroy=1M", "'memroy'", "did you mean 'memory'")
        self.one_line("clok=tsc", "'clok'", "did you mean 'clock'")
        self.one_line("enable=true", "'enable'", "did you mean 'enabled'")
        self.one_line("zzzzzz=1", "'zzzzzz'", "tally help options")
        self.one_line("verbosity=1:Out=a.tally", "'Out'", "did you mean 'out'")

    def test_bad_values_are_named(self):
        self.one_line("enabled=perhaps", "enabled=perhaps", "boolean")
        self.one_line("memory=much", "memory=much", "number")
        self.one_line("memory=", "memory=", "number")
        self.one_line("memory=99999999999999999999", "memory=99999999999999999999")
        self.one_line("verbosity=-1", "verbosity=-1", "number")
        self.one_line("clock=sundial", "clock=sundial", "monotonic")
        self.one_line("timing=nonsense", "timing=nonsense", "not one of exact, adaptive, off")
        self.one_line("enabled", "'enabled'", "name=value")
        self.one_line("out=" + 5000 * "x", "TALLY_OPTIONS", "4095")

    def test_empty_words_are_no_error(self):
        for options in ("", ":", "::verbosity=1::"):
            self.assertEqual(self.run_small(options), "")

    def test_verbosity(self):
        self.assertEqual(self.run_small("verbosity=0:nonsense=1"), "")
        self.assertIn("nonsense", self.run_small("nonsense=1"))
        self.assertRegex(self.run_small("verbosity=2"), r"\Atally: wrote [^\n]*small\.tally\n\Z")

    def test_boolean_words(self):
        for word in ("true", "yes", "on", "1", "True"):
            self.run_small(f"enabled={word}:out={word}.tally")
            self.expect(f"{word}.tally", "calls work 100")
        for word in ("false", "no", "off", "0", "FALSE"):
            self.run_small(f"verbosity=0:enabled={word}:out={word}.tally")
            self.assertFalse((self.here / f"{word}.tally").exists())

    def test_options_are_recorded(self):
        self.run_small("memory=64M:enabled=yes")
        _, run_json = self.read("small.tally")
        self.assertEqual(run_json["options"]["memory"], "64M")
        self.assertEqual(run_json["options"]["enabled"], "yes")
        self.assertEqual(run_json["options"]["out"], "%e.tally")

    def test_out_patterns(self):
        self.run_small("out=a-%e-%p-%h-100%%-%x.tally")
        (name,) = self.profiles()
        self.assertRegex(name, rf"\Aa-small-\d+-{re.escape(os.uname().nodename)}-100%-%x\.tally\Z")
        _, run_json = self.read(name)
        self.assertIn(f"-small-{run_json['program']['pid']}-", name)

    def test_out_time(self):
        before = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
        self.run_small("out=%t.tally")
        after = datetime.datetime.now(datetime.timezone.utc)
        (name,) = self.profiles()
        at = datetime.datetime.strptime(name, "%Y%m%d-%H%M%S.tally")
        self.assertTrue(before <= at.replace(tzinfo=datetime.timezone.utc) <= after, name)

    def test_out_elsewhere(self):
        (self.here / "sub").mkdir()
        self.run_small(f"out={self.here}/sub/%e.profile")
        self.expect("sub/small.profile", "calls work 100")
        self.assertEqual(self.profiles(), [])

    @each_mode()
    def test_memory_limit(self):
        """Past the limit paths are lost, and told; calls are not. Each a_N is called 4^8 times."""
        program = self.build("explosion.c")
        self.run_well(program, options="memory=1M")
        sums = [f"calls {level}_{i} {4 ** (8 - n)}"
                for n, level in enumerate("abcdefghi") for i in (1, 2, 3, 4)]
        self.expect("explosion.tally", "calls main 1", *sums)
        comparison, run_json = self.read("explosion.tally")
        beyond = [s for s in comparison.samples
                  if s.frames[-1].name == "[contexts beyond the memory limit]"]
        lost = run_json["losses"]["contexts_collapsed"]
        self.assertGreater(lost, 0)
        self.assertEqual(sum(s.calls for s in beyond), lost)
        self.assertTrue(any(str(lost) in text for text in comparison.profile.comments))

    @each_mode()
    def test_clocks(self):
        program = self.build("small.c")
        for clock in ("monotonic", "tsc"):
            self.run_well(program, options=f"clock={clock}:out={clock}.tally")
            self.expect(f"{clock}.tally", "calls work 100", "edge main work 100",
                        f"run clock.name {clock}")
            comparison, run_json = self.read(f"{clock}.tally")
            total = sum(sample.wall_ns for sample in comparison.profile.samples)
            self.assertGreater(run_json["clock"]["hz"], 0)
            self.assertGreater(total, 0)
            self.assertLessEqual(total, run_json["duration_ns"])

    def test_setuid_program_ignores_options(self):
        self.skip_without(os.geteuid() == 0, "only root can make a setuid program for another")
        program = self.build("small.c")
        os.chown(program, 65534, 65534)
        program.chmod(0o6755)
        for path in (self.here, *self.here.parents[:-1]):
            if not path.stat().st_mode & 0o001:
                path.chmod(0o777)
        self.here.chmod(0o777)
        ran = self.start(program, options="out=elsewhere.tally:nonsense=1")
        self.assertEqual((ran.status, ran.stderr), (0, ""))
        self.assertEqual(self.profiles(), ["small.tally"])


if __name__ == "__main__":
    scripted.main()
