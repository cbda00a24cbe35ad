"""A pretended installation of Tally with pretended compilers.

The wrapper is copied to PREFIX/bin, since it finds everything else from there. The compilers are
shell scripts that write down the arguments they were called with, and answer the question for their
macros (-dM -E -x c /dev/null) as the compiler they pretend to be would.

    with tempfile.TemporaryDirectory() as root:
        world = World(root, plugins=[14, 16], compilers={"clang-14": CLANG(14)})
        world.run("-c", "a.c")            # -> the arguments the compiler got, its name first
"""

import os
import pathlib
import shutil
import stat
import subprocess


def CLANG(version):
    return f"#define __clang_major__ {version}\n#define __GNUC__ 4\n"


def GCC(version):
    return f"#define __GNUC__ {version}\n"


# Only what is built into the shell: PATH holds nothing but these scripts.
SCRIPT = """#!/bin/sh
case "$*" in
*"-dM -E -x c /dev/null") printf '%s' '{macros}'; exit 0 ;;
esac
printf '%s\\0' "{name}" "$@" > "$FAKE_RECORD"
exit "${{FAKE_STATUS:-0}}"
"""


class World:
    def __init__(self, root, plugins=(14, 16), compilers=None, library="lib"):
        self.root = pathlib.Path(root)
        self.prefix = self.root / "prefix"
        self.lib = self.prefix / library
        self.path = self.root / "path"
        self.record = self.root / "record"
        self.work = self.root / "work"
        for directory in (self.prefix / "bin", self.lib / "tally", self.path, self.work):
            directory.mkdir(parents=True)
        for name in ("tally-cc", "tally-c++"):
            shutil.copy(os.environ["TALLY_TEST_WRAPPER"], self.prefix / "bin" / name)
        for version in plugins:
            self.plugin(version).parent.mkdir()
            self.plugin(version).touch()
        for name, macros in (compilers or {"clang-16": CLANG(16), "gcc": GCC(12)}).items():
            self.add_compiler(name, macros)

    def plugin(self, version):
        return self.lib / "tally" / f"llvm-{version}" / "tally.so"

    def add_compiler(self, name, macros):
        script = self.path / name
        script.write_text(SCRIPT.format(name=name, macros=macros))
        script.chmod(script.stat().st_mode | stat.S_IXUSR)

    def start(self, *arguments, program="tally-cc", environment=None):
        """Runs the wrapper; returns the finished process."""
        self.record.unlink(missing_ok=True)
        variables = {
            "PATH": str(self.path),
            "FAKE_RECORD": str(self.record),
        }
        # The wrapper leaves its memory to the kernel: under AddressSanitizer that is no error.
        variables["ASAN_OPTIONS"] = "detect_leaks=0"
        variables |= environment or {}
        return subprocess.run(
            [str(self.prefix / "bin" / program), *arguments],
            cwd=self.work, env=variables, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)

    def run(self, *arguments, program="tally-cc", environment=None):
        """Runs the wrapper; returns what the compiler was called with."""
        process = self.start(*arguments, program=program, environment=environment)
        if process.returncode != 0 or process.stderr:
            raise AssertionError(f"status {process.returncode}: {process.stderr}")
        return self.record.read_bytes().decode().split("\0")[:-1]

    def fail(self, *arguments, program="tally-cc", environment=None):
        """Runs the wrapper, which must refuse; returns its message."""
        process = self.start(*arguments, program=program, environment=environment)
        if process.returncode != 2 or self.record.exists() or process.stdout:
            raise AssertionError(f"status {process.returncode}, not an error: {process.stderr}")
        if not process.stderr.startswith(f"{program}: ") or process.stderr.count("\n") != 1:
            raise AssertionError(f"not one line of {program}: {process.stderr}")
        return process.stderr
