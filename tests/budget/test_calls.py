#!/usr/bin/env python3
"""Counts the instructions that a call takes more in a run, with all that the runtime does for it.

callgrind counts them, so they are the same in each run, however busy the machine is. Reading the
clock is one instruction to it (rdtsc); what that takes is not in these numbers.
"""

import pathlib
import re
import shutil
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "e2e"))

import toolchain  # noqa: E402

CALLS = 1 << 17  # as in calls.c

# How many instructions a call takes more than without Tally, at -O2, in a loop, at most.
#
#   off       what test_code.py says of `not due`, and 2 for the slot before and `cur` after
#   exact     … of `due`; entry and exit in time_x86_64.S, 17 each with the clock read
#   adaptive  as off, and for one call in some hundreds what sampling.c does for it; more, where
#             the machine is so busy that calls take long. That is why there is room in this budget.
#   indirect  eight functions in rotation: 24 for __tally_enter_slow, which has the context at hand
#   hooks     two calls of the runtime (compiled at -O2 or -O3), which keeps the frames that the
#             compiler does not, finds the function by its address and the context by its caller
BUDGET = {
    #            exact, adaptive, off
    "leaf":     {"plugin": (60, 60, 21), "hooks": (490, 560, 430)},
    "indirect": {"plugin": (84, 84, 45), "hooks": (490, 560, 430)},
}
TIMINGS = ("exact", "adaptive", "off")


def inclusive(text, function):
    """Instructions of the one call of `function`, with what it called, in callgrind's output."""
    (found,) = re.findall(rf"^cfn={function}\ncalls=1 .*\n\S+ (\d+)$", text, re.MULTILINE)
    return int(found)


def instructions_a_call(program, options=""):
    """{kind of call: instructions for each} of a run of calls.c."""
    out = program.parent / "callgrind.out"
    ran = toolchain.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}",
                         "--compress-strings=no", "--compress-pos=no", program],
                        program.parent, {"TALLY_OPTIONS": options})
    if ran.status != 0:
        raise toolchain.Failure(ran.stderr)
    text = out.read_text()
    return {kind: (inclusive(text, f"{kind}_twice") - inclusive(text, f"{kind}_once")) / CALLS
            for kind in ("leaf", "indirect")}


class Calls(unittest.TestCase):
    def test_budget(self):
        modes = [toolchain.Mode("plugin", f"clang-{version}", debug=False)
                 for version in toolchain.llvm_versions()]
        if shutil.which("gcc"):
            modes.append(toolchain.Mode("hooks", "gcc", debug=False))
        self.assertTrue(modes, "no compiler that Tally works with is installed")
        for mode in modes:
            with self.subTest(mode=str(mode)), \
                    tempfile.TemporaryDirectory(prefix="tally-budget-") as directory:
                program = pathlib.Path(directory) / "calls"
                toolchain.compile_program(mode.plain(), [HERE / "calls.c"], program)
                plain = instructions_a_call(program)
                toolchain.compile_program(mode, [HERE / "calls.c"], program)
                runs = [instructions_a_call(program, f"timing={timing}") for timing in TIMINGS]
                for kind, budgets in BUDGET.items():
                    for timing, run, budget in zip(TIMINGS, runs, budgets[mode.kind]):
                        added = run[kind] - plain[kind]
                        print(f"{mode}: {kind}, {timing}: {added:.1f} of {budget} instructions")
                        self.assertLessEqual(added, budget, f"{kind}, {timing}")
                        self.assertGreater(added, 0, f"{kind}, {timing}: it is not counted")


if __name__ == "__main__":
    if not shutil.which("valgrind"):
        sys.exit("valgrind is not installed; on Debian, apt-get install valgrind")
    unittest.main()
