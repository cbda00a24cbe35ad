"""Random programs: what csmith is asked for, and whether a program is fit to be compared."""

import dataclasses
import functools
import pathlib
import re
import shutil

import counts
import toolchain
from toolchain import Failure

HERE = pathlib.Path(__file__).parent

# What programs are like, in turn by seed. Left to itself csmith makes few and large functions. The
# last two tempt an optimiser to leave calls out: functions without side effects, unused results.
SHAPES = (
    "--max-block-depth 3 --max-expr-complexity 8 --max-funcs 30 --inline-function",
    "--max-block-depth 3 --max-block-size 3 --max-expr-complexity 5 --max-funcs 30 "
    "--inline-function --inline-function-prob 90 --no-arrays --no-structs --no-unions",
    "--max-block-depth 2 --max-block-size 2 --max-expr-complexity 4 --max-funcs 40 "
    "--inline-function",
    "--max-block-depth 3 --inline-function --no-global-variables --no-volatiles",
    "--max-block-depth 3 --max-funcs 15 --no-checksum --no-volatiles --no-jumps",
)
FEWEST_FUNCTIONS = 3  # of its own, all of which csmith calls func_N
PLAIN = toolchain.Mode("plain", "gcc", "O0", debug=False)
GENERATION_S = 20  # of processor time; seldom csmith does not end


class Unfit(Exception):
    """A program that is replaced by the next one; the message says why."""


@functools.cache
def include_directory():
    for header in sorted(pathlib.Path("/usr/include").glob("csmith*/csmith.h")):
        if shutil.which("csmith"):
            return header.parent
    raise Failure("csmith and its headers are needed: apt-get install csmith libcsmith-dev")


def run_limited(words, cwd, seconds, what):
    """Runs a program that must end well within so much processor time."""
    ran = toolchain.run(["prlimit", f"--cpu={seconds}", *words], cwd)
    if ran.status in (-9, -24):  # SIGKILL, SIGXCPU
        raise Unfit(f"{what} takes longer than {seconds} s")
    if ran.status != 0:
        raise Unfit(f"{what} ends with status {ran.status}")
    return ran


@dataclasses.dataclass
class Program:
    seed: int
    where: pathlib.Path

    @property
    def options(self):
        return ["--seed", str(self.seed), "--concise", *SHAPES[self.seed % len(SHAPES)].split()]

    @property
    def source(self):
        return self.where / "program.c"

    def generate(self):
        run_limited(["csmith", *self.options, "--output", self.source], self.where, GENERATION_S,
                    "csmith itself")
        self.require_functions(re.findall(r"\bfunc_\d+", self.source.read_text()), "has")

    @staticmethod
    def require_functions(names, verb):
        if len({name for name in names if name.startswith("func_")}) < FEWEST_FUNCTIONS:
            raise Unfit(f"the program {verb} fewer than {FEWEST_FUNCTIONS} functions")

    def compile(self, mode, name, extra=()):
        """The program built in this way, in a directory of its own."""
        directory = self.where / name
        directory.mkdir()
        toolchain.compile_program(mode, [self.source], directory / "program",
                                  ["-w", f"-I{include_directory()}", *extra])
        return directory / "program"

    def run_plain(self, seconds):
        program = self.compile(PLAIN, "plain")
        return run_limited([program], program.parent, seconds, "the plain program")

    def count_independently(self, hooks, seconds):
        """What is true: Counts by gcc's hooks, without optimisation and with nothing of Tally's."""
        program = self.compile(PLAIN, "counted", ["-finstrument-functions", "-no-pie", hooks])
        run_limited([program], program.parent, seconds, "the counting program")
        truth = counts.of_counting_hooks(program)
        self.require_functions(truth.functions(), "calls")
        return truth


def compile_counting_hooks(directory):
    output = directory / "counting_hooks.o"
    toolchain.command(["gcc", "-O2", "-c", HERE / "counting_hooks.c", "-o", output])
    return output
