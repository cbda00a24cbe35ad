"""`tally diff` against a model of it, on random profiles.

The model is written from docs/cli.md alone and knows nothing of the command's code: it adds up
samples with Python's integers, pairs functions by name and file, and says what every number in the
JSON must be. Of pairs by similarity, and of sites, it checks what must hold for any choice.
"""

import itertools
import json
import random
import unittest
from collections import defaultdict

from harness import Case, run
from profile import Profile

SEEDS = range(180)
LIMITS = -2**63, 2**63 - 1
NOBODY = None


class Run:
    """A profile as plain lists; samples have stacks of locations, innermost first."""

    def __init__(self, functions, locations, samples):
        self.functions, self.locations, self.samples = functions, locations, samples

    def write(self, path, type_, order=None):
        """order: a random.Random that shuffles what must not matter."""
        p = Profile([type_])
        functions, locations, samples = (list(range(len(of))) for of in
                                         (self.functions, self.locations, self.samples))
        for of in (functions, locations, samples):
            if order:
                order.shuffle(of)
        ids = {i: p.function(*self.functions[i]) for i in functions}
        ids[None] = 0
        at = {i: p.location([(ids[function], line) for function, line in self.locations[i]],
                            address=0x1000 + i) for i in locations}
        for i in samples:
            stack, value, labels = self.samples[i]
            p.sample([at[j] for j in stack], [value], labels)
        p.write(path)

    def identity(self, function, location):
        """Functions of one linkage name (or name) and file are one."""
        if function is None:
            return f"{0x1000 + location:#x}", ""
        name, system_name, file, _ = self.functions[function]
        key = system_name or name
        for suffix in (".cold", ".part.0"):
            key = key.removesuffix(suffix)
        return key, file

    def stacks(self):
        """(identity, line) of each frame, innermost first, and the value."""
        for stack, value, _ in self.samples:
            frames = [(self.identity(function, location), line) for location in stack
                      for function, line in self.locations[location] or [(None, 0)]]
            if frames:
                yield frames, value

    def identities(self):
        """Also of what no sample is in."""
        named = {self.identity(i, None) for i in range(len(self.functions))}
        return named | {self.identity(None, i) for i, lines in enumerate(self.locations)
                        if not lines or any(function is None for function, _ in lines)}


def value(random_):
    return random_.choice([random_.randint(1, 9), random_.randint(-9, 9), 0, 2**63 - 1, -2**63,
                           random_.randint(*LIMITS), random_.randint(1, 10**6)])


def small(random_):
    return random_.randint(1, 10**6)


def make(random_, names, values=value):
    def function():
        name = random_.choice(names)
        system_name = random_.choice([name, name, "", name + ".cold", name + ".part.0"])
        return name, system_name, random_.choice(["a.c", "b.c", "x/a.c", ""]), random_.randint(0, 9)

    functions = [function() for _ in range(random_.randint(0, 8))]
    of = [*range(len(functions)), None]
    locations = [[(random_.choice(of), random_.randint(0, 6))
                  for _ in range(random_.choice([0, 1, 1, 1, 2, 3]))]
                 for _ in range(random_.randint(1, 12))]
    # Labels keep equal stacks apart, which may not add up to more than 64 bits.
    samples = [([random_.randrange(len(locations)) for _ in range(random_.randint(0, 6))],
                values(random_), (("number", (i + 1, "")),))
               for i in range(random_.randint(0, 15))]
    return Run(functions, locations, samples)


def edited(random_, run_, values=value):
    """What the next version of it may be: other values, functions renamed, samples gone."""
    functions = [(name + "_new", system_name and system_name + "_new", file, line)
                 if random_.random() < 0.2 else (name, system_name, file, line + 1)
                 for name, system_name, file, line in run_.functions]
    samples = [(stack, old if random_.random() < 0.5 else values(random_), labels)
               for stack, old, labels in run_.samples if random_.random() < 0.9]
    return Run(functions, run_.locations, samples)


