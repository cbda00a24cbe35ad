"""The ways a program is built and run: plain, with Tally in each of its modes, with each peer.

A Variant is one row of the comparison. Its baseline is the plain variant of the same compiler:
ratios never compare two compilers. Programs are compiled at -O2 -g by all.

uftrace runs the very binary gprof does, gcc -pg: libmcount takes the place of libc's mcount. It is
asked for the program's own functions only (--no-libcall), which is what the others record.
callgrind runs the plain binary, gcc's: Debian 12's valgrind cannot read the debug information of
clang 19. XRay instruments every function, however small, as the others do; its basic mode drops
calls shorter than 5 us, its flight recorder keeps the newest 64 MiB.
"""
import os
from dataclasses import dataclass
from pathlib import Path

from .system import PROGRAMS, BenchError, Places, is_installed

CLANGS = ("clang-19", "clang-16", "clang-14")
XRAY_CLANG = "clang-19"
FLAGS = ["-O2", "-g"]
CXX = {"gcc": "g++", **{clang: clang.replace("clang", "clang++") for clang in CLANGS}}


@dataclass(frozen=True)
class Variant:
    tool: str      # as tables call it; Tally's names begin with "tally"
    compiler: str
    built_as: str  # variants of one such name and compiler share a binary
    flags: tuple[str, ...] = ()
    extra_source: Path | None = None
    tally_options: str = ""   # added to TALLY_OPTIONS
    fixed: str = ""           # tool that has at compile time the mode that this one has at run time
    is_slow: bool = False     # measured in few rounds: takes minutes, or gigabytes
    programs_only: bool = False  # only on real programs: a small loop says nothing about it

    @property
    def key(self) -> str:
        return f"{self.tool}/{self.compiler}"

    @property
    def baseline(self) -> str:
        return f"plain/{self.compiler}"

    @property
    def is_plain(self) -> bool:
        return self.tool == "plain"

    @property
    def is_tally(self) -> bool:
        return self.tool.startswith("tally")

    @property
    def binary(self) -> str:
        return f"{self.built_as.replace(' ', '-')}-{self.compiler}"

    def compile_command(self, places: Places, is_cxx: bool = False) -> list[str]:
        if self.is_tally:
            compiler = str(places.tally_cxx if is_cxx else places.tally_cc)
        else:
            compiler = CXX[self.compiler] if is_cxx else self.compiler
        extra = [str(self.extra_source)] if self.extra_source else []
        return [compiler, *FLAGS, *self.flags, *extra]

    def environment(self, directory: Path) -> dict[str, str]:
        """For compiling and for running, in `directory`."""
        options = f"out={directory}/run.tally" + (f":{self.tally_options}" if self.tally_options
                                                  else "")
        return dict(os.environ, LC_ALL="C", GMON_OUT_PREFIX=str(directory / "gmon"),
                    TALLY_OPTIONS=options, TALLY_CC=self.compiler, TALLY_CXX=CXX[self.compiler],
                    XRAY_OPTIONS=f"patch_premain=true xray_logfile_base={directory}/xray. "
                                 f"xray_mode={self.tool.replace(' ', '-')}",
                    XRAY_FDR_OPTIONS="buffer_size=1048576:buffer_max=64")

    def run_command(self, program: Path, arguments: list[str], directory: Path) -> list[str]:
        command = [str(program), *arguments]
        if self.tool == "uftrace":
            return ["uftrace", "record", "--no-pager", "--no-libcall", "-d",
                    str(directory / "uftrace"), *command]
        if self.tool == "callgrind":
            return ["valgrind", "-q", "--tool=callgrind",
                    f"--callgrind-out-file={directory}/callgrind.out", *command]
        return command


def of_clang(clang: str, is_newest: bool) -> list[Variant]:
    """Older clangs: what a call costs there; the newest: every mode, chosen in either way."""
    tool = "tally plugin"
    found = [Variant("plain", clang, "plain"),
             Variant(tool, clang, tool, fixed="tally exact, fixed" if is_newest else "")]
    if not is_newest:
        return found
    flag = "-fplugin-arg-tally-timing="
    return found + [
        Variant("tally adaptive", clang, tool, tally_options="timing=adaptive"),
        Variant("tally counts only", clang, tool, tally_options="timing=off",
                fixed="tally counts only, fixed"),
        Variant("tally exact, fixed", clang, "tally exact", flags=(f"{flag}exact",)),
        Variant("tally counts only, fixed", clang, "tally counts", flags=(f"{flag}off",))]


def of_gcc() -> list[Variant]:
    return [Variant("plain", "gcc", "plain"),
            Variant("tally hooks", "gcc", "tally hooks"),
            Variant("tally hooks, counts only", "gcc", "tally hooks", tally_options="timing=off"),
            Variant("gprof", "gcc", "pg", flags=("-pg",))]


def slow_peers() -> tuple[list[Variant], list[str]]:
    found, missing = [], []
    if is_installed("gcc") and is_installed("uftrace"):
        found.append(Variant("uftrace", "gcc", "pg", flags=("-pg",), is_slow=True))
    else:
        missing.append("uftrace: not installed (Debian packages uftrace, gcc)")
    if is_installed("gcc") and is_installed("valgrind"):
        found.append(Variant("callgrind", "gcc", "plain", is_slow=True, programs_only=True))
    else:
        missing.append("callgrind: not installed (Debian packages valgrind, gcc)")
    if is_installed(XRAY_CLANG):
        flags = ("-fxray-instrument", "-fxray-instruction-threshold=1")
        found += [Variant("xray basic", XRAY_CLANG, "xray basic", flags=flags, is_slow=True,
                          programs_only=True),
                  Variant("xray fdr", XRAY_CLANG, "xray fdr", flags=flags, is_slow=True,
                          extra_source=PROGRAMS / "xray_fdr.cpp", programs_only=True)]
    else:
        missing.append(f"xray: {XRAY_CLANG} is not installed")
    return found, missing


def all_variants(places: Places, quick: bool) -> tuple[list[Variant], list[str]]:
    """All that can be measured here, plain ones first, and a line for each that cannot."""
    missing, clangs = [], []
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
    found = [variant for clang in clangs for variant in of_clang(clang, clang == clangs[0])]
    if is_installed("gcc"):
        found += of_gcc()
    else:
        missing.append("tally hooks, gprof: gcc is not installed")
    if not found:
        raise BenchError("no compiler to measure with: neither gcc nor a clang with a plugin")
    peers, missing_peers = slow_peers()
    known = {variant.key for variant in found}
    peers = [peer for peer in peers if peer.baseline in known]
    found.sort(key=lambda variant: not variant.is_plain)
    return found + peers, missing + missing_peers
