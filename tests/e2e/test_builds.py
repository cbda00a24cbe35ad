"""However a program is built, its profile is the same: each is compared with the usual build's."""

import collections
import shutil

import scripted
import toolchain
from scripted import ScriptedTest, each_clang
from toolchain import LIB, PROGRAMS

SOURCES = (PROGRAMS / "builds.c", PROGRAMS / "builds_other.c")

# Flags, for the compiler and for the linker alike.
ANY_COMPILER = (
    "-fPIC -fno-plt", "-fPIC -fno-semantic-interposition", "-fPIE -pie", "-fno-pie -no-pie",
    "-mcmodel=medium", "-fvisibility=hidden",
    "-ffunction-sections -fdata-sections -Wl,--gc-sections",
    "-fcf-protection=full", "-fstack-protector-all", "-fstack-clash-protection", "-mno-red-zone",
    "-fomit-frame-pointer", "-fno-omit-frame-pointer", "-D_FORTIFY_SOURCE=2",
    "-O0", "-O1", "-Os", "-O3 -funroll-loops", "-O3 -mavx2 -ffast-math", "-fno-inline",
    "-fno-optimize-sibling-calls", "-fexceptions", "-gsplit-dwarf", "-gdwarf-4",
    "-Wl,-z,now,-z,relro", "-Wl,-z,lazy,--build-id=none")
ONLY_CLANG = (
    "-Oz", "-fno-integrated-as", "-fdebug-info-for-profiling", "-ftrivial-auto-var-init=pattern",
    "-mllvm -enable-merge-functions", "-mllvm -hot-cold-split=true",
    "-mllvm -enable-machine-outliner=always")
ONLY_LLD = (
    "-ffunction-sections -Wl,--icf=all", "-ffunction-sections -Wl,--icf=all,--gc-sections",
    "-fbasic-block-sections=all", "-flto=full", "-flto=thin", "-flto=full -O3",
    "-flto=thin -Wl,--icf=all", "-flto=thin -O0")
MIXED_LTO = (  # of one file, of the other, at the link
    ("-O0 -flto=full", "-O2 -flto=full", "-flto=full"), ("-O2 -flto=thin", "-O0", "-flto=thin"),
    ("-O0 -flto=thin", "-O3 -flto=thin", "-flto=thin"), ("-Os", "-O3 -flto=full", "-flto=full"))
SANITIZED = (
    "-fsanitize=address", "-fsanitize=address -O0", "-fsanitize=undefined", "-fsanitize=thread",
    "-fsanitize=safe-stack", "-fsanitize=bounds -fsanitize-trap=all",
    "-fprofile-instr-generate -fcoverage-mapping")
STATIC = ("-static", "-static-pie", "-static -O0", "-static -O3 -fPIC -s")
ONLY_GCC = ("-flto", "-O3 -fipa-icf -fipa-cp-clone -fipa-pta", "-fprofile-arcs", "-O1 --coverage",
            "-O3 -freorder-blocks-and-partition")


def difference(got, wanted):
    """The stacks of which there are more or fewer than there should be."""
    return sorted(f"{' < '.join(f'{name}:{line}' for name, line in stack)}: "
                  f"{got[stack]} instead of {wanted[stack]}"
                  for stack in got.keys() | wanted.keys() if got[stack] != wanted[stack])


def simplified(stacks, simplify):
    out = collections.Counter()
    for stack, calls in stacks.items():
        out[simplify(stack)] += calls
    return out


def without_lines(stack):
    return tuple((name, 0) for name, _ in stack)


def callee_and_caller(stack):
    return without_lines(stack[:2])