def rows_of(run_, by, is_calls, joint):
    """key: (self, cum), of one run. `joint` tells which function of both builds one is."""
    rows = defaultdict(lambda: [0, 0])
    for frames, value_ in run_.stacks():
        seen = set()
        path = [joint(identity) for identity, _ in frames]
        for i, function in enumerate(path):
            own = value_ if i == 0 else 0
            key = function
            if by == "edges":
                key = function, path[i + 1] if i + 1 < len(path) else NOBODY
            if by == "lines":
                if is_calls and i == 0:
                    continue
                own = value_ if i == is_calls else 0
                key = function, path[i - 1] if i else NOBODY, frames[i][1]
            if by == "paths":
                key, own = tuple(path), value_
            rows[key][0] += own
            rows[key][1] += 0 if key in seen else value_
            seen.add(key)
            if by == "paths":
                break
    return rows


def likeness(one, other):
    """Components at the end that are equal, of paths that differ."""
    a, b = one.split("/")[::-1], other.split("/")[::-1]
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(a, b)))


def pair_by_name(old, new):
    """Pairs of identities that share a key: of one file, or else nearest to one another."""
    pairs = {}
    for key in {key for key, _ in old} & {key for key, _ in new}:
        ours, theirs = ({at for at in of if at[0] == key} for of in (old, new))

        def nearest(at, others):
            best = max((likeness(at[1], other[1]) for other in others), default=None)
            found = [other for other in others if likeness(at[1], other[1]) == best]
            return found[0] if len(found) == 1 else None

        for at in ours & theirs:
            pairs[at] = at
        found = True
        while found:
            left = ours - pairs.keys()
            right = theirs - set(pairs.values())
            found = [(at, nearest(at, right)) for at in left
                     if nearest(at, right) and nearest(nearest(at, right), left) == at]
            pairs.update(found[:1])
    return pairs


