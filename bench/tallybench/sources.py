"""Lua 5.4 and SQLite: Debian's sources, fetched by apt-get into the build directory.

apt gets a configuration of its own (source list, package lists, cache), so that /etc stays as it
is and no privilege is needed. The mirrors are those of the machine's own binary packages.

Lua seeds its hashes and its sort from addresses and the clock, and finds C strings that it has seen
by their addresses, so each run and each build makes another number of calls. All three are macros
meant to be replaced; here they are constants, for all variants, so that every run does the same
work and calls can be compared.
"""
import re
import shutil
from pathlib import Path

from .builds import Recipe
from .system import BenchError, Places, is_installed, run

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
FALLBACK = ("http://deb.debian.org/debian", "bookworm")


def _entries_of(text: str) -> list[tuple[str, str]]:
    """(uri, suite) of the binary package sources, in either of apt's two notations."""
    found = [(match[1], match[2]) for match in
             re.finditer(r"^deb\s+(?:\[[^]]*\]\s+)?(\S+)\s+(\S+)", text, re.MULTILINE)]
    for stanza in re.split(r"\n\s*\n", text):
        fields = dict(re.findall(r"^(\w[\w-]*):\s*(.+)$", stanza, re.MULTILINE))
        if "deb" in fields.get("Types", "").split():
            found += [(uri, suite) for uri in fields.get("URIs", "").split()
                      for suite in fields.get("Suites", "").split()]
    return found


def _source_list() -> str:
    files = [Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("*.list")),
             *sorted(Path("/etc/apt/sources.list.d").glob("*.sources"))]
    entries = [entry for file in files if file.exists()
               for entry in _entries_of(file.read_text(encoding="utf-8"))
               if entry[0].rstrip("/").endswith("/debian") and re.fullmatch(r"\w+", entry[1])]
    signed = f"[signed-by={KEYRING}] " if KEYRING.exists() else ""
    return "".join(f"deb-src {signed}{uri} {suite} main\n"
                   for uri, suite in dict.fromkeys(entries or [FALLBACK]))


def fetch(places: Places, package: str) -> Path:
    """The directory of the package's unpacked source; fetched if it is not there."""
    for needed, owner in (("apt-get", "apt"), ("dpkg-source", "dpkg-dev")):
        if not is_installed(needed):
            raise BenchError(f"{needed} is missing (Debian package {owner})")
    unpacked = places.sources / package
    if (unpacked / "complete").exists():
        return unpacked
    apt = places.sources / "apt"
    for directory in ("lists/partial", "cache/archives/partial"):
        (apt / directory).mkdir(parents=True, exist_ok=True)
    (apt / "sources.list").write_text(_source_list())
    options = [f"-oDir::Etc::SourceList={apt}/sources.list", "-oDir::Etc::SourceParts=/dev/null",
               f"-oDir::State::Lists={apt}/lists", f"-oDir::Cache={apt}/cache"]
    if not any((apt / "lists").glob("*Sources*")):
        run(["apt-get", *options, "--error-on=any", "update"])
    download = places.sources / f"{package}.download"
    shutil.rmtree(download, ignore_errors=True)
    shutil.rmtree(unpacked, ignore_errors=True)
    download.mkdir()
    run(["apt-get", *options, "source", package], cwd=download)
    directories = [entry for entry in download.iterdir() if entry.is_dir()]
    if len(directories) != 1:
        raise BenchError(f"apt-get source {package}: one directory expected in {download}")
    directories[0].rename(unpacked)
    (unpacked / "complete").write_text(directories[0].name + "\n")
    shutil.rmtree(download)
    return unpacked


def version(places: Places, package: str) -> str:
    return (places.sources / package / "complete").read_text().strip()


def lua(places: Places) -> Recipe:
    source = fetch(places, "lua5.4") / "src"
    header = places.sources / "lua-include" / "lua5.4-deb-multiarch.h"  # Debian's build makes it
    if not header.exists():
        header.parent.mkdir(exist_ok=True)
        triplet = run(["gcc", "-print-multiarch"]).strip() if is_installed("gcc") else ""
        header.write_text(f'#define DEB_HOST_MULTIARCH "{triplet}"\n')
    files = tuple(sorted(file for file in source.glob("*.c") if file.name != "luac.c"))
    return Recipe("lua", files,
                  ("-DLUA_USE_POSIX", f"-I{header.parent}", "-Dluai_makeseed(state)=0x5eedu",
                   "-Dl_randomizePivot()=(~0u)", "-DSTRCACHE_N=1", "-DSTRCACHE_M=2"), ("-lm",))


def sqlite(places: Places) -> Recipe:
    source = fetch(places, "sqlite3")
    amalgamation = places.sources / "sqlite-amalgamation"
    if not (amalgamation / "sqlite3.c").exists():
        for needed, owner in (("tclsh", "tcl"), ("make", "make")):
            if not is_installed(needed):
                raise BenchError(f"{needed} is missing (Debian package {owner})")
        making = places.sources / "sqlite-amalgamation.making"
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir()
        run([source / "configure", "--disable-tcl", "--disable-readline"], cwd=making)
        run(["make", "sqlite3.c"], cwd=making)
        making.rename(amalgamation)
    return Recipe("sqlite", (source / "test" / "speedtest1.c", amalgamation / "sqlite3.c"),
                  ("-DSQLITE_THREADSAFE=0", "-DSQLITE_OMIT_LOAD_EXTENSION", f"-I{amalgamation}"),
                  ("-lm",))
