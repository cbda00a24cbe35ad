"""Frames that are not instrumented between frames that are, left by exceptions and by longjmp."""

import scripted
import toolchain
from scripted import ScriptedTest, each_mode
from toolchain import PROGRAMS


class Uninstrumented(ScriptedTest):
    def plain_library(self):
        """libplain.so, of which Tally knows nothing."""
        mode, library = self.mode.plain(), self.here / "libplain.so"
        toolchain.command([mode.compiler, "-O2", "-c", "-fPIC", "-fexceptions",
                           PROGRAMS / "plain_library.c", "-o", self.here / "plain_library.o"])
        toolchain.command([mode.driver(True), "-O2", "-shared", "-fPIC",
                           PROGRAMS / "plain_library_catch.cpp", self.here / "plain_library.o",
                           "-o", library])
        return library

    @each_mode()
    def test_left_by_jumps(self):
        extra = [self.plain_library(), f"-Wl,-rpath,{self.here}"]
        program = self.build("plain_callers.cpp", extra=extra)
        plain = self.build_plain("plain_callers.cpp", extra=extra)
        ran = self.run_well(program)
        self.assertEqual(ran, self.run_well(plain))
        self.expect_its_own("plain_callers.cpp")


if __name__ == "__main__":
    scripted.main()
