"""The ways a program is built and run: plain, with Tally, with each peer.

A Variant is one column of the comparison. Its baseline is the plain variant of the same compiler:
ratios never compare two compilers. Programs are compiled at -O2 -g by all.

uftrace runs the very binary gprof does, gcc -pg: libmcount takes the place of libc's mcount. It is
asked for the program's own functions only (--no-libcall), which is what the others record.
"""
import concurrent.futures
import json
import os
from dataclasses import dataclass
from pathlib import Path

from .system import BenchError, Places, is_installed, run

CLANGS = ("clang-19", "clang-16", "clang-14")
FLAGS = ["-O2", "-g"]


@dataclass(frozen=True)
class Variant:
    tool: str  # plain, tally plugin, tally hooks, gprof, uftrace
    compiler: str
    is_slow: bool = False  # measured in few rounds: takes minutes, or gigabytes

    @property
    def key(self) -> str:
        return f"{self.tool}/{self.compiler}"

    @property
    def baseline(self) -> str:
        return f"plain/{self.compiler}"

    @property
    def is_tally(self) -> bool:
        return self.tool.startswith("tally")

    @property
    def binary(self) -> str:
        """Name of what is compiled; uftrace and gprof share one."""
        kind = {"gprof": "pg", "uftrace": "pg"}.get(self.tool, self.tool.replace(" ", "-"))
        return f"{kind}-{self.compiler}"

    def compile_command(self, places: Places) -> list[str]:
        if self.is_tally:
            return [str(places.tally_cc), *FLAGS]
        if self.binary.startswith("pg-"):
            return [self.compiler, *FLAGS, "-pg"]
        return [self.compiler, *FLAGS]

    def environment(self, directory: Path) -> dict[str, str]:
        """For compiling and for running, in `directory`."""
        environment = dict(os.environ, LC_ALL="C", GMON_OUT_PREFIX=str(directory / "gmon"))
        environment["TALLY_OPTIONS"] = f"out={directory}/run.tally"
        environment["TALLY_CC"] = self.compiler
        return environment

    def run_command(self, program: Path, arguments: list[str], directory: Path) -> list[str]:
        command = [str(program), *arguments]
        if self.tool == "uftrace":
            return ["uftrace", "record", "--no-pager", "--no-libcall", "-d",
                    str(directory / "uftrace"), *command]
        return command


def variants(places: Places, quick: bool) -> tuple[list[Variant], list[str]]:
    """All that can be measured here, plain ones first, and a line for each that cannot."""
    found, missing = [], []
    clangs = []
    for clang in CLANGS:
        plugin = places.build / "lib" / "tally" / clang.replace("clang", "llvm") / "tally.so"
        if not is_installed(clang):
            missing.append(f"{clang}: not installed")
        elif not plugin.exists():
            missing.append(f"{clang}: Tally was built without a plugin for it")
        else:
            clangs.append(clang)
    if quick and len(clangs) > 1:
        missing.append(f"{', '.join(clangs[1:])}: left out by --quick")
        clangs = clangs[:1]
    has_gcc = is_installed("gcc")
    compilers = [*clangs, *(["gcc"] if has_gcc else [])]
    if not compilers:
        raise BenchError("no compiler to measure with: neither gcc nor a clang with a plugin")
    found += [Variant("plain", compiler) for compiler in compilers]
    found += [Variant("tally plugin", clang) for clang in clangs]
    if not has_gcc:
        return found, [*missing, "tally hooks, gprof, uftrace: gcc is not installed"]
    found += [Variant("tally hooks", "gcc"), Variant("gprof", "gcc")]
    if is_installed("uftrace"):
        found.append(Variant("uftrace", "gcc", is_slow=True))
    else:
        missing.append("uftrace: not installed (Debian package uftrace)")
    return found, missing


@dataclass(frozen=True)
class Recipe:
    """What is compiled, the same for all variants."""
    name: str
    sources: tuple[Path, ...]
    flags: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()


def _stamp(command: list[str], inputs: list[Path]) -> str:
    return json.dumps([command, [[str(path), path.stat().st_mtime_ns] for path in inputs]])


def compile_program(places: Places, recipe: Recipe, variant: Variant) -> Path:
    """The program, compiled unless what stands was made from the same inputs."""
    directory = places.builds / recipe.name
    directory.mkdir(exist_ok=True)
    program, stamp_file = directory / variant.binary, directory / f"{variant.binary}.stamp"
    command = [*variant.compile_command(places), *recipe.flags, "-o", str(program),
               *map(str, recipe.sources), *recipe.libraries]
    inputs = [*recipe.sources]
    if variant.is_tally:
        inputs += [places.tally_cc, places.build / "lib" / "libtally.so",
                   *sorted((places.build / "lib" / "tally").glob("*/tally.so"))]
    stamp = _stamp(command, inputs)
    if not (program.exists() and stamp_file.exists() and stamp_file.read_text() == stamp):
        stamp_file.unlink(missing_ok=True)
        run(command, env=variant.environment(directory))
        stamp_file.write_text(stamp)
    return program


def compile_all(places: Places, recipe: Recipe, todo: list[Variant]) -> dict[str, Path]:
    """The program of each variant by its key; those of one binary are compiled once."""
    binaries = {variant.binary: variant for variant in todo}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = {binary: pool.submit(compile_program, places, recipe, variant)
                for binary, variant in binaries.items()}
        return {variant.key: jobs[variant.binary].result() for variant in todo}


def text_bytes(program: Path) -> int:
    """Size of the section .text: code only."""
    for line in run(["size", "-A", program]).splitlines():
        words = line.split()
        if words and words[0] == ".text":
            return int(words[1])
    raise BenchError(f"{program}: no section .text")
