"""Compiling what is measured, once for each variant, and again when something in it has changed."""
import concurrent.futures
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

from .system import BenchError, CommandFailed, Places, run
from .variants import Variant


@dataclass(frozen=True)
class Recipe:
    """What is compiled, the same for all variants."""
    name: str
    sources: tuple[Path, ...]
    flags: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    headers: tuple[Path, ...] = ()  # that may change while the bench is worked on

    @property
    def is_cxx(self) -> bool:
        return any(source.suffix == ".cpp" for source in self.sources)


def _stamp(command: list[str], inputs: list[Path]) -> str:
    return json.dumps([command, [[str(path), path.stat().st_mtime_ns] for path in inputs]])


def compile_program(places: Places, recipe: Recipe, variant: Variant) -> Path:
    """The program, compiled unless what stands was made from the same inputs."""
    directory = places.builds / recipe.name
    directory.mkdir(exist_ok=True)
    program, stamp_file = directory / variant.binary, directory / f"{variant.binary}.stamp"
    command = [*variant.compile_command(places, recipe.is_cxx), *recipe.flags, "-o", str(program),
               *map(str, recipe.sources), *recipe.libraries]
    inputs = [*recipe.sources, *recipe.headers]
    if variant.extra_source:
        inputs.append(variant.extra_source)
    if variant.is_tally:
        inputs += [places.tally_cc, places.build / "lib" / "libtally.so",
                   *sorted((places.build / "lib" / "tally").glob("*/tally.so"))]
    stamp = _stamp(command, inputs)
    if not (program.exists() and stamp_file.exists() and stamp_file.read_text() == stamp):
        stamp_file.unlink(missing_ok=True)
        run(command, env=variant.environment(directory))
        stamp_file.write_text(stamp)
    return program


def compile_all(places: Places, recipe: Recipe, todo: list[Variant],
                missing: list[str]) -> dict[str, Path]:
    """The program of each variant by its key; those of one binary are compiled once.

    A variant that cannot be built is left out and said to be missing; plain ones have to be there.
    """
    binaries = {variant.binary: variant for variant in todo}
    programs: dict[str, Path] = {}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = {binary: pool.submit(compile_program, places, recipe, variant)
                for binary, variant in binaries.items()}
        for variant in todo:
            try:
                programs[variant.key] = jobs[variant.binary].result()
            except CommandFailed as error:
                if variant.is_plain:
                    raise
                missing.append(f"{variant.tool}, {variant.compiler}: {recipe.name} could not be "
                               f"built: {error.cause}")
    return programs


def text_bytes(program: Path) -> int:
    """Size of the sections .text and .text.*: code only."""
    sizes = [line.split()[1] for line in run(["size", "-A", program]).splitlines()
             if re.match(r"\.text[.\s]", line)]
    if not sizes:
        raise BenchError(f"{program}: no section .text")
    return sum(map(int, sizes))
