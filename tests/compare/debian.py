"""Programs of Debian's sources in two versions: as they are, and with changes made by the test."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "counters"))

import comparing  # noqa: E402, F401 which finds the end-to-end tests' modules
import sources  # noqa: E402
import toolchain  # noqa: E402
from toolchain import Failure  # noqa: E402


def recipe_or_skip(name):
    """What is compiled; ends the test as skipped where it cannot be had."""
    try:
        return sources.recipe(name)
    except sources.NoSources as error:
        print(f"Skipped: {error}")
        sys.exit(comparing.SKIPPED)


def changed(text, *changes):
    """The text with each (before, after) in place of what must be there once."""
    for before, after in changes:
        if text.count(before) != 1:
            raise Failure(f"{text.count(before)} places to change instead of one: {before}")
        text = text.replace(before, after)
    return text


def build(recipe, mode, where, replaced=None):
    """Compiles in `where`; replaced: {source of the recipe: text to compile in its place}."""
    where.mkdir(parents=True)
    files = []
    for source in recipe.sources:
        files.append(source)
        if replaced and source in replaced:
            files[-1] = where / source.name
            files[-1].write_text(replaced[source])
    directories = {f"-I{source.parent}" for source in recipe.sources}
    toolchain.compile_program(mode, files, where / recipe.name,
                              [*sorted(directories), *recipe.flags, *recipe.libraries])
    return where / recipe.name
