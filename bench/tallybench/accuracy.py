"""Part `accuracy`: shares of self time, compared with truths that owe nothing to any profiler.

Two truths: what each function costs alone, repeated, times its calls (programs/truth*.c say how);
and samples of the plain program by perf. The plain program, sampled twice, is compared with itself:
that is the noise of the second truth, and no score below it means anything.
"""
import statistics
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from . import programs, sampling, selftimes, shares
from .builds import Recipe, compile_all
from .measure import Rounds, Session, summary
from .shares import Stack
from .system import PROGRAMS, BenchError
from .tables import aim, identity, name, spread, table
from .variants import Variant

TOOLS = ("tally plugin", "tally adaptive", "tally hooks", "gprof", "uftrace")
AIM_TINY, AIM_REAL = 0.05, 0.08
SAMPLED_RUNS, SAMPLED_RUNS_QUICK = 60, 15


@dataclass(frozen=True)
class Workload:
    title: str
    recipe: Recipe
    arguments: tuple[str, ...]
    aim: float | None
    measures_itself: bool  # it can tell what each function costs alone


def _workloads(session: Session) -> list[Workload]:
    headers = (PROGRAMS / "batches.h", PROGRAMS / "truth.h")
    found = [Workload(title, Recipe(source, (PROGRAMS / f"{source}.c",), headers=headers),
                      ("run",), most, True)
             for source, title, most in (("truth_tiny", "Many tiny calls", AIM_TINY),
                                         ("truth_deep", "Recursion", None))]
    found += [Workload(one.title, one.recipe, one.arguments, AIM_REAL, False)
              for one in programs.workloads(session)]
    return found


@dataclass
class Truth:
    """Of one compiler's plain build."""
    runs: list[Counter[Stack]]  # perf's samples of each
    outside: float              # part of the samples that is in no function of the program
    alone: dict[str, float]     # seconds by function; empty where the program cannot tell
    plain_s: float              # a run without any profiler

    def samples(self) -> Counter[Stack]:
        return sum(self.runs, Counter())

    def noise(self) -> float | None:
        """One half of the samples against the other, by the functions of the plain build."""
        if not self.runs:
            return None
        halves = [sum(self.runs[first::2], Counter()) for first in (0, 1)]
        own = {name for half in halves for stack in half for name in stack}
        return shares.distance(*(shares.project(half, own) for half in halves))


def measure(session: Session) -> dict:
    cause = sampling.why_not()
    if cause:
        session.missing.append(f"{cause}; so there is no truth for real programs, and one for the "
                               "others")
    todo = session.of("plain", *TOOLS)
    return {"perf": cause is None, "frequency_hz": sampling.FREQUENCY_HZ,
            "workloads": [_measure_workload(session, workload, todo, cause is None)
                          for workload in _workloads(session)
                          if cause is None or workload.measures_itself]}


def _measure_workload(session: Session, workload: Workload, todo: list[Variant],
                      has_perf: bool) -> dict:
    session.progress(f"{workload.title}: compiling")
    built = compile_all(session.places, workload.recipe, todo, session.missing)
    todo = [variant for variant in todo if variant.key in built]
    truths = {variant.key: _truth(session, workload, variant, built[variant.key], has_perf)
              for variant in todo if variant.is_plain}
    profilers = [variant for variant in todo if not variant.is_plain]
    profiles = _profiles(session, workload, profilers, built)
    profilers = [variant for variant in profilers if variant.key in profiles]
    rows = [_row(variant, profiles[variant.key], truths[variant.baseline])
            for variant in profilers]
    rows += [_raw_row(variant, profiles[variant.key], truths[variant.baseline])
             for variant in profilers if variant.tool == "tally plugin"]
    return {"title": workload.title, "aim": workload.aim, "variants": rows,
            "truths": [{"compiler": key.partition("/")[2], "noise": truth.noise(),
                        "samples": sum(truth.samples().values()), "outside": truth.outside,
                        "alone_to_perf": _alone_to_perf(truth)}
                       for key, truth in truths.items()]}


def _truth(session: Session, workload: Workload, plain: Variant, program: Path,
           has_perf: bool) -> Truth:
    session.progress(f"{workload.title}: the truth, {plain.compiler}")
    arguments = list(workload.arguments)
    plain_s = statistics.median(session.launcher.run(plain, program, arguments).wall_s
                                for _ in range(session.rounds))
    alone: dict[str, float] = {}
    if workload.measures_itself:
        output = session.launcher.run(plain, program, ["alone"]).output
        alone = {function: int(calls) * float(ns) * 1e-9
                 for function, calls, ns in map(str.split, output.splitlines())}
    runs = SAMPLED_RUNS_QUICK if session.quick else SAMPLED_RUNS
    sampled = [sampling.sample(session, plain, program, arguments)
               for _ in range(runs if has_perf else 0)]
    outside = statistics.mean(part for _, part in sampled) if sampled else 0
    return Truth([stacks for stacks, _ in sampled], outside, alone, plain_s)


