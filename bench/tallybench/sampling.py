"""The truth from outside: stacks of the plain program, sampled by perf.

perf interrupts the program every 100 us of processor time (cpu-clock: no hardware counters needed)
and copies the top of its stack; the frames are found by the unwind tables, so the binary is the
plain one and libc needs no frame pointers. Where the user may, time in the kernel is sampled as
well. What was inlined at each address is told by the debug information.
"""
import re
import subprocess
from collections import Counter
from pathlib import Path

from .measure import Session
from .shares import Stack, bare
from .system import BenchError, is_installed, run
from .variants import Variant

FREQUENCY_HZ = 10000
STACK_BYTES = 2048  # enough for the frames of libc, printf being the largest, and of its callers
RESOLVERS = ("llvm-addr2line-19", "llvm-addr2line-16", "llvm-addr2line-14", "addr2line")
FRAME = re.compile(r"^\s+([0-9a-f]+) .*\((.*)\)$")


def why_not() -> str | None:
    """Why perf cannot be used here."""
    if not is_installed("perf"):
        return "perf: not installed (Debian package linux-perf)"
    try:
        run(["perf", "record", "-q", "-e", "cpu-clock", "-o", "/dev/null", "true"])
    except BenchError as error:
        return f"perf: {error}"
    return None


def sample(session: Session, variant: Variant, program: Path,
           arguments: list[str]) -> tuple[Counter[Stack], float]:
    """Stacks of one run, and what part of its samples lies outside of the program's functions."""
    data = session.launcher.directory / "perf.data"
    prefix = ("perf", "record", "-q", "-B", "-N", "--no-bpf-event", "-e", "cpu-clock", "-F",
              str(FREQUENCY_HZ), "--call-graph", f"dwarf,{STACK_BYTES}", "-o", str(data), "--")
    result = session.launcher.run(variant, program, arguments, lambda _: _script(data), prefix)
    if result.status != 0:
        raise BenchError(f"perf record {program}: {result.messages.strip()}")
    samples = frames_of(result.read)
    chains = _resolve(program, {address for frames in samples for address in frames})
    stacks = Counter(tuple(name for address in frames for name in chains[address])
                     for frames in samples)
    return stacks, sum(not frames for frames in samples) / max(1, len(samples))


def _script(data: Path) -> str:
    return run(["perf", "script", "-i", data, "-F", "ip,sym,dso", "--no-inline"])


def frames_of(script: str) -> list[tuple[int, ...]]:
    """Of each sample, the addresses in the program, innermost first.

    All but the innermost frame in user space are return addresses: the call is just before.
    """
    samples = []
    for block in re.split(r"\n\s*\n", script):
        found, is_innermost = [], True
        for line in block.splitlines():
            frame = FRAME.match(line)
            if not frame or frame[2].startswith("[kernel"):
                continue
            if frame[2].endswith("/program"):
                found.append(int(frame[1], 16) - (0 if is_innermost else 1))
            is_innermost = False
        if block.strip():
            samples.append(tuple(found))
    return samples


def _resolve(program: Path, addresses: set[int]) -> dict[int, Stack]:
    """The functions at each address, innermost first, inlined ones included."""
    if not addresses:
        return {}
    resolver = next((tool for tool in RESOLVERS if is_installed(tool)), None)
    if resolver is None:
        raise BenchError("addr2line: not installed (Debian package binutils)")
    done = subprocess.run([resolver, "-a", "-f", "-i", "-e", str(program)], check=True, text=True,
                          input="".join(f"{address:#x}\n" for address in sorted(addresses)),
                          capture_output=True)
    return chains_of(done.stdout)


def chains_of(resolved: str) -> dict[int, Stack]:
    """Reads what addr2line -a -f -i prints: an address, then pairs of function and place."""
    chains: dict[int, list[str]] = {}
    lines = iter(resolved.splitlines())
    for line in lines:
        if line.startswith("0x"):
            names = chains.setdefault(int(line, 16), [])
        else:
            names.append(bare(line))
            next(lines, None)
    return {address: tuple(names) for address, names in chains.items()}
