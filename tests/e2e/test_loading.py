"""Libraries that are loaded, unloaded, loaded again: in every way, and very often."""

import scripted
import toolchain
from scripted import ScriptedTest, each_mode


class Loading(ScriptedTest):
    def library(self, number=1, name=None, mode=None, extra=()):
        output = self.here / (name or f"plug{number}.so")
        toolchain.compile_library(mode or self.mode, toolchain.PROGRAMS / "plugs_library.c", output,
                                  [f"-DNUMBER={number}", *extra])
        return output

    def host(self, mode=None):
        return self.build("plugs.c", mode=mode, extra=["-D_GNU_SOURCE", "-ldl", "-rdynamic"])

    def plain_output(self, *words):
        """What the program prints where nothing is counted."""
        where = self.here / "plain"
        where.mkdir(exist_ok=True)
        mode = self.mode.plain()
        program = self.build("plugs.c", mode=mode, where=where,
                             extra=["-D_GNU_SOURCE", "-ldl", "-rdynamic"])
        for number in (1, 2):
            self.library(number, f"plain/plug{number}.so", mode)
        return self.start(program, *words, cwd=where).stdout

    def load(self, *words, **more):
        ran = self.run_well(self.host(), *words, **more)
        self.assertEqual(ran.stdout, self.plain_output(*words))

    def expect_loads(self, number, loads, *more):
        self.expect("plugs.tally", f"calls work_{number} {6 * loads}",
                    f"edge entry work_{number} {4 * loads}",
                    f"edge before_{number} work_{number} {loads}",
                    f"edge after_{number} work_{number} {loads}",
                    f"callers work_{number} entry before_{number} after_{number}", *more)

    @each_mode()
    def test_ways_of_binding(self):
        """Which of the functions of one name is called, and is counted, is the loader's to say."""
        self.library()
        for way, of_library in (("local", 0), ("global", 0), ("deepbind", 1)):
            with self.subTest(way=way):
                self.load(way, "./plug1.so")
                self.expect_loads(
                    1, 1, "edge use entry 1", "edge entry called_back 4", "calls main 1",
                    "edge use everywhere@plugs.c 1",
                    f"edge entry everywhere@plugs_library.c {of_library}",
                    f"edge entry everywhere@plugs.c {1 - of_library}")

    @each_mode()
    def test_same_place_again(self):
        """Two libraries, each loaded where the other was a moment before."""
        self.library(1)
        self.library(2)
        self.load("local", *(["./plug1.so", "./plug2.so"] * 10))
        for number in (1, 2):
            self.expect_loads(number, 10)
        self.expect("plugs.tally", "calls entry 20", "calls called_back 80", "edge main use 20")

    @each_mode()
    def test_other_places(self):
        """Loaded and never unloaded, so that the next one is elsewhere."""
        for number in (1, 2):
            self.library(number)
        self.load("kept", *(["./plug1.so", "./plug2.so"] * 3))
        self.expect("plugs.tally", "calls entry 6", "calls work_1 14", "calls work_2 14",
                    "edge after_1 work_1 1", "edge after_2 work_2 1", "edge before_1 work_1 1")

    @each_mode()
    def test_namespace(self):
        """A second copy of everything, Tally's runtime with it: it has a profile of its own."""
        self.library()
        self.load("namespace", "./plug1.so")
        self.expect("plugs.tally", "calls main 1", "calls use 1", "edge use everywhere@plugs.c 1",
                    "calls called_back 4")
        (other,) = set(self.profiles()) - {"plugs.tally"}
        self.expect(other, "calls entry 1", "edge entry work_1 4", "calls work_1 6",
                    "edge after_1 work_1 1", "edge entry everywhere@plugs_library.c 1")

    @each_mode("plugin")
    def test_only_the_library_is_counted(self):
        """(Hooks would find those of the C library, which do nothing, before Tally's.)"""
        self.library()
        ran = self.run_well(self.host(self.mode.plain()), "local", "./plug1.so")
        self.assertEqual(ran.stdout, self.plain_output("local", "./plug1.so"))
        self.expect_loads(1, 1, "callers entry -", "absent main", "absent called_back")

    @each_mode()
    def test_only_the_host_is_counted(self):
        self.library(mode=self.mode.plain())
        self.load("local", "./plug1.so")
        self.expect("plugs.tally", "edge use called_back 4", "calls main 1", "absent entry",
                    "edge use everywhere 2", "absent work_1")

    @each_mode()
    def test_loaded_very_often(self):
        """Memory does not grow with the number of loads."""
        self.library()
        program = self.host()
        ran = self.start(program, "cycles", "./plug1.so")
        self.assertEqual(ran.status, 0)
        # The kernel counts pages by the dozen.
        self.assertLess(int(ran.stderr), 1536, "KiB more after 2500 loads than after 500")
        self.expect_loads(1, 2500, "calls called_back 10000")


if __name__ == "__main__":
    scripted.main()