def _alone_to_perf(truth: Truth) -> float | None:
    """How far the two truths are apart."""
    if not truth.alone or not truth.runs:
        return None
    return shares.distance(truth.alone, shares.project(truth.samples(), truth.alone))


def _profiles(session: Session, workload: Workload, profilers: list[Variant],
              built: dict[str, Path]) -> dict[str, list[selftimes.Profile]]:
    """By profiler, one a round; without those that failed, which are said to be missing."""
    profiles: dict[str, list[selftimes.Profile]] = {variant.key: [] for variant in profilers}
    for number, variant in Rounds(profilers, session.rounds, session.slow_rounds):
        if variant.key not in profiles:
            continue
        session.progress(f"{workload.title}, round {number + 1} of {session.rounds}: "
                         f"{variant.key}")
        try:
            profiles[variant.key].append(_profile(session, workload, variant, built[variant.key]))
        except BenchError as error:
            session.missing.append(str(error))
            del profiles[variant.key]
    return profiles


def _profile(session: Session, workload: Workload, variant: Variant,
             program: Path) -> selftimes.Profile:
    result = session.launcher.run(
        variant, program, list(workload.arguments),
        lambda directory: selftimes.read(session.places, variant, directory))
    if result.status != 0:
        raise BenchError(f"{variant.tool}, {variant.compiler}: {workload.title}: exit status "
                         f"{result.status}: {result.messages.strip()[-300:]}")
    return result.read


def _row(variant: Variant, profiles: list[selftimes.Profile], truth: Truth) -> dict:
    return _scores(identity(variant), [one.seconds for one in profiles], profiles[0].own, truth)


def _raw_row(variant: Variant, profiles: list[selftimes.Profile], truth: Truth) -> dict:
    """What would be reported if the profiler's own cost were not taken off."""
    about = {"tool": "tally plugin, its cost left in", "compiler": variant.compiler}
    return _scores(about, [one.raw for one in profiles], profiles[0].own, truth)


def _scores(about: dict, runs: list[dict[str, float]], own: set[str], truth: Truth) -> dict:
    """Each run is scored, and all of them added up: that is for gprof, which samples few times."""
    added = Counter()
    for seconds in runs:
        added.update(seconds)
    row = {**about, "reported_to_plain": summary([sum(seconds.values()) / truth.plain_s
                                                  for seconds in runs])}
    truths = {"perf": shares.project(truth.samples(), own) if truth.runs else {},
              "alone": truth.alone}
    for which, true in truths.items():
        if true:
            row[f"to_{which}"] = summary([shares.distance(seconds, true) for seconds in runs])
            row[f"added_to_{which}"] = shares.distance(added, true)
            row[f"largest_to_{which}"] = shares.largest_differences(added, true)
    return row


def markdown(results: dict) -> str:
    return "\n".join(_section(workload, results["frequency_hz"])
                     for workload in results["workloads"])


def _section(workload: dict, frequency_hz: int) -> str:
    told = []
    for truth in workload["truths"]:
        if truth["noise"] is None:
            continue
        two = (f"; the two truths are {truth['alone_to_perf']:.3f} apart"
               if truth["alone_to_perf"] is not None else "")
        told.append(f"{truth['compiler']}: {truth['samples']:,} samples at {frequency_hz:,} Hz, "
                    f"{100 * truth['outside']:.1f} % of them outside of the program's functions; "
                    f"one half of them is {truth['noise']:.3f} from the other{two}.")
    rows = []
    for row in workload["variants"]:
        is_compared = row["tool"] in ("tally plugin", "tally adaptive")
        added = row.get("added_to_perf", row.get("added_to_alone"))
        rows.append([name(row), spread(row.get("to_alone"), 3), spread(row.get("to_perf"), 3),
                     f"{added:.3f}", aim(workload["aim"]) if is_compared else "",
                     f"{row['reported_to_plain']['median']:.2f}"])
    return (f"### {workload['title']}\n\n" + "\n".join(f"- {line}" for line in told) + "\n\n" +
            table(["profiler", "from each function alone", "from perf", "all runs added", "aim",
                   "time reported ÷ plain run"], rows))
