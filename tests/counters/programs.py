"""The programs whose calls are counted: all deterministic, of one thread and one stack."""

import dataclasses
import functools
import pathlib
import re

import run_programs
import sources
import toolchain

HERE = pathlib.Path(__file__).parent
DEMO = HERE.parents[1] / "demo"

KNOWN_ANSWERS = ("callbacks.c", "fib.c", "frames.c", "indirect.c", "inlined.c", "jumps.c",
                 "linkage.c", "mutual.c", "pure.c", "same_name.c", "tail.c", "tail_loop.c",
                 "classes.cpp", "exceptions.cpp")


@dataclasses.dataclass(frozen=True)
class Program:
    name: str
    sources: tuple
    flags: tuple = ()
    runs: tuple = ((),)  # the arguments of each
    noise: str = r"$^"  # what differs from run to run in what it prints
    flags_for_gcov: tuple = ()

    @property
    def is_cxx(self):
        return any(str(source).endswith(".cpp") for source in self.sources)

    def says(self, pattern):
        return any(re.search(pattern, source.read_text()) for source in self.sources)

    @functools.cache
    def unfit_for(self, mode):
        """Why what this program does is not all known to the hooks; empty if it is."""
        if mode.kind != "hooks":
            return ""
        if mode.level != "O0" and self.says(r"__attribute__\(\((pure|const)\b"):
            return "it promises purity"  # which gcc believes before it puts in its hooks
        return "it jumps unseen" if self.says(r"\b__builtin_longjmp\b") else ""

    def output(self, text):
        return re.sub(self.noise, "…", text, flags=re.MULTILINE)


def known_answers(file_name):
    """A program of the end-to-end tests, compiled as it says there."""
    described = run_programs.Program(toolchain.PROGRAMS / file_name)
    others = [toolchain.PROGRAMS / name for name in described.get("WITH")]
    return Program(described.path.stem, (described.path, *others), tuple(described.get("FLAGS")))


def demo():
    libraries = toolchain.command(["pkg-config", "--cflags", "--libs", "libpcre2-8", "libcrypto",
                                   "jansson"]).stdout.split()
    flags = ("-D_GNU_SOURCE", '-DTALLY_DEMO_VERSION="0"', f"-I{DEMO}", "-pthread", *libraries)
    return Program("demo", tuple(sorted(DEMO.glob("*/*.c"))), flags,
                   (("documents", "--quiet", "--count", "4"),
                    ("documents", "--quiet", "--optimised", "--count", "4"),
                    ("documents", "--quiet", "--json", "--count", "2", "--repeat", "2")),
                   noise=r"^Elapsed .*$|\"elapsed_ns\": \d+")


def lua(scripts):
    recipe = sources.recipe("lua")
    # The pinned header stands before each source; the scripts' own path is in Lua's memory.
    return Program("lua", recipe.sources,
                   (f"-I{recipe.sources[0].parent}", "-include", str(HERE / "lua_pinned.h"),
                    *recipe.flags, *recipe.libraries),
                   tuple((str(script),) for script in scripts),
                   # The same interpreter without computed goto, which gcov takes for calls.
                   flags_for_gcov=("-DLUA_USE_JUMPTABLE=0",))


def sqlite():
    recipe = sources.recipe("sqlite")
    # One program for every compiler, and for valgrind, which computes long double as double.
    the_same = ("-DSQLITE_DISABLE_INTRINSIC", "-DLONGDOUBLE_TYPE=double")
    return Program("speedtest1", recipe.sources, (*the_same, *recipe.flags, *recipe.libraries),
                   (("--size", "10", "--verify", "test.db"),
                    ("--size", "5", "--verify", "--testset", "cte", "--nosync", "test.db"),
                    ("--size", "10", "--verify", "--testset", "orm", "--memdb"),
                    ("--size", "5", "--verify", "--testset", "fp", "--nosync", "test.db")),
                   noise=r" *\d+\.\d+s$")


GROUPS = {
    "known": lambda: [known_answers(name) for name in KNOWN_ANSWERS],
    "demo": lambda: [demo()],
    "lua": lambda: [lua(sorted((HERE / "lua").glob("*.lua")))],
    "sqlite": lambda: [sqlite()],
}