class Builds(ScriptedTest):
    def compile(self, flags, sources=SOURCES, libraries=None):
        program = self.here / "builds"
        toolchain.command([self.mode.compiler, *self.mode.flags(), *sources, *flags, "-pthread",
                           "-o", program, *(libraries or self.mode.libraries())], cwd=self.here)
        return program

    def stacks(self, program):
        """{((function, line), …): calls} of a run. Of hooks only who calls whom: the lines in
        inlined code, and hence the paths through inlined recursion, are not known to them."""
        ran = self.run_well(program, environment={"LLVM_PROFILE_FILE": "/dev/null"})
        self.assertEqual(ran.stdout, self.printed)
        comparison, run_json = self.read("builds.tally")
        losses = {key for key, value in run_json["losses"].items() if value}
        self.assertLessEqual(losses, {"clamped_ns", "clamped_contexts", "exits_unmatched"})
        out = collections.Counter()
        for sample in comparison.samples:
            out[tuple((frame.name, frame.line) for frame in sample.frames)] += sample.calls
        return simplified(out, callee_and_caller) if self.mode.kind == "hooks" else out

    def usual(self):
        """Makes the build that the others are compared with."""
        plain = self.build_plain(*(source.name for source in SOURCES), extra=["-pthread"])
        self.printed = self.run_well(plain).stdout
        self.wanted = self.stacks(self.compile([]))
        self.expect("builds.tally", "calls helper@builds.c 310", "calls helper@builds_other.c 120",
                    "edge reduce helper@builds_other.c 60", "calls twin 222", "calls main 1",
                    "edge called_back twin 140", "calls other_twin 80", "absent never_called")

    def same(self, flags, sources=SOURCES, libraries=None, simplify=lambda stack: stack):
        """A build whose stacks, made as simple as is known of it, are those of the usual build."""
        with self.subTest(flags=" ".join(flags)):
            got = self.stacks(self.compile(flags, sources, libraries))
            self.assertEqual(difference(simplified(got, simplify),
                                        simplified(self.wanted, simplify)), [])

    def test_compiler_flags(self):
        self.usual()
        for flags in ANY_COMPILER + ONLY_CLANG:
            self.same(flags.split())

    def test_compiler_flags_with_hooks(self):
        self.skip_without(shutil.which("gcc"), "no gcc")
        self.mode = toolchain.Mode("hooks", "gcc")
        self.usual()
        for flags in ANY_COMPILER + ONLY_GCC:
            self.same(flags.split())

    @each_clang
    def test_linker_flags(self):
        self.usual()
        linker = f"ld.lld-{self.mode.version}"
        self.skip_without(shutil.which(linker), f"no {linker}")
        for flags in ONLY_LLD:
            self.same([*flags.split(), f"--ld-path={linker}"])

    @each_clang
    def test_lto_of_mixed_levels(self):
        """Objects of -O0 and -O2, of machine code and of either LTO, in one program."""
        self.usual()
        linker = f"ld.lld-{self.mode.version}"
        self.skip_without(shutil.which(linker), f"no {linker}")
        for first, second, link in MIXED_LTO:
            objects = [self.here / "first.o", self.here / "second.o"]
            for source, output, flags in zip(SOURCES, objects, (first, second)):
                toolchain.command([self.mode.compiler, *self.mode.flags(), *flags.split(), "-c",
                                   source, "-o", output])
            self.same([link, f"--ld-path={linker}"], sources=objects)

    @each_clang
    def test_sanitized(self):
        """The program's own sanitizers and coverage beside the counting."""
        self.usual()
        for flags in SANITIZED:
            self.same(flags.split())

    def test_less_debug_information(self):
        self.usual()
        for flag in ("-g0", "-g1", "-gline-directives-only"):
            self.same([flag], simplify=without_lines)

    def test_stripped(self):
        self.usual()
        for flags in ("-s", "-s -ffunction-sections -Wl,--gc-sections"):
            self.same(flags.split())

    def test_static(self):
        self.usual()
        for flags in STATIC:
            self.same(flags.split(), libraries=[f"-L{LIB}", "-ltally"])


if __name__ == "__main__":
    scripted.main()
