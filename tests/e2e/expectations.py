"""The known answers that stand in a program's own comments, and their comparison with a profile.

    // EXPECT[WHEN] calls FUNCTION VALUE           how often it was called
    // EXPECT[WHEN] edge CALLER CALLEE VALUE       how often it was called by this caller
    // EXPECT[WHEN] path A;B;C VALUE               calls of C by B by A, A called by nobody known
    // EXPECT[WHEN] line CALLER CALLEE LINE...     the lines of CALLER that call CALLEE, all of them
    // EXPECT[WHEN] callers FUNCTION CALLER...     who calls it, all of them; - for nobody known
    // EXPECT[WHEN] declared FUNCTION FILE LINE    where it stands
    // EXPECT[WHEN] linkage FUNCTION NAME          its name to the linker
    // EXPECT[WHEN] absent FUNCTION                it is in no stack
    // EXPECT[WHEN] run KEY.KEY VALUE              what run.json says

Of the heap, where a function is that of the innermost frame, the one that allocates:

    // EXPECT[WHEN] heap FUNCTION VALUE...         objects and bytes allocated, and live at the end
    // EXPECT[WHEN] heap_path A;B;C VALUE...       the same, of C called by B by A and nobody else
    // EXPECT[WHEN] heap_line FUNCTION LINE...     the lines where it allocates, all of them
    // EXPECT[WHEN] pool KIND FUNCTION VALUE...    as heap, of what is said by tally_alloc
    // EXPECT[WHEN] peak FUNCTION VALUE...         objects and bytes live at the peak, most bytes
    // EXPECT[WHEN] freed FUNCTION VALUE VALUE     objects freed, and those that were temporary
    // EXPECT[WHEN] sizes FUNCTION BYTES=N...      objects of each class of sizes, all of them

WHEN       conditions, all of which must hold, separated by commas: plugin, hooks, gcc, clang,
           clang-19, O0 … Os, g, named (names and files are the source's: not the hooks' without -g);
           with ! before one that must not. None: always. Lines are compared only where there are
           any: with -g.
FUNCTION   as in the source, without parameters; * stands for anything; quotes where it has blanks;
           name@file.c: the one of that file; OUTSIDE for no instrumented one
VALUE      7049155 or 7_049_155, or stdout:KEY for the N of a line KEY=N the program prints; with
           >= or <= before it: at least, at most
LINE       12, or @name for the line on which the program says @name
"""

import collections
import json
import operator
import pathlib
import re
import shlex

EXPECT = re.compile(r"//\s*EXPECT(?:\[([^\]]*)\])?\s+(\w+)\s+(.*)$")
ARGUMENTS = {"calls": 2, "edge": 3, "path": 2, "line": None, "callers": None, "declared": 3,
             "linkage": 2, "absent": 1, "run": 2, "heap": None, "heap_path": None,
             "heap_line": None, "pool": None, "peak": 4, "freed": 3, "sizes": None}
OUTSIDE = "[outside instrumented code]"
RELATIONS = {">=": operator.ge, "<=": operator.le}

CONDITION = re.compile(r"!?(plugin|hooks|gcc|clang|clang-\d+|O[0123s]|g|named)")


class BadExpectation(Exception):
    pass


class Expectation:
    def __init__(self, place, when, verb, arguments):
        if verb not in ARGUMENTS:
            raise BadExpectation(f"{place}: EXPECT {verb}: no such expectation")
        if len(arguments) != (ARGUMENTS[verb] or max(2, len(arguments))):
            raise BadExpectation(f"{place}: EXPECT {verb}: {len(arguments)} arguments")
        self.place, self.verb, self.arguments = place, verb, arguments
        self.when = [word.strip() for word in when.split(",")] if when else []
        for word in self.when:
            if not CONDITION.fullmatch(word):
                raise BadExpectation(f"{place}: [{word}]: no such condition")

    @classmethod
    def of_text(cls, text):
        verb, *arguments = shlex.split(text)
        return cls("test", "", verb, arguments)

    def applies(self, traits):
        if self.verb in ("line", "heap_line") and "g" not in traits:
            return False
        if self.verb == "declared" and "g" not in traits:
            return False
        return all((word.lstrip("!") in traits) != word.startswith("!") for word in self.when)

    def __str__(self):
        return f"{self.place}: {self.verb} {' '.join(self.arguments)}"


def parse(path):
    """The expectations in a source file, and {name: line} of its @names."""
    expectations, names = [], {}
    for number, text in enumerate(path.read_text().splitlines(), 1):
        place = f"{path.name}:{number}"
        found = EXPECT.search(text)
        if found:
            when, verb, rest = found.groups()
            expectations.append(Expectation(place, when, verb, shlex.split(rest)))
        else:
            names.update((name, number) for name in re.findall(r"@(\w+)", text))
    return expectations, names


def pattern(text):
    """Whether a frame is of the function that `text` names."""
    name, _, file = text.replace("OUTSIDE", OUTSIDE).partition("@")
    is_name = re.compile(".*".join(map(re.escape, name.split("*"))), re.DOTALL).fullmatch
    return lambda frame: is_name(frame.name) and (
        not file or pathlib.PurePath(frame.file).match(file))


