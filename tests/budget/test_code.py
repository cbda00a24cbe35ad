#!/usr/bin/env python3
"""Counts the instructions that the plugin adds to a call, in the object code, on the way that most
calls take: the context is where the caller's slot says.

That way is the shortest one through a function that is not past __tally_enter_slow, and, for a call
that is timed, is past __tally_time_entry and __tally_time_exit. Counted is what it has more than
the shortest way through the same function compiled without the plugin. What the runtime does when
it is called is not in it; test_calls.py runs that, too.
"""

import collections
import pathlib
import re
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "e2e"))

import toolchain  # noqa: E402

# How many instructions more than without the plugin, at -O2, with any of the compilers at most.
#
#   find the context   6   address of tls, slot, *slot; address of fn, compare, branch
#   count the call     2   calls++; frame
#   is it due?         4   calls, compare with due, branch; payer = 0     not where timing is fixed
#   run                1   cur
#   was it timed?      2   test, branch                                   not where timing is fixed
#   give back          1   slot
#   a timed call also  4   place, __tally_time_entry; arguments, __tally_time_exit; a call that was
#                          due keeps the payer, jumps over `payer = 0`, and did not do that: 1 more
#   each call          3   address of the slot, slot; afterwards cur
#   else                   room in the frame or its alignment, moves between registers; in functions
#                          that call others push and pop of what must outlive the calls, and
#                          arguments of __tally_time_exit once more
BUDGET = {
    #              the run chooses          fixed
    "leaf":       {"not due": 19, "due": 24, "exact": 18, "off": 13},
    "one_call":   {"not due": 29, "due": 38, "exact": 34, "off": 19},
    "two_calls":  {"not due": 32, "due": 41, "exact": 37, "off": 22},
    "by_pointer": {"not due": 28, "due": 36, "exact": 33, "off": 18},
}

# What one more call of another function adds at most, and one more inlined body in a loop.
CALL, BODY = 3, 1

TIMED = ("__tally_time_entry", "__tally_time_exit")
FORBIDDEN = {"__tally_enter_slow", *TIMED}
WAYS = {"not due": ("any", ()), "due": ("any", TIMED), "exact": ("exact", TIMED),
        "off": ("off", ())}

LINE = re.compile(r"^ *([0-9a-f]+):\t(\S+)\s*(.*)$")
TARGET = re.compile(r"^([0-9a-f]+) <")
CALLEE = re.compile(r"R_X86_64_\w+\t(__tally_\w+)")


class Code:
    """The instructions of one function."""

    def __init__(self, lines):
        self.names, self.targets, self.calls, self.order = {}, {}, {}, []
        for line in lines:
            instruction = LINE.match(line)
            callee = CALLEE.search(line)
            if instruction:
                at, name, operands = instruction.groups()
                self.order.append(int(at, 16))
                self.names[self.order[-1]] = name
                target = TARGET.match(operands)
                if target and name.startswith("j"):
                    self.targets[self.order[-1]] = int(target[1], 16)
            elif callee and self.names[self.order[-1]] == "call":
                self.calls[self.order[-1]] = callee[1]
        self.following = dict(zip(self.order, self.order[1:]))

    def next(self, at):
        """Where it goes on behind an instruction."""
        if self.names[at] in ("ret", "ud2"):
            return []
        ways = [self.targets[at]] if at in self.targets else []
        return ways if self.names[at] == "jmp" else [*ways, self.following[at]]

    def shortest(self, start, is_end, past=()):
        """How many instructions it is from `start` to an end, both included, by calls of all of
        `past` and of no other function of the runtime's."""
        reached = collections.deque([(start, frozenset(), 1)])
        seen = set()
        while reached:
            at, have, length = reached.popleft()
            callee = self.calls.get(at)
            have |= {callee} & set(past)
            if (at, have) in seen or callee in FORBIDDEN - set(past):
                continue
            seen.add((at, have))
            if is_end(at) and len(have) == len(past):
                return length
            reached.extend((to, have, length + 1) for to in self.next(at))
        raise toolchain.Failure("there is no such way through the code")

    def length(self, past=()):
        return self.shortest(self.order[0], lambda at: self.names[at] == "ret", past)

    def round_length(self):
        """Of the loop, which the last jump backwards closes."""
        end = max(at for at, to in self.targets.items()
                  if to <= at and self.names[at] != "jmp")
        return self.shortest(self.targets[end], lambda at: at == end)


def functions(object_file):
    """{name: Code} of an object file."""
    text = toolchain.command(["objdump", "-dr", "--no-show-raw-insn", object_file]).stdout
    parts = re.split(r"^[0-9a-f]+ <(\w+)>:$", text, flags=re.MULTILINE)
    return {name: Code(body.splitlines()) for name, body in zip(parts[1::2], parts[2::2])}


def compiled(compiler, *flags):
    with tempfile.TemporaryDirectory(prefix="tally-budget-") as directory:
        output = pathlib.Path(directory) / "code.o"
        toolchain.command([compiler, "-O2", "-fno-crash-diagnostics", *flags, "-c",
                           HERE / "code.c", "-o", output])
        return functions(output)


class Instructions(unittest.TestCase):
    def setUp(self):
        self.assertTrue(toolchain.llvm_versions(), "no clang with a plugin for it is installed")

    def each_compiler(self):
        """(compiler, what it makes without the plugin, {timing: what it makes with it})."""
        for version in toolchain.llvm_versions():
            plugin = f"-fplugin={toolchain.plugin(version)}"
            builds = {"any": compiled(f"clang-{version}", plugin)}
            for timing in ("exact", "adaptive", "off"):
                builds[timing] = compiled(f"clang-{version}", plugin,
                                          f"-fplugin-arg-tally-timing={timing}")
            yield f"clang-{version}", compiled(f"clang-{version}"), builds

    def test_budget(self):
        for compiler, plain, builds in self.each_compiler():
            for name, budget in BUDGET.items():
                added = {way: builds[timing][name].length(past) - plain[name].length()
                         for way, (timing, past) in WAYS.items()}
                self.assertEqual({way: n for way, n in added.items() if n > budget[way]}, {},
                                 f"{name}, {compiler}")

    def test_calls(self):
        for compiler, plain, builds in self.each_compiler():
            for timing, past in WAYS.values():
                lengths = [codes[name].length(past if codes is not plain else ())
                           for codes in (plain, builds[timing])
                           for name in ("one_call", "two_calls")]
                self.assertLessEqual(lengths[3] - lengths[2] - (lengths[1] - lengths[0]), CALL,
                                     f"{timing}, {compiler}")

    def test_inlined_bodies(self):
        for compiler, plain, builds in self.each_compiler():
            for timing, codes in builds.items():
                added = codes["loop"].round_length() - plain["loop"].round_length()
                self.assertLessEqual(added, BODY, f"{timing}, {compiler}")

    def test_adaptive_is_what_the_run_may_choose(self):
        for compiler, _, builds in self.each_compiler():
            for name in BUDGET:
                self.assertEqual(*(builds[timing][name].length() for timing in ("any", "adaptive")),
                                 f"{name}, {compiler}")

    def test_exact_and_off_ask_nothing(self):
        """Fixed in the code, each call is timed, or none, and there is no other way."""
        for compiler, _, builds in self.each_compiler():
            for timing, past in (("exact", ()), ("off", TIMED)):
                with self.assertRaises(toolchain.Failure, msg=f"{timing}, {compiler}"):
                    builds[timing]["leaf"].length(past)


if __name__ == "__main__":
    unittest.main()
