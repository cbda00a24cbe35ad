"""Who looks on while a program allocates: Tally in each of its modes, and the peers.

All run what the newest clang made of the program, with debug information that valgrind can read.
Each is compared with the same program without it: the allocators' own profilers (gperftools',
jemalloc's) with their allocator alone, everybody else with the plain program.

Tally counts calls meanwhile and times none (timing=off), so that what is seen is the cost of
allocations. heaptrack writes its raw data; to make sense of them while the program runs, which is
its default, takes a second process.
"""
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

from .measure import Session
from .system import BenchError, is_installed
from .variants import Variant

FLAGS = ("-gdwarf-4",)
TCMALLOC, JEMALLOC = "libtcmalloc.so.4", "libjemalloc.so.2"
LIMIT_S = 60  # of one run; who takes longer is stopped, and that is said
STOPPED = (124, 137)  # exit statuses of `timeout`: stopped, or killed
IN_TALLY = ("full", "counts", "off")


@dataclass(frozen=True)
class Profiler(Variant):
    """In `settings` and `wrapper`, {directory} is where the program runs."""
    without: str = "plain"            # the tool that it is compared with
    but_for: str = ""                 # the tool that does the same, and records no allocation
    settings: tuple[str, ...] = ()    # NAME=value
    wrapper: tuple[str, ...] = ()     # stands before the command

    @property
    def baseline(self) -> str:
        return f"{self.without}/{self.compiler}"

    @property
    def looks_on(self) -> bool:
        """Not so the plain program, nor an allocator by itself."""
        return self.is_tally or bool(self.wrapper) or self.without != "plain"

    def run_command(self, program: Path, arguments: list[str], directory: Path) -> list[str]:
        words = [*self.settings, *self.wrapper]
        return ["timeout", "-k", "5", str(LIMIT_S), "env",
                *(word.format(directory=directory) for word in words), str(program), *arguments]


def _jemalloc_has_prof() -> bool:
    """Debian's has, at present; without it, it says so of the option."""
    done = subprocess.run(["env", f"LD_PRELOAD={JEMALLOC}", "MALLOC_CONF=prof:true", "true"],
                          capture_output=True, text=True, check=False)
    return "Invalid conf" not in done.stderr


def _is_library(name: str) -> bool:
    return any(Path("/usr/lib").glob(f"*/{name}"))


def _allocators(plain: Profiler, missing: list[str]) -> list[Profiler]:
    found = []
    if _is_library(TCMALLOC):
        preload = f"LD_PRELOAD={TCMALLOC}"
        found += [replace(plain, tool="tcmalloc", settings=(preload,)),
                  replace(plain, tool="gperftools heap profiler", without="tcmalloc", is_slow=True,
                          settings=(preload, "HEAPPROFILE={directory}/heapprofile"))]
    else:
        missing.append("gperftools: not installed (Debian package libgoogle-perftools4)")
    if not _is_library(JEMALLOC):
        missing.append("jemalloc: not installed (Debian package libjemalloc2)")
        return found
    preload = f"LD_PRELOAD={JEMALLOC}"
    found.append(replace(plain, tool="jemalloc", settings=(preload,)))
    if not _jemalloc_has_prof():
        missing.append("jemalloc's prof: not in Debian's package")
        return found
    conf = "MALLOC_CONF=prof:true,prof_final:true,prof_prefix:{directory}/jeprof"
    return found + [
        replace(plain, tool="jemalloc prof, 1 sample in 512 KiB", without="jemalloc",
                settings=(preload, conf)),
        replace(plain, tool="jemalloc prof, all", without="jemalloc", is_slow=True,
                settings=(preload, f"{conf},lg_prof_sample:0"))]


def profilers(session: Session) -> list[Profiler]:
    """The plain program first. What cannot be had is said to be missing."""
    compiler = next((one.compiler for one in session.todo if one.compiler != "gcc"), None)
    if compiler is None:
        raise BenchError("heap: it takes a clang with a plugin")
    plain = Profiler("plain", compiler, "heap plain", FLAGS)
    found = [plain]
    found += [Profiler(f"tally heap={mode}", compiler, "heap tally", FLAGS,
                       tally_options=f"timing=off:heap={mode}", but_for="tally heap=off")
              for mode in IN_TALLY]
    if is_installed("heaptrack"):
        found.append(replace(plain, tool="heaptrack", wrapper=(
            "heaptrack", "--raw", "--output", "{directory}/heaptrack")))
    else:
        session.missing.append("heaptrack: not installed (Debian package heaptrack)")
    if is_installed("valgrind"):
        found.append(replace(plain, tool="DHAT", is_slow=True, wrapper=(
            "valgrind", "-q", "--tool=dhat", "--dhat-out-file={directory}/dhat.out")))
    else:
        session.missing.append("DHAT: not installed (Debian package valgrind)")
    return found + _allocators(plain, session.missing)
