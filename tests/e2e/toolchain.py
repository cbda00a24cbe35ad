"""What is installed, how programs are compiled with it, and how they are run.

    kind      compiled by                 counted by
    plugin    clang -fplugin=tally.so     the plugin's inline code
    hooks     gcc, clang                  -finstrument-functions
    plain     gcc, clang                  nobody: what the others' behaviour is compared with
"""

import dataclasses
import functools
import json
import os
import pathlib
import shutil
import subprocess

import pprof_decode

HERE = pathlib.Path(__file__).parent
PROGRAMS = HERE / "programs"
BUILD = pathlib.Path(os.environ.get("TALLY_TEST_BUILD_DIRECTORY", ".")).resolve()
INCLUDE = pathlib.Path(os.environ.get("TALLY_TEST_INCLUDE", HERE.parent.parent / "rt/include"))
LIB = BUILD / "lib"
TIMINGS = ("exact", "adaptive", "off")  # the first is what a run has that is not told otherwise
TIMEOUT_S = 120  # of a program that hangs, not of one that is slow


class Failure(Exception):
    """Something is not as it must be; the message says what."""


@functools.cache
def llvm_versions():
    """Versions with both a clang and a plugin built for it, oldest first."""
    return [v for v in (14, 16, 19) if shutil.which(f"clang-{v}") and plugin(v).exists()]


def plugin(version):
    return LIB / f"tally/llvm-{version}/tally.so"


@functools.cache
def missing():
    """What is not tested here, one line each."""
    lines = [f"no clang-{v} with a plugin for it" for v in (14, 16, 19) if v not in llvm_versions()]
    if not shutil.which("gcc"):
        lines.append("no gcc")
    if not (BUILD / "bin/tally").exists():
        lines.append("no bin/tally, which names what -finstrument-functions programs call")
    return lines


@dataclasses.dataclass(frozen=True)
class Mode:
    """One way of compiling."""
    kind: str
    compiler: str  # gcc, clang-14 …
    level: str = "O2"
    debug: bool = True
    timing: str = ""  # that the plugin fixes in the code; or "": the run chooses

    def __str__(self):
        timing = f" timing={self.timing}" if self.timing else ""
        return f"{self.kind} {self.compiler} -{self.level}{' -g' if self.debug else ''}{timing}"

    @property
    def version(self):
        return int(self.compiler.split("-")[1])

    @property
    def traits(self):
        """The words that conditions of expectations may use."""
        family = self.compiler.split("-")[0]
        named = self.debug or self.kind != "hooks"
        return {self.kind, self.compiler, family, self.level, *["g"] * self.debug,
                *["named"] * named}

    def plain(self):
        return dataclasses.replace(self, kind="plain", level="O2", debug=False, timing="")

    def driver(self, is_cxx):
        if not is_cxx:
            return self.compiler
        return self.compiler.replace("gcc", "g++").replace("clang", "clang++")

    def flags(self):
        """What makes a program counted, and how it is optimised."""
        flags = [f"-{self.level}"] + (["-g"] if self.debug else [])
        if "clang" in self.compiler:
            flags.append("-fno-crash-diagnostics")  # they are files in /tmp
        if self.kind == "plugin":
            flags.append(f"-fplugin={plugin(self.version)}")
            if self.timing:
                flags.append(f"-fplugin-arg-tally-timing={self.timing}")
            if self.version < 19:  # as tally-c++ does
                flags += ["-Xclang", "-mno-constructor-aliases"]
        elif self.kind == "hooks":
            flags.append("-finstrument-functions")
        else:
            flags.append("-DPLAIN")
        return flags

    def libraries(self):
        if self.kind == "plain":
            return []
        return [f"-L{LIB}", "-ltally", f"-Wl,-rpath,{LIB}"]