def median(values):
    """Of an even number the mean of both in the middle, rounded to even."""
    values = sorted(values)
    twice = values[(len(values) - 1) // 2] + values[len(values) // 2]
    half, is_between = divmod(twice, 2)
    return half + (is_between and half % 2)


def mann_whitney(one, other):
    """Two-sided, from all ways to tell the values apart."""
    values = one + other
    ranks = [sum(2 if at < value_ else 1 for at in values if at <= value_) for value_ in values]
    sums = [sum(chosen) for chosen in itertools.combinations(ranks, len(one))]
    seen = sum(ranks[:len(one)])
    low, high = sum(at <= seen for at in sums), sum(at >= seen for at in sums)
    return min(1, 2 * min(low, high) / len(sums))


def cut(number):
    return min(max(number, LIMITS[0]), LIMITS[1])


class Expected:
    """What one row says of a value."""

    def __init__(self, old, new):
        self.sides = old, new
        self.change = median(new) - median(old)
        self.varies = len(set(old)) > 1 or len(set(new)) > 1


class Model(Case):
    TYPES = ("calls", "count"), ("n", "count"), ("wall", "nanoseconds")

    def write(self, runs, side, type_, order=None):
        names = [f"{side}{i}.pb" for i in range(len(runs))]
        for name, run_ in zip(names, runs):
            run_.write(self.directory / name, type_, order)
        return names

    def diff(self, old, new, by):
        made = run("diff", "--json", "-n0", *([f"--{by}"] if by != "functions" else []),
                   *old, "--", *new, cwd=self.directory)
        self.assertEqual(made.returncode, 0, made.stderr)
        result = json.loads(made.stdout)
        self.assertEqual(made.stderr != b"", result.get("saturated", False))
        return result

    @staticmethod
    def of_json(function):
        """Side it is of (both: None), and its identity there."""
        if function is NOBODY:
            return NOBODY
        key = function["system_name"] or function["name"]
        for suffix in (".cold", ".part.0"):
            key = key.removesuffix(suffix)
        side = "old" if function["rule"] == "none" and function["old_name"] is not None else "new"
        return side, (key, function["file"])

    def joints(self, result, old, new):
        """Functions that tell the joint identity of one of either side. Pairs by similarity are
        those that the command says, if they can be pairs."""
        sides = [set().union(*(run_.identities() for run_ in runs)) for runs in (old, new)]
        pairs = pair_by_name(*sides)
        for function in result["renamed"]:
            _, to = self.of_json(function)
            key = function["old_system_name"] or function["old_name"]
            for suffix in (".cold", ".part.0"):
                key = key.removesuffix(suffix)
            candidates = [at for at in sides[0] - pairs.keys() if at[0] == key]
            self.assertIn(to, sides[1] - set(pairs.values()))
            self.assertGreaterEqual(function["score"], 60)
            if len(candidates) != 1:
                self.skipTest("which of several was renamed is not said")
            pairs[candidates[0]] = to
        return (lambda at: ("new", pairs[at]) if at in pairs else ("old", at)), \
            (lambda at: ("new", at))

    def key_of(self, row, by):
        key = self.of_json(row)
        if by == "edges":
            return key, self.of_json(row["caller"])
        if by == "paths":
            return (key, *map(self.of_json, row["callers"]))
        return key

    def check_value(self, row, name, expected):
        for side, values in zip(("old", "new"), expected.sides):
            self.assertEqual(row[side][name], cut(median(values)))
            if len(values) > 1:
                self.assertEqual(row[side][f"{name}_range"], [cut(min(values)), cut(max(values))])
        self.assertEqual(row["change"][name], cut(expected.change))

    def check_rows(self, result, old, new, by, type_):
        measure, = result["measures"]
        is_calls, is_time = type_[0] == "calls", type_[1] == "nanoseconds"
        joint = self.joints(result, old, new)
        sums = [[rows_of(run_, by, is_calls, joint[side]) for run_ in runs]
                for side, runs in enumerate((old, new))]
        has_cum = not is_calls and by != "paths"
        seen, unchanged, varying = {}, 0, 0
        rows = {self.key_of(row, by): row for row in measure["rows"]}
        self.assertEqual(len(rows), len(measure["rows"]))
        for key in {key for side in sums for run_ in side for key in run_}:
            own, cum = (Expected(*([run_[key][i] if key in run_ else 0 for run_ in side]
                                   for side in sums)) for i in (0, 1))
            varies = not is_time and (own.varies or (not is_calls and cum.varies))
            varying += varies
            if not (own.change or (not is_calls and cum.change) or varies):
                unchanged += 1
                self.assertNotIn(key, rows)
                continue
            row = seen[key] = rows[key]
            for side, name in enumerate(("in_old", "in_new")):
                # A function may be in a build and in no sample.
                there = (key in {joint[side](at) for run_ in (old, new)[side]
                                 for at in run_.identities()}
                         if by == "functions" else any(key in run_ for run_ in sums[side]))
                self.assertEqual(row[name], there)
            self.check_value(row, "self", own)
            if has_cum:
                self.check_value(row, "cum", cum)
            self.assertEqual("cum" in row["change"], has_cum)
            if not is_time:
                self.assertEqual(row["deterministic"], not varies)
            if is_time and len(old) > 1 and len(new) > 1:
                self.assertAlmostEqual(row["p"], mann_whitney(*own.sides))
        self.assertEqual(seen.keys(), rows.keys())
        self.assertEqual((measure["rows_unchanged"], measure["rows_not_deterministic"]),
                         (unchanged, varying))
        total = Expected(*([sum(value_ for _, value_ in run_.stacks()) for run_ in runs]
                           for runs in (old, new)))
        self.check_value(measure["total"], "self", total)
        if len(old) == len(new) == 1 and "saturated" not in result:
            self.assertEqual(sum(row["change"]["self"] for row in rows.values()), total.change)

    def test_functions_edges_and_paths(self):
        for seed in SEEDS:
            random_ = random.Random(seed)
            names = [f"f{i}" for i in range(random_.randint(1, 6))]
            type_ = random_.choice(self.TYPES)
            old = [make(random_, names)]
            new = [random_.choice([make(random_, names), edited(random_, old[0])])]
            if random_.random() < 0.5: # several runs
                old += [edited(random_, old[0]) for _ in range(random_.randint(0, 3))]
                new += [edited(random_, new[0]) for _ in range(random_.randint(0, 3))]
            by = random_.choice(["functions", "edges", "paths"])
            with self.subTest(seed=seed, by=by, type=type_):
                operands = self.write(old, "old", type_), self.write(new, "new", type_)
                result = self.diff(*operands, by)
                self.check_rows(result, old, new, by, type_)

    @staticmethod
    def swapped(row):
        """What a row says, of OLD as of NEW, without what is said of the latest version alone."""
        return json.dumps([row["new"], row["old"], {name: -change for name, change in
                                                    row["change"].items()},
                           row["in_new"], row["in_old"]]), \
            (row["new_line"], row["old_line"]) if "new_line" in row else None

    @staticmethod
    def as_it_is(row):
        return json.dumps([row["old"], row["new"], row["change"], row["in_old"], row["in_new"]]), \
            (row["old_line"], row["new_line"]) if "new_line" in row else None

    def test_swapped_shuffled_and_with_itself(self):
        for seed in SEEDS:
            random_ = random.Random(seed)
            names = [f"f{i}" for i in range(random_.randint(1, 6))]
            names += random_.choice([[], ["g()::$_0::operator()", "g()::$_1::operator()"]])
            type_ = random_.choice(self.TYPES)
            old = make(random_, names, small)
            new = random_.choice([make(random_, names, small), edited(random_, old, small)])
            by = random_.choice(["functions", "edges", "lines", "paths"])
            with self.subTest(seed=seed, by=by, type=type_):
                operands = self.write([old], "old", type_), self.write([new], "new", type_)
                result = self.diff(*operands, by)
                back = self.diff(*operands[::-1], by)
                self.assertEqual(sorted(map(self.swapped, back["measures"][0]["rows"])),
                                 sorted(map(self.as_it_is, result["measures"][0]["rows"])))
                itself = self.diff(operands[0], operands[0], by)
                self.assertEqual((itself["measures"][0]["rows"], itself["renamed"]), ([], []))
                self.write([old], "old", type_, random_)
                self.write([new], "new", type_, random_)
                self.assertEqual(self.diff(*operands, by), result)

    def test_sites(self):
        for seed in SEEDS:
            random_ = random.Random(seed)
            # No value of OLD is one of NEW, and none is 0: every site changes and is seen.
            callees = [f"g{i}" for i in range(random_.randint(1, 4))]
            functions = [("f", "f", "a.c", 1), *((name, name, "a.c", 1) for name in callees)]

            def sites(values):
                lines = {(random_.randint(1, 12), random_.randint(1, len(callees)))
                         for _ in range(random_.randint(0, 12))}
                locations = [[(i, 1)] for i in range(len(functions))]
                samples = []
                for line, callee in lines:
                    locations.append([(0, line)])
                    samples.append(([callee, len(locations) - 1], random_.randint(*values), ()))
                return Run(functions, locations, samples)

            old, new = sites((1, 99)), sites((100, 199))
            type_ = "calls", "count"
            with self.subTest(seed=seed):
                operands = self.write([old], "old", type_), self.write([new], "new", type_)
                measure, = self.diff(*operands, "lines")["measures"]
                self.check_sites(measure["rows"], old, new)

    def check_sites(self, rows, old, new):
        def sites_of(run_):
            return sorted((frames[1][1], frames[0][0][0], value_)
                          for frames, value_ in run_.stacks())

        ours, theirs = sites_of(old), sites_of(new)
        for side, sites in (("old", ours), ("new", theirs)):
            self.assertEqual(sorted((row[f"{side}_line"], row["callee"]["name"], row[side]["self"])
                                    for row in rows if row[f"in_{side}"]), sites)
        pairs = sorted((row["old_line"], row["new_line"]) for row in rows
                       if row["in_old"] and row["in_new"])
        self.assertEqual([new_ for _, new_ in pairs], sorted(new_ for _, new_ in pairs))
        # As many as can be paired in order, but for some that equal lines outweigh.
        best = defaultdict(int)
        for i, j in itertools.product(range(len(ours)), range(len(theirs))):
            (line, callee, _), (other_line, other, _) = ours[i], theirs[j]
            taken = best[i, j] + 1 if callee == other else 0
            best[i + 1, j + 1] = max(best[i, j + 1], best[i + 1, j], taken)
        self.assertLessEqual(len(pairs), best[len(ours), len(theirs)])
        self.assertGreaterEqual(5 * len(pairs), 4 * best[len(ours), len(theirs)])

    def test_other_names_make_no_counts(self):
        for seed in SEEDS:
            random_ = random.Random(seed)
            names = [f"f{i}" for i in range(8)]
            old = make(random_, names, small)
            other = {name: f"n{random_.randrange(10**6)}_{i}" for i, name in enumerate(names)}
            new = Run([(other[name], system_name.replace(name, other[name]), file, line)
                       if random_.random() < 0.7 or name != names[0] else
                       (name, system_name, file, line)
                       for name, system_name, file, line in old.functions],
                      old.locations, old.samples)
            type_ = random_.choice(self.TYPES)
            with self.subTest(seed=seed, type=type_):
                operands = self.write([old], "old", type_), self.write([new], "new", type_)
                self.check_rows(self.diff(*operands, "functions"), [old], [new], "functions", type_)


if __name__ == "__main__":
    unittest.main()