class Comparison:
    """One profile of one run. Its methods named like expectations return what is wrong, or None."""

    def __init__(self, profile, run_json, stdout, names):
        self.samples = [s for s in profile.samples if s.calls]
        self.profile, self.run_json, self.names = profile, run_json, names
        self.printed = dict(re.findall(r"^(\w+)=(\d+)$", stdout, re.MULTILINE))

    def value(self, text):
        """A test of a number, for VALUE."""
        holds = RELATIONS.get(text[:2], operator.eq)
        text = text.lstrip("<>=")
        if text.startswith("stdout:"):
            if text[7:] not in self.printed:
                raise BadExpectation(f"the program prints no {text[7:]}=N")
            text = self.printed[text[7:]]
        return lambda got: holds(got, int(text))

    def line_number(self, text):
        return self.names[text[1:]] if text.startswith("@") else int(text)

    def counted(self, wanted, got):
        return None if self.value(wanted)(got) else f"got {got}"

    def leaves(self, function):
        is_it = pattern(function)
        return [s for s in self.samples if is_it(s.frames[0])]

    def calls(self, function, value):
        return self.counted(value, sum(s.calls for s in self.leaves(function)))

    def edges(self, caller, callee):
        is_caller = pattern(caller)
        return [s for s in self.leaves(callee)
                if len(s.frames) > 1 and is_caller(s.frames[1])]

    def edge(self, caller, callee, value):
        return self.counted(value, sum(s.calls for s in self.edges(caller, callee)))

    def path(self, path, value):
        wanted = [pattern(name) for name in reversed(path.split(";"))]
        return self.counted(value, sum(
            s.calls for s in self.samples if len(s.frames) == len(wanted) and
            all(is_it(frame) for is_it, frame in zip(wanted, s.frames))))

    def same_set(self, wanted, got):
        if set(wanted) == set(got):
            return None
        return f"got {' '.join(sorted(map(str, set(got)))) or 'none'}"

    def line(self, caller, callee, *lines):
        return self.same_set([self.line_number(line) for line in lines],
                             [s.frames[1].line for s in self.edges(caller, callee)])

    def callers(self, function, *callers):
        return self.same_set(callers, [s.frames[1].name if len(s.frames) > 1 else "-"
                                       for s in self.leaves(function)])

    def declared(self, function, file, line):
        got = {(f.file, f.start_line) for s in self.leaves(function) for f in s.frames[:1]}
        wanted = self.line_number(line)
        if got and all(path.endswith("/" + file) and at == wanted for path, at in got):
            return None
        return f"got {sorted(got)}"

    def linkage(self, function, name):
        return self.same_set([name], [s.frames[0].linkage_name for s in self.leaves(function)])

    def run(self, keys, value):
        got = self.run_json
        for key in keys.split("."):
            got = got[key]
        if isinstance(got, int):
            return self.counted(value, got)
        return None if got == value else f"got {json.dumps(got)}"

    def sites(self, kind, function):
        is_it = pattern(function)
        return [s for s in self.profile.beside[kind].samples if is_it(s.frames[0])]

    def summed(self, kind, samples, wanted):
        names = self.profile.beside[kind].values
        sums = [sum(s.values[name] for s in samples) for name in names][:len(wanted)]
        if len(sums) == len(wanted) and all(self.value(w)(n) for w, n in zip(wanted, sums)):
            return None
        return f"got {' '.join(map(str, sums))}"

    def heap(self, function, *values):
        return self.summed("heap", self.sites("heap", function), values)

    def heap_path(self, path, *values):
        functions = path.split(";")
        samples = [s for s in self.sites("heap", functions[-1]) if len(s.frames) == len(functions)
                   and all(pattern(name)(frame) for name, frame in zip(functions, s.frames[::-1]))]
        return self.summed("heap", samples, values)

    def heap_line(self, function, *lines):
        return self.same_set([self.line_number(line) for line in lines],
                             [s.frames[0].line for s in self.sites("heap", function)])

    def pool(self, kind, function, *values):
        samples = [s for s in self.sites("pools", function) if s.labels.get("kind") == kind]
        return self.summed("pools", samples, values)

    def peak(self, function, *values):
        return self.summed("peak", self.sites("peak", function), values)

    def freed(self, function, *values):
        return self.summed("lifetime", self.sites("lifetime", function), values)

    def sizes(self, function, *wanted):
        got = collections.Counter()
        for s in self.sites("sizes", function):
            got[s.labels["bytes"]] += s.values["alloc_objects"]
        return self.same_set(wanted, [f"{size}={n}" for size, n in got.items()])

    def absent(self, function):
        is_it = pattern(function)
        here = any(is_it(f) for s in self.profile.samples for f in s.frames)
        return "it is there" if here else None


def compare(expectations, traits, comparison):
    """The complaints of all expectations that apply to a build with these traits."""
    complaints = []
    for expectation in expectations:
        if not expectation.applies(traits):
            continue
        complaint = getattr(comparison, expectation.verb)(*expectation.arguments)
        if complaint:
            complaints.append(f"{expectation}: {complaint}")
    return complaints
