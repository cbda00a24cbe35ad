"""Programs compiled with a sanitizer, or run by valgrind: nothing is reported that the plain
program would not report, and the counts are the same."""

import shutil

import scripted
import toolchain
from scripted import ScriptedTest

VALGRIND = ["valgrind", "--quiet", "--error-exitcode=99", "--leak-check=full"]


class Sanitizers(ScriptedTest):
    def check(self, name, sanitizer, level):
        self.mode = toolchain.Mode("plugin", toolchain.newest().compiler, level)
        program = self.build(name, extra=["-std=c++17", "-pthread", f"-fsanitize={sanitizer}",
                                          "-fno-sanitize-recover=all"])
        self.run_well(program, environment={"ASAN_OPTIONS": "detect_stack_use_after_return=1"})
        self.expect_its_own(name)

    def test_address(self):
        self.check("throw_paths.cpp", "address", "O2")

    def test_thread(self):
        self.check("throw_threads.cpp", "thread", "O1")

    def test_undefined(self):
        self.check("throw_paths.cpp", "undefined", "O0")

    def test_valgrind(self):
        self.skip_without(shutil.which("valgrind"), "no valgrind")
        self.mode = toolchain.Mode("plugin", f"clang-{toolchain.llvm_versions()[0]}", "O1")
        # valgrind of Debian 12 does not read what newer compilers write by default
        program = self.build("throw_threads.cpp", extra=["-std=c++17", "-pthread", "-gdwarf-4"])
        self.run_well(*VALGRIND, program)
        self.expect_its_own("throw_threads.cpp")


if __name__ == "__main__":
    scripted.main()
