"""Who counts the calls of a program: Tally, and three that share nothing with it.

    Callgrind   valgrind's simulation of the plain program, -O0       calls, edges
    Gcov        gcc --coverage, -O0                                   calls
    Stub        gcc -finstrument-functions with stub.c, -O0           calls, edges
    Tally       the plugin and the hooks, at any level                calls, edges

Each says how a program is compiled and run for it, and reads what it left into Counts.
"""

import collections
import dataclasses
import json
import pathlib
import re
import subprocess

import toolchain
from toolchain import Failure

HERE = pathlib.Path(__file__).parent
# Losses that are no loss of counts: time below zero cut off, frames left by longjmp or exceptions.
USUAL_LOSSES = {"clamped_ns", "clamped_contexts", "exits_unmatched"}


@dataclasses.dataclass(frozen=True, order=True)
class Function:
    name: str  # to the linker
    file: str  # without directory; tells static namesakes apart

    def __str__(self):
        return f"{self.name} ({self.file})" if self.file else self.name


OUTSIDE = Function("outside the program", "")  # a caller: the C library, the system


class Counts:
    """How often each function was called, and by whom."""

    def __init__(self):
        self.calls = collections.Counter()
        self.edges = collections.Counter()

    def add(self, caller, callee, calls):
        self.calls[callee] += calls
        self.edges[caller, callee] += calls

    def renamed(self, new_name):
        """The same with functions told apart by new_name(function) only."""
        counts = Counts()
        for function, calls in self.calls.items():
            counts.calls[new_name(function)] += calls
        for (caller, callee), calls in self.edges.items():
            new_caller = caller if caller == OUTSIDE else new_name(caller)
            counts.edges[new_caller, new_name(callee)] += calls
        return counts


# valgrind 3.19 does not know all of clang-19's DWARF 5, and addr2line 2.40 names wrong files by it.
READABLE = "-gdwarf-4"
# At -O0, too, such functions are inlined, and nobody but Tally would see them called.
NOTHING_INLINED = "-Dalways_inline=noinline"


class Counter:
    has_edges = True
    # Whether a call-back's caller is the program's function that called the library.
    sees_through_libraries = True

    def __init__(self, mode):
        self.mode = mode

    def __str__(self):
        return f"{type(self).__name__.lower()} {self.mode.compiler}"

    def flags(self, program, directory):
        """For the compiler; `directory` is for whatever has to be made first."""
        del program, directory
        return []

    def prefix(self):
        return []

    def read(self, directory, program):
        raise NotImplementedError


class Callgrind(Counter):
    """What belongs to the program: functions of its file that have source lines. That leaves out
    the C library, PLT entries, and the start-up code that every program is linked with."""
    sees_through_libraries = False  # only who made the call itself

    def __init__(self, compiler):
        super().__init__(toolchain.Mode("plain", compiler, "O0"))

    def flags(self, program, directory):
        return [NOTHING_INLINED, READABLE, "-include", HERE / "gap.h"]

    def prefix(self):
        return ["valgrind", "-q", "--tool=callgrind", "--callgrind-out-file=callgrind.out",
                "--demangle=no", "--compress-strings=no", "--compress-pos=no"]

    def read(self, directory, program):
        counts, place = Counts(), {"ob": "", "fl": ""}
        with open(directory / "callgrind.out", encoding="utf-8", errors="replace") as file:
            for line in file:
                key, _, value = line.rstrip("\n").partition("=")
                if key in ("fl", "fi", "fe"):
                    place["fl"] = value
                elif key == "ob":
                    place["ob"] = value
                elif key == "fn":
                    caller = self.function(value, place["ob"], place["fl"], program)
                    place |= {"cob": place["ob"], "cfl": place["fl"]}
                elif key in ("cob", "cfl", "cfi"):
                    place["cob" if key == "cob" else "cfl"] = value
                elif key == "cfn":
                    callee = self.function(value, place["cob"], place["cfl"], program)
                elif key == "calls":
                    if callee != OUTSIDE:
                        counts.add(caller, callee, int(value.split()[0]))
                    place |= {"cob": place["ob"], "cfl": place["fl"]}
        return counts

    @staticmethod
    def function(name, object_file, source_file, program):
        if pathlib.Path(object_file).name != program or source_file == "???":
            return OUTSIDE
        # A function that longjmp left open is name'2 when it is called again.
        return Function(re.sub(r"'\d+$", "", name), pathlib.PurePath(source_file).name)


class Gcov(Counter):
    has_edges = False

    def __init__(self):
        super().__init__(toolchain.Mode("plain", "gcc", "O0"))

    def flags(self, program, directory):
        return [NOTHING_INLINED, "--coverage", *program.flags_for_gcov]

    def read(self, directory, program):
        counts = Counts()
        out = toolchain.command(["gcov", "--json-format", "--stdout",
                                 *sorted(directory.glob("*.gcda"))], cwd=directory).stdout
        for file in [file for line in out.splitlines() for file in json.loads(line)["files"]]:
            lines = {(line.get("function_name"), line["line_number"]): line["count"]
                     for line in file["lines"]}
            for function in file["functions"]:
                key = Function(function["name"], pathlib.PurePath(file["file"]).name)
                counts.calls[key] += self.calls(function, lines)
        return counts

    @staticmethod
    def calls(function, lines):
        """gcov takes what computed goto and __builtin_longjmp do for calls of the function they are
        in. The count of the line it begins on is free of that, but has the loops on that line, and
        gotos back to the first statement."""
        entered = function["execution_count"]
        return min(entered, lines.get((function["name"], function["start_line"]), entered))


class Stub(Counter):
    def __init__(self):
        super().__init__(toolchain.Mode("plain", "gcc", "O0"))

    def flags(self, program, directory):
        stub = directory / "stub.o"
        toolchain.command(["gcc", "-O2", "-Wall", "-Wextra", "-c", HERE / "stub.c", "-o", stub])
        return [NOTHING_INLINED, READABLE, "-finstrument-functions", stub]

    def read(self, directory, program):
        lines = [line.split() for line in (directory / "stub.counts").read_text().splitlines()]
        names = self.names(directory / program, {address for line in lines for address in line[:2]})
        counts = Counts()
        for callee, caller, calls in lines:
            counts.add(names[caller], names[callee], int(calls))
        return counts

    @staticmethod
    def names(executable, addresses):
        addresses = sorted(addresses - {"0"})
        out = subprocess.run(["addr2line", "-f", "-e", executable], input="\n".join(addresses),
                             capture_output=True, text=True, check=True).stdout.splitlines()
        files = [pathlib.PurePath(line.rpartition(":")[0]).name for line in out[1::2]]
        return {"0": OUTSIDE} | dict(zip(addresses, map(Function, out[::2], files), strict=True))


class Tally(Counter):
    def __str__(self):
        return f"tally {self.mode}"

    def read(self, directory, program):
        profile, run_json = toolchain.read_profile(directory / f"{program}.tally")
        losses = {k: v for k, v in run_json["losses"].items() if v and k not in USUAL_LOSSES}
        if losses:
            raise Failure(f"losses: {losses}")
        counts = Counts()
        for sample in profile.samples:
            if sample.calls:
                callee, *callers = [self.function(frame) for frame in sample.frames[:2]]
                counts.add(callers[0] if callers else OUTSIDE, callee, sample.calls)
        return counts

    @staticmethod
    def function(frame):
        return Function(frame.linkage_name or frame.name, pathlib.PurePath(frame.file).name)
