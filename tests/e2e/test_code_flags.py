"""Options that change what code may use: registers, the red zone, frames, hardening."""

import scripted
import toolchain
from scripted import ScriptedTest, each_mode

QUIET = ["-pthread", "-Wno-psabi", "-Wno-ignored-attributes"]
FLAGS = (["-mno-red-zone"], ["-fno-omit-frame-pointer"], ["-fno-plt", "-fPIC"],
         ["-fstack-protector-all", "-fstack-clash-protection", "-fcf-protection=full"])
CLANG_FLAGS = (["-mretpoline"], ["-fsanitize=safe-stack"], ["-mspeculative-load-hardening"])


class CodeFlags(ScriptedTest):
    def check(self, source, flags):
        """The program's own expectations, and the plain program's behaviour."""
        with self.subTest(flags=flags):
            program = self.build(source, extra=flags)
            ran = self.run_well(program)
            self.assertEqual(ran, self.run_well(self.build_plain(source, extra=flags)))
            self.expect_its_own(source, ran.stdout)

    def test_plugin(self):
        for flags in FLAGS + CLANG_FLAGS:
            self.check("conventions.c", flags + QUIET)

    def test_hooks(self):
        self.mode = toolchain.Mode("hooks", "gcc")
        self.skip_without(self.mode in toolchain.modes(("hooks",)), "no gcc")
        for flags in FLAGS:
            self.check("conventions.c", flags + QUIET)

    @each_mode()
    def test_general_registers_only(self):
        """What a kernel is compiled with; no floating point, so a program without any."""
        self.check("fib.c", ["-mgeneral-regs-only", "-mno-red-zone"])


if __name__ == "__main__":
    scripted.main()
