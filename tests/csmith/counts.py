"""Numbers of calls for each pair of caller and callee, from a profile or from counting_hooks.c."""

import collections
import dataclasses

import toolchain

NOBODY = "-"


@dataclasses.dataclass(frozen=True)
class Counts:
    edges: dict  # {(caller, callee): calls}

    def functions(self):
        out = collections.Counter()
        for (_, callee), calls in self.edges.items():
            out[callee] += calls
        return dict(out)


def of_profile(profile):
    edges = collections.Counter()
    for sample in profile.samples:
        if sample.calls:
            callee, *callers = (frame.name for frame in sample.frames)
            edges[callers[0] if callers else NOBODY, callee] += sample.calls
    return Counts(dict(edges))


def of_counting_hooks(program):
    """What a program linked with counting_hooks.c, and not position-independent, has written."""
    names = {0: NOBODY}
    for line in toolchain.command(["nm", "--defined-only", program]).stdout.splitlines():
        address, kind, name = line.split()
        if kind in "tT":
            names[int(address, 16)] = name
    edges = collections.Counter()
    for line in (program.parent / "counted.txt").read_text().splitlines():
        caller, callee, calls = line.split()
        edges[names[int(caller, 16)], names[int(callee, 16)]] += int(calls)
    return Counts(dict(edges))


def differences(wanted, got):
    """One line for each function, then for each pair of functions, that differs."""
    def compare(what, all_wanted, all_got, text):
        for key in sorted(all_wanted.keys() | all_got.keys()):
            if all_wanted.get(key, 0) != all_got.get(key, 0):
                yield (f"{what} {text(key)}: {all_got.get(key, 0)} calls, "
                       f"should be {all_wanted.get(key, 0)}")

    return [*compare("function", wanted.functions(), got.functions(), str),
            *compare("edge", wanted.edges, got.edges, " -> ".join)]
