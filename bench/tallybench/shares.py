"""Shares of self time, and how far two accounts of it are apart. Pure functions.

A stack is what a sample of the plain program saw: names of functions, innermost first, inlined ones
included. The builds that are compared inline differently, so a stack belongs to no function by
itself: each profiler is asked which functions have time of their own in its build, and the sample
goes to the innermost of those. That puts the time of a body that was inlined there, of libc and of
the kernel where that profiler would put it: with the function around, or the caller.
"""
from collections import Counter
from collections.abc import Iterable

Stack = tuple[str, ...]


def bare(name: str) -> str:
    """Without what gcc adds to the names of a function's parts and copies: f.part.0, f.isra.0."""
    return name.partition(".")[0] or name


def shares(times: dict[str, float]) -> dict[str, float]:
    total = sum(times.values())
    return {name: time / total for name, time in times.items()} if total > 0 else {}


def distance(one: dict[str, float], other: dict[str, float]) -> float:
    """Half the sum of the differences of the shares: 0 the same, 1 nothing in common."""
    first, second = shares(one), shares(other)
    if not first or not second:
        return 1.0
    return sum(abs(first.get(name, 0) - second.get(name, 0)) for name in {*first, *second}) / 2


def project(stacks: Counter[Stack], own: Iterable[str]) -> dict[str, float]:
    """Samples of each function that has time of its own; those outside of all are left out."""
    owners, samples = set(own), Counter()
    for stack, count in stacks.items():
        owner = next((name for name in stack if name in owners), None)
        if owner is not None:
            samples[owner] += count
    return dict(samples)


def largest_differences(one: dict[str, float], other: dict[str, float],
                        count: int = 10) -> list[tuple[str, float, float]]:
    """(function, share here, share there), most different first."""
    first, second = shares(one), shares(other)
    rows = [(name, first.get(name, 0), second.get(name, 0)) for name in {*first, *second}]
    return sorted(rows, key=lambda row: (-abs(row[1] - row[2]), row[0]))[:count]
