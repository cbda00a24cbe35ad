"""Where a page's commands run: a home directory of their own, with a checkout in it that was built.

    HOME/src/tally           where each page begins: docs/ and demo/ of this checkout, copied
    HOME/src/tally/build     bin/ and lib/ of the build under test
    HOME/src/tally/dev       "build" does nothing, "install PREFIX" installs the build under test
    stand-ins/apt-get        "source PACKAGE" takes the sources that other tests fetched already

One bash runs all steps of a page, so that directories, variables and PATH stay as they were left.
It stops at the first step that does not end as it should; a pipe ends well if all of its commands do.
"""

import os
import pathlib
import shutil
import subprocess

import agreement

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("TALLY_TEST_BUILD_DIRECTORY", CHECKOUT / "build")).resolve()
CMAKE = os.environ.get("TALLY_TEST_CMAKE", "cmake")
TIMEOUT_S = 900  # of a page that hangs, not of one that is slow

DEV = """#!/bin/sh
case $1 in
build) ;;
install) exec '{cmake}' --install '{build}' --prefix "$2" ;;
*) echo "dev: the test of the guide has no stand-in for: $*" >&2; exit 2 ;;
esac
"""
APT_GET = """#!/bin/sh
case $* in
{cases}
*) echo "apt-get: the test of the guide has no stand-in for: $*" >&2; exit 2 ;;
esac
"""
STEP = """set {errors}
. '{files}/{number}.sh' > '{files}/{number}.out' 2>&1
echo $? > '{files}/{number}.status'
set -e
"""


class Scene:
    """A fresh one in an empty directory; sources: {source package: (directory it unpacks to, where it is)}."""

    def __init__(self, root, sources=None):
        self.home, self.files, self.stand_ins = root / "home", root / "steps", root / "stand-ins"
        self.checkout = self.home / "src/tally"
        for name in ("demo", "docs"):
            shutil.copytree(CHECKOUT / name, self.checkout / name,
                            ignore=shutil.ignore_patterns("*.tally", "*.tally.old", "build"))
        (self.checkout / "build").mkdir()
        for name in ("bin", "lib"):
            (self.checkout / "build" / name).symlink_to(BUILD / name)
        self.files.mkdir()
        self.stand_ins.mkdir()
        self._stand_in(self.checkout / "dev", DEV.format(cmake=CMAKE, build=BUILD))
        cases = "".join(f"'source {package}') mkdir -p {unpacked} && cp -r '{where}/.' {unpacked} ;;\n"
                        for package, (unpacked, where) in (sources or {}).items())
        self._stand_in(self.stand_ins / "apt-get", APT_GET.format(cases=cases))
        self.driver, self.n_steps = "set -e -o pipefail\n", 0

    @staticmethod
    def _stand_in(path, text):
        path.write_text(text)
        path.chmod(0o755)

    def add(self, script, exit_status=0):
        """A step of the page; its number."""
        number, self.n_steps = self.n_steps, self.n_steps + 1
        (self.files / f"{number}.sh").write_text(script.rstrip("\n") + "\n")
        self.driver += STEP.format(errors="+e" if exit_status else "-e", files=self.files, number=number)
        self.driver += f"[ $(cat '{self.files}/{number}.status') = {exit_status} ]\n"
        return number

    def add_file(self, name, text):
        kept = self.files / f"{self.n_steps}.file"
        kept.write_text(text)
        return self.add(f"cp '{kept}' '{name}'")

    def run(self):
        """All steps; the number of the one that failed, or None."""
        environment = {"HOME": str(self.home), "LC_ALL": "C.UTF-8",
                       "PATH": f"{self.stand_ins}:{os.environ['PATH']}"}
        done = subprocess.run(["bash", "-c", self.driver], cwd=self.checkout, env=environment, check=False,
                              stdin=subprocess.DEVNULL, timeout=TIMEOUT_S)
        if done.returncode == 0:
            return None
        return max(int(path.stem) for path in self.files.glob("*.out"))

    def printed(self, number):
        """What a step printed, with the paths that the pages have."""
        text = (self.files / f"{number}.out").read_text(errors="replace")
        for path, name in ((self.home, ""), (BUILD, "/src/tally/build"), (CHECKOUT, "/src/tally")):
            text = text.replace(str(path), agreement.HOME + name)
        return text

    def status(self, number):
        """A step's exit status as text; unknown where it ended the shell."""
        path = self.files / f"{number}.status"
        return path.read_text().strip() if path.exists() else "not 0"
