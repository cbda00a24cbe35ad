"""The machine and the places: running commands, what is installed, where things are kept.

    BUILD/            a built Tally, mirroring an installation (bin/, lib/)
    BUILD/bench/      everything the bench makes:
        sources/      Debian's sources, unpacked once
        builds/       programs compiled for each profiler; reused while their inputs stay the same
        scratch/      where measured programs run; emptied after each run
        *.json        results, one file a part
"""
import datetime
import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PROGRAMS = REPOSITORY / "bench" / "programs"


class BenchError(Exception):
    """Something that can be said in one line."""


class CommandFailed(BenchError):
    """`cause` is what the command said, without the command itself."""

    def __init__(self, command: str, status: int, cause: str):
        super().__init__(f"{command}: exit status {status}: {cause}")
        self.cause = cause


class Places:
    def __init__(self, build: Path):
        self.build = build.resolve()
        self.bench = self.build / "bench"
        self.sources = self.bench / "sources"
        self.builds = self.bench / "builds"
        self.scratch = self.bench / "scratch"
        self.tally = self.build / "bin" / "tally"
        self.tally_cc = self.build / "bin" / "tally-cc"
        self.tally_cxx = self.build / "bin" / "tally-c++"
        for tool in (self.tally, self.tally_cc, self.tally_cxx, self.build / "lib" / "libtally.so"):
            if not tool.exists():
                raise BenchError(f"{tool}: missing; build Tally first (./dev build)")
        for directory in (self.sources, self.builds, self.scratch):
            directory.mkdir(parents=True, exist_ok=True)


def cause_of(messages: str) -> str:
    """The line of a tool's messages that says what went wrong."""
    lines = messages.strip().splitlines() or ["no message"]
    return next((line for line in lines if re.search(r"error|^E:", line)), lines[-1])


def run(command: list, **options) -> str:
    """Standard output of a command that has to succeed."""
    command = [str(word) for word in command]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              errors="replace", check=False, **options)
    except OSError as error:
        raise BenchError(f"{command[0]}: {error.strerror}") from error
    if done.returncode != 0:
        cause = cause_of(done.stderr.strip() or done.stdout)
        words = [word for word in command if not word.startswith("-oDir::")]
        raise CommandFailed(" ".join(words)[:200], done.returncode, cause)
    return done.stdout


def is_installed(program: str) -> bool:
    return shutil.which(program) is not None


def first_line(command: list) -> str:
    try:
        return run(command).strip().splitlines()[0]
    except (BenchError, IndexError):
        return "unknown"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def _commit() -> str:
    try:
        commit = run(["git", "-C", REPOSITORY, "rev-parse", "--short", "HEAD"]).strip()
        changed = run(["git", "-C", REPOSITORY, "status", "--porcelain"]).strip()
    except BenchError:
        return "unknown"
    return commit + (" with changes" if changed else "")


def facts(compilers: list[str]) -> dict:
    """What a reader must know to compare these figures with others."""
    tools = {name: first_line([name, "--version"])
             for name in [*compilers, "uftrace", "valgrind", "perf"] if is_installed(name)}
    clocksource = Path("/sys/devices/system/clocksource/clocksource0/current_clocksource")
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "commit": _commit(),
        "processor": _processor(),
        "processors": os.cpu_count(),
        "kernel": platform.release(),
        "clocksource": clocksource.read_text(encoding="utf-8").strip()
        if clocksource.exists() else "unknown",
        "load_at_start": os.getloadavg()[0],
        "tools": tools,
    }
