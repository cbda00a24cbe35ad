"""Ways of building a program: static, LTO, stripped, other ways of naming the plugin."""

import pathlib
import shutil
import subprocess

import expectations
import scripted
import toolchain
from scripted import ScriptedTest, each_clang
from toolchain import LIB, PROGRAMS, TIMEOUT_S

# What fib.c and same_name.c must show however they are linked.
FIB = ("calls fib 7049155", "edge main fib 1", "calls main 1", "callers main -",
       "run ended_by exit")
TWO = ("calls helper@same_name.c 3", "calls helper@same_name_other.c 5",
       "edge first helper@same_name.c 3", "edge second helper@same_name_other.c 5")


class Linking(ScriptedTest):
    def link(self, *sources, flags=(), libraries=None, plugin_flags=None):
        """Compiles and links in one step; the program's name is that of the first source."""
        program = self.here / pathlib.Path(sources[0]).stem
        used = self.mode.flags() if plugin_flags is None else ["-O2", "-g", *plugin_flags]
        toolchain.command([self.mode.compiler, *used, *flags, *(PROGRAMS / s for s in sources),
                           "-o", program,
                           *(self.mode.libraries() if libraries is None else libraries)])
        return program

    def run_fib(self, program, *expected, **more):
        self.assertEqual(self.run_well(program, **more).stdout, "2178309\n")
        self.expect("fib.tally", *FIB, *expected)

    @each_clang
    def test_static(self):
        program = self.link("fib.c", flags=["-static"], libraries=[f"-L{LIB}", "-ltally"])
        self.run_fib(program)
        self.assertNotIn("INTERP", toolchain.command(["readelf", "-lW", program]).stdout)

    @each_clang
    def test_static_pie(self):
        self.run_fib(self.link("fib.c", flags=["-static-pie"], libraries=[f"-L{LIB}", "-ltally"]))

    @each_clang
    def test_static_runtime(self):
        """libtally.a in an otherwise dynamic program."""
        self.run_fib(self.link("fib.c", libraries=[LIB / "libtally.a", "-pthread"]))

    @each_clang
    def test_no_pie(self):
        self.run_fib(self.link("fib.c", flags=["-no-pie", "-fno-pie"]))

    def test_static_hooks(self):
        self.skip_without(shutil.which("gcc"), "no gcc")
        self.mode = toolchain.Mode("hooks", "gcc", "O0")
        program = self.link("fib.c", flags=["-static"], libraries=[f"-L{LIB}", "-ltally"])
        self.run_fib(program, options=f"symbolizer={toolchain.BUILD}/bin/tally")

    def lto(self, kind):
        version = self.mode.version
        self.skip_without(shutil.which(f"ld.lld-{version}"), f"no lld-{version}")
        flags = [f"-flto={kind}", f"--ld-path=ld.lld-{version}"]
        self.run_fib(self.link("fib.c", flags=flags))
        program = self.link("same_name.c", "same_name_other.c", flags=flags)
        self.assertEqual(self.run_well(program).stdout, "9 70\n")
        self.expect("same_name.tally", *TWO)

    @each_clang
    def test_full_lto(self):
        self.lto("full")

    @each_clang
    def test_thin_lto(self):
        self.lto("thin")

    def linkers(self):
        """Flags for each linker there is."""
        version = self.mode.version
        found = [name for name in ("bfd", "gold", f"lld-{version}") if shutil.which(f"ld.{name}")]
        self.skip_without(found, "no linker by a name of its own")
        return [f"--ld-path=ld.{name}" for name in found]

    @each_clang
    def test_garbage_collected(self):
        """A function that is not called is not kept by what is said of it."""
        flags = ["-ffunction-sections", "-Wl,--gc-sections"]
        for linker in self.linkers():
            program = self.link("collected.c", flags=[*flags, linker])
            self.run_well(program)
            self.expect("collected.tally", "calls is_called 1", "calls main 1")
            self.assertNotIn("not_called", toolchain.command(["nm", program]).stdout)

    @each_clang
    def test_initialisers_in_groups(self):
        """What is said of a local function in a group goes with the group."""
        ways = [["-O0"], ["-O2"], ["-O2", "-fno-unique-section-names"],
                ["-O2", "-ffunction-sections", "-Wl,--gc-sections"]]
        sources = [PROGRAMS / f"shared_values{part}.cpp" for part in ("", "_other")]
        for flags in [[*way, linker] for linker in self.linkers() for way in ways]:
            program = self.here / "shared_values"
            toolchain.compile_program(self.mode, sources, program, ["-std=c++17", *flags])
            self.assertEqual(self.run_well(program).stdout, "310 310\n")
            self.expect("shared_values.tally", "calls initial 7", "calls sum_of_values 2",
                        "edge sum_elsewhere sum_of_values 1", "edge main sum_of_values 1")

    @each_clang
    def test_what_keeps_all_registers_is_bound_at_once(self):
        """Lazy binding does not keep r10, which the code around the call may rely on."""
        for flags in (["-fno-pie", "-no-pie"], ["-fPIE", "-pie"], ["-fPIC", "-shared"]):
            with self.subTest(flags=flags):
                program = self.link("fib.c", flags=[*flags, "-Wl,-z,lazy"])
                bound = toolchain.command(["readelf", "--wide", "--relocs", program]).stdout
                for name in ("__tally_enter_slow", "__tally_time_entry", "__tally_time_exit"):
                    self.assertRegex(bound, rf"R_X86_64_GLOB_DAT\S* .*{name}")
                    self.assertNotRegex(bound, rf"R_X86_64_JUMP_SLO\S* .*{name}")

    @each_clang
    def test_stripped(self):
        """Names and lines are in the descriptors, not in the symbol table."""
        program = self.link("fib.c")
        self.skip_without(shutil.which("strip"), "no strip")
        toolchain.command(["strip", "--strip-all", program])
        self.assertEqual(toolchain.command(["nm", program]).stdout, "")
        line = expectations.parse(PROGRAMS / "fib.c")[1]["fib_stands_here"]
        self.run_fib(program, "linkage fib fib", f"declared fib fib.c {line}")

    @each_clang
    def test_named_as_a_pass_plugin(self):
        flags = [f"-fpass-plugin={toolchain.plugin(self.mode.version)}"]
        self.run_fib(self.link("fib.c", plugin_flags=flags))

    @each_clang
    def test_named_both_ways(self):
        path = toolchain.plugin(self.mode.version)
        flags = [f"-fpass-plugin={path}", f"-fplugin={path}"]
        self.run_fib(self.link("fib.c", plugin_flags=flags))

    @each_clang
    def test_separate_steps(self):
        """Objects from assembler text, from IR, and an archive of them."""
        flags = [*self.mode.flags(), "-c", "-o"]
        first, second = self.here / "first.o", self.here / "second.o"
        toolchain.command([self.mode.compiler, *flags[:-2], "-S", "-o", self.here / "first.s",
                           PROGRAMS / "same_name.c"])
        toolchain.command([self.mode.compiler, "-c", self.here / "first.s", "-o", first])
        toolchain.command([self.mode.compiler, *flags, second, PROGRAMS / "same_name_other.c"])
        toolchain.command(["ar", "rcs", self.here / "libsecond.a", second])
        program = self.here / "same_name"
        toolchain.command([self.mode.compiler, first, self.here / "libsecond.a", "-o", program,
                           *self.mode.libraries()])
        self.assertEqual(self.run_well(program).stdout, "9 70\n")
        self.expect("same_name.tally", *TWO)

    @each_clang
    def test_partly_instrumented(self):
        """Plain objects between: what they call is there, and they are not."""
        plain = self.here / "plain.o"
        toolchain.command([self.mode.compiler, "-O2", "-c", PROGRAMS / "same_name_other.c", "-o",
                           plain])
        program = self.here / "same_name"
        toolchain.compile_program(self.mode, [PROGRAMS / "same_name.c", plain], program)
        self.run_well(program)
        self.expect("same_name.tally", TWO[0], TWO[2], "absent second", "calls main 1",
                    "absent helper@same_name_other.c")

    @each_clang
    def test_other_abi_version(self):
        """An object for another version of the runtime does not link, and the linker says why."""
        text, other = self.here / "fib.s", self.here / "fib.o"
        toolchain.command([self.mode.compiler, *self.mode.flags(), "-S", PROGRAMS / "fib.c", "-o",
                           text])
        symbol = "__tally_runtime_of_abi_version_{}_is_required"
        self.assertIn(symbol.format(4), text.read_text())
        text.write_text(text.read_text().replace(symbol.format(4), symbol.format(3)))
        toolchain.command([self.mode.compiler, "-c", text, "-o", other])
        for libraries in (self.mode.libraries(), [LIB / "libtally.a"]):
            linked = subprocess.run(
                [str(word) for word in (self.mode.compiler, other, "-o", self.here / "fib",
                                        *libraries)],
                capture_output=True, text=True, check=False, timeout=TIMEOUT_S)
            self.assertNotEqual(linked.returncode, 0)
            self.assertIn(symbol.format(3), linked.stderr)

    @each_clang
    def test_compiled_by_pipe(self):
        """A source without a file has a name all the same."""
        program = self.here / "fib"
        source = (PROGRAMS / "fib.c").read_text()
        done = subprocess.run([str(w) for w in (self.mode.compiler, *self.mode.flags(), "-xc", "-",
                                                "-o", program, *self.mode.libraries())],
                              input=source, capture_output=True, text=True, check=False,
                              timeout=TIMEOUT_S)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.run_fib(program)


if __name__ == "__main__":
    scripted.main()