@functools.cache
def modes(kinds=("plugin", "hooks"), breadth="full"):
    """The matrix. full: every level; usual: fewer of the clangs between; few: one of each kind."""
    installed, out = llvm_versions(), []
    for version in installed if "plugin" in kinds else []:
        compiler = f"clang-{version}"
        levels = ["O0", "O1", "O2", "O3", "Os"]
        if breadth == "usual" and version != installed[-1]:
            levels = ["O0", "O2"] if version == installed[0] else ["O3"]
        elif breadth == "few":
            levels = {installed[-1]: ["O2"], installed[0]: ["O0"]}.get(version, [])
        out += [Mode("plugin", compiler, level) for level in levels]
        if breadth == "full" or version == installed[-1]:
            out.append(Mode("plugin", compiler, "O2", debug=False))
    if "plugin" in kinds and breadth == "full" and installed:
        out += [Mode("plugin", f"clang-{installed[i % len(installed)]}", timing=timing)
                for i, timing in enumerate(TIMINGS)]
    if "hooks" in kinds and (BUILD / "bin/tally").exists():
        compilers = ["gcc"] if shutil.which("gcc") else []
        if breadth != "few":
            compilers += [f"clang-{v}" for v in (installed[:1] + installed[-1:])[:len(installed)]]
        levels = ["O2"] if breadth == "few" else ["O0", "O2"]
        out += [Mode("hooks", compiler, level) for compiler in compilers for level in levels]
        if breadth == "full":
            out += [Mode("hooks", compiler, "O2", debug=False) for compiler in compilers]
    return out


def newest():
    return Mode("plugin", f"clang-{llvm_versions()[-1]}")


def command(words, **options):
    """Runs a tool that must succeed."""
    words = [str(word) for word in words]
    done = subprocess.run(words, capture_output=True, text=True, errors="replace", check=False,
                          stdin=subprocess.DEVNULL, timeout=TIMEOUT_S, **options)
    if done.returncode != 0:
        raise Failure(f"{' '.join(words)}: status {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def compile_object(mode, source, output, extra=()):
    """Of a .cpp as NAME.cpp.o, so that it is linked as C++."""
    return command([mode.driver(str(source).endswith(".cpp")), *mode.flags(), f"-I{INCLUDE}",
                    f"-I{PROGRAMS}", source, *extra, "-c", "-o", output])


def compile_program(mode, sources, output, extra=(), **options):
    is_cxx = any(str(source).endswith((".cpp", ".cpp.o")) for source in sources)
    return command([mode.driver(is_cxx), *mode.flags(), f"-I{INCLUDE}", f"-I{PROGRAMS}", *sources,
                    *extra, "-o", output, *mode.libraries()], **options)


def compile_library(mode, source, output, extra=()):
    """A shared library; for plain programs a plain one."""
    return compile_program(mode, [source], output, ["-shared", "-fPIC", *extra])


@dataclasses.dataclass
class Ran:
    status: int  # like subprocess's: negative for the signal that ended it
    stdout: str
    stderr: str


def run(words, cwd, environment=None, **options):
    """Runs a program under test; its status is for the caller to judge."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("TALLY_")}
    settings = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE,
                "stdin": subprocess.DEVNULL} | options
    try:
        done = subprocess.run([str(word) for word in words], cwd=cwd, errors="replace", text=True,
                              env=clean | (environment or {}), timeout=TIMEOUT_S, check=False,
                              **settings)
    except subprocess.TimeoutExpired as late:
        raise Failure(f"{words[0]} did not end within {TIMEOUT_S} s") from late
    return Ran(done.returncode, done.stdout or "", done.stderr or "")


OF_THE_HEAP = ("heap", "peak", "lifetime", "sizes", "pools")


def read_profile(directory):
    """(Profile, run.json) of a .tally directory, which holds what Tally writes and nothing else."""
    try:
        names = {path.name for path in directory.iterdir()}
        if names - {"calls.pb.gz", "run.json", *(f"{kind}.pb.gz" for kind in OF_THE_HEAP)}:
            raise Failure(f"{directory.name} holds {sorted(names)}")
        calls = pprof_decode.decode(directory / "calls.pb.gz")
        beside = {kind: pprof_decode.decode(directory / f"{kind}.pb.gz", kind)
                  for kind in OF_THE_HEAP if f"{kind}.pb.gz" in names}
        return (dataclasses.replace(calls, beside=beside),
                json.loads((directory / "run.json").read_text()))
    except FileNotFoundError as error:
        raise Failure(f"no profile: {error.filename}") from error
