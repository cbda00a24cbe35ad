"""The data of `tally report`: that its sums are those of the profiles, whatever is folded away; what
becomes of hostile names and large numbers; which profiles and sources are shown, and what is said
about those that are not. The page itself is tested in tests/page."""

import base64
import gzip
import html
import json
import os
import random
import re
import shutil
import unittest
from collections import Counter, defaultdict
from pathlib import Path

import heap_profiles
import profiles
from harness import Case, run
from profile import Profile

CALLS = profiles.CALLS
NOBODY, SMALL = -1, -2


class Report(Case):
    def data(self, *arguments):
        return json.loads(self.run_ok("report", "--json", *arguments))

    def only(self, *arguments):
        """The data, and its single profile."""
        data = self.data(*arguments)
        self.assertEqual(len(data["profiles"]), 1)
        return data, data["profiles"][0]

    def write(self, name, *stacks, types=CALLS, **options):
        """A profile of stacks, each (functions with lines, the leaf first) and values."""
        p = Profile(types, **options)
        functions, locations = {}, {}
        for frames, values in stacks:
            for function, line in frames:
                if function not in functions:
                    functions[function] = p.function(function, file=f"/src/{function}.c", line=1)
                if (function, line) not in locations:
                    locations[function, line] = p.location([(functions[function], line)])
            p.sample([locations[frame] for frame in frames], values)
        p.write(self.directory / name)


def names(data):
    return [data["strings"][i] for i in data["functions"]["name"]]


def columns(*of):
    """Rows of columns, as integers."""
    return [tuple(int(value) for value in row) for row in zip(*of)]


def by_type(measure):
    """[[value by row] by type] of a side as a tuple of values for each row."""
    return columns(*measure)


def paths(data, tree):
    """The stack of each node, the outermost function first; small contexts are None."""
    of = [()]
    for i in range(1, len(tree["parent"])):
        function = tree["function"][i]
        parent = tree["parent"][i]
        assert parent < i
        of.append((*of[parent], None if function == SMALL else names(data)[function]))
    return of


def random_stacks(seed, n=400, n_functions=12, depth=9):
    chosen = random.Random(seed)
    return [([(f"f{chosen.randrange(n_functions)}", chosen.randrange(1, 5))
              for _ in range(chosen.randrange(1, depth))],
             [chosen.randrange(1, 1000), chosen.randrange(10**6)]) for _ in range(n)]


def plus(a, b):
    return tuple(x + y for x, y in zip(a, b))


class Sums:
    """The same sums, taken the plain way."""

    def __init__(self, stacks):
        nothing = (0, 0)
        self.contexts = defaultdict(lambda: nothing)
        self.self_, self.cum = defaultdict(lambda: nothing), defaultdict(lambda: nothing)
        self.edges, self.made = defaultdict(lambda: nothing), Counter()
        self.lines_self, self.lines_cum = (defaultdict(lambda: nothing) for _ in range(2))
        self.total = nothing
        for frames, values in stacks:
            functions = [function for function, _ in frames]
            self.total = plus(self.total, values)
            path = tuple(reversed(functions))
            for end in range(1, len(path)):
                self.contexts[path[:end]] = plus(self.contexts[path[:end]], nothing)
            self.contexts[path] = plus(self.contexts[path], values)
            self.self_[functions[0]] = plus(self.self_[functions[0]], values)
            self.lines_self[frames[0]] = plus(self.lines_self[frames[0]], values)
            for function in set(functions):
                self.cum[function] = plus(self.cum[function], values)
            for frame in set(frames):
                self.lines_cum[frame] = plus(self.lines_cum[frame], values)
            for edge in set(zip(functions[1:], functions)):
                self.edges[edge] = plus(self.edges[edge], (0, values[1]))
            if len(frames) > 1:
                edge = (functions[1], functions[0])
                self.edges[edge] = plus(self.edges[edge], (values[0], 0))
                self.made[frames[1]] += values[0]


class Numbers(Report):
    def check_side(self, data, side, expected):
        """Everything of a side but the tree is as expected."""
        profile, name = data["profiles"][0], names(data)
        self.assertEqual(tuple(profile["total"][side]), expected.total)
        functions = [name[i] for i in profile["functions"]["function"]]
        for key, sums in (("self", expected.self_), ("cum", expected.cum)):
            found = dict(zip(functions, by_type(profile["functions"][key][side])))
            self.assertEqual({f: v for f, v in found.items() if any(v)},
                             {f: v for f, v in sums.items() if any(v)})
        edges = profile["edges"]
        found = dict(zip([(name[a], name[b]) for a, b in zip(edges["caller"], edges["callee"])],
                         by_type(edges["value"][side])))
        self.assertEqual({e: v for e, v in found.items() if any(v)}, dict(expected.edges))
        lines = profile["lines"][side]
        places = [(name[f], line) for f, line in zip(lines["function"], lines["line"])]
        self.assertEqual(dict(zip(places, by_type(lines["cum"]))), dict(expected.lines_cum))
        self.assertEqual({p: v for p, v in zip(places, by_type(lines["self"])) if any(v)},
                         {p: v for p, v in expected.lines_self.items() if any(v)})
        self.assertEqual({p: n for p, n in zip(places, lines["made"]) if n}, dict(expected.made))

    def test_one_profile(self):
        stacks = random_stacks(1)
        self.write("a.pb", *stacks, default="wall")
        data, profile = self.only("a.pb")
        self.assertEqual((data["format"], len(data["sides"]), data["notes"][:-1]), (1, 1, []))
        self.assertEqual(profile["types"], [{"name": "calls", "unit": "count"},
                                            {"name": "wall", "unit": "nanoseconds"}])
        self.assertEqual((profile["default"], profile["count"], profile["calls"]), (1, [0, 0], 0))
        expected = Sums(stacks)
        self.check_side(data, 0, expected)
        self.assertEqual(dict(zip(paths(data, profile["tree"])[1:],
                                  by_type(profile["tree"]["self"][0])[1:])), expected.contexts)

    def test_two_profiles(self):
        old, new = random_stacks(2), random_stacks(3, n_functions=15)
        self.write("a.pb", *old)
        self.write("b.pb", *new)
        data, profile = self.only("a.pb", "b.pb")
        self.check_side(data, 0, Sums(old))
        self.check_side(data, 1, Sums(new))
        nodes = paths(data, profile["tree"])
        for side, expected in ((0, Sums(old)), (1, Sums(new))):
            found = dict(zip(nodes, by_type(profile["tree"]["self"][side])))
            self.assertEqual({n: v for n, v in found.items() if any(v)},
                             {n: v for n, v in expected.contexts.items() if any(v)})
        self.assertEqual(set(nodes[1:]), {*Sums(old).contexts, *Sums(new).contexts})
        status = dict(zip(names(data), data["functions"]["status"]))
        self.assertEqual({n for n, s in status.items() if s == 1}, {"f12", "f13", "f14"})
        self.assertEqual({s for n, s in status.items() if n not in ("f12", "f13", "f14")}, {0})

    def place(self, data, function):
        functions, strings = data["functions"], data["strings"]
        return strings[functions["system_name"][function]], strings[functions["file"][0][function]]

    def test_they_are_those_of_top(self):
        heap_profiles.feed(self.directory)
        data = self.data("feed.tally")
        self.assertEqual([p["kind"] for p in data["profiles"]],
                         ["calls", "heap", "peak", "lifetime"])
        for profile in data["profiles"]:
            for t, type_ in enumerate(profile["types"]):
                made = json.loads(self.run_ok("top", "--json", "-n0", "feed.tally", "--profile",
                                              profile["kind"], "--sample", type_["name"]))
                rows = profile["functions"]
                found = {self.place(data, f): [int(rows[key][0][t][i]) for key in ("self", "cum")]
                         for i, f in enumerate(rows["function"])}
                self.assertEqual(found, {(row["system_name"], row["file"]):
                                         [row["self"], row["cum"]] for row in made["functions"]})
                self.assertEqual(profile["total"][0][t], made["total"])

    def test_counts_of_values(self):
        heap_profiles.feed(self.directory)
        heap = self.data("feed.tally")["profiles"][1]
        self.assertEqual((heap["count"], heap["calls"], heap["default"]), ([0, 0, 2, 2], -1, 3))
        self.assertEqual(heap["lines"][0]["made"], [])

    def test_variances_are_no_values(self):
        profiles.adaptive(self.directory)
        for profile in self.data("adaptive.tally")["profiles"]:
            self.assertEqual([t["name"] for t in profile["types"]], ["calls", "wall"])

    def test_values_beyond_doubles_and_64_bits(self):
        largest = 2**63 - 1
        self.write("a.pb", *[([("f", line)], [largest, 2**53 - 1]) for line in (1, 2, 3)],
                   ([("g", 1)], [0, -2**53]))
        _, profile = self.only("a.pb")
        self.assertEqual(profile["functions"]["self"][0],
                         [[str(3 * largest), 0], [str(3 * (2**53 - 1)), str(-2**53)]])
        self.assertEqual(profile["total"][0], [str(3 * largest), str(3 * (2**53 - 1) - 2**53)])
        self.write("b.pb", ([("f", 1)], [2**53 - 1, 1 - 2**53]))
        self.assertEqual(self.only("b.pb")[1]["total"][0], [2**53 - 1, 1 - 2**53])

    def test_filters(self):
        profiles.shop_profile().write(self.directory / "a.pb")
        data, profile = self.only("a.pb", "--focus=price", "--hide=^main$", "--ignore=check")
        made = json.loads(self.run_ok("top", "--json", "-n0", "--sample=calls", "--focus=price",
                                      "--hide=^main$", "--ignore=check", "a.pb"))
        name = names(data)
        self.assertEqual({name[f]: n for f, n in zip(profile["functions"]["function"],
                                                     profile["functions"]["self"][0][0])},
                         {row["name"]: row["self"] for row in made["functions"]})
        self.assertEqual(profile["total"][0][0], made["total"])
        for wanted in ("--focus price", "--hide ^main$", "--ignore check"):
            self.assertTrue(any(wanted in note for note in data["notes"]), wanted)

    def test_hidden_calls_are_nobodys(self):
        self.write("a.pb", ([("leaf", 1), ("main", 2)], [5, 70]))
        data, profile = self.only("a.pb", "--hide=leaf")
        self.assertEqual(names(data), ["leaf", "main"])
        self.assertEqual(profile["functions"], {"function": [1], "self": [[[0], [70]]],
                                                "cum": [[[0], [70]]]})


class Folding(Report):
    N = 50

    def stacks(self, seed):
        return random_stacks(seed, n=3000, n_functions=40, depth=12)

    def check(self, data, stacks_by_side):
        profile = data["profiles"][0]
        tree, nodes = profile["tree"], paths(data, profile["tree"])
        all_contexts = set().union(*(Sums(stacks).contexts for stacks in stacks_by_side))
        small = [i for i, f in enumerate(tree["function"]) if f == SMALL]
        kept = {nodes[i] for i in range(1, len(nodes)) if i not in set(small)}
        self.assertEqual((tree["function"][0], tree["parent"][0]), (NOBODY, 0))
        self.assertGreaterEqual(len(kept), self.N)
        self.assertLess(len(kept), 2 * self.N)
        for path in kept:
            self.assertTrue(len(path) == 1 or path[:-1] in kept)
        for side, stacks in enumerate(stacks_by_side):
            contexts = Sums(stacks).contexts
            homes = defaultdict(lambda: (0, 0))
            for path, values in contexts.items():
                home = path
                while home not in kept and home:
                    home = home[:-1]
                key = path if home == path else (*home, None)
                homes[key] = plus(homes[key], values)
            found = dict(zip(nodes[1:], by_type(tree["self"][side])[1:]))
            self.assertEqual({n: v for n, v in found.items() if any(v)},
                             {n: v for n, v in homes.items() if any(v)})
            self.assertEqual(tuple(sum(int(v) for v in column) for column in tree["self"][side]),
                             Sums(stacks).total)
        self.assertEqual([tree["contexts"][i] for i in range(len(nodes)) if i not in set(small)],
                         [0] * (len(nodes) - len(small)))
        self.assertTrue(all(tree["contexts"][i] > 1 for i in small))
        self.assertEqual(len(kept) + sum(tree["contexts"]), len(all_contexts))
        self.assertIn(f"of {len(all_contexts):,} calling contexts, the {sum(tree['contexts']):,} ",
                      " ".join(data["notes"]))
        return kept

    def test_sums_are_kept(self):
        stacks = self.stacks(4)
        self.write("a.pb", *stacks)
        kept = self.check(self.data("a.pb", "--nodes", self.N), [stacks])
        # What is largest in either value is there.
        below = defaultdict(lambda: (0, 0))
        for frames, values in stacks:
            path = tuple(function for function, _ in reversed(frames))
            for end in range(1, len(path) + 1):
                below[path[:end]] = plus(below[path[:end]], values)
        for type_ in (0, 1):
            largest = sorted(below, key=lambda path: -below[path][type_])[:self.N // 2]
            self.assertLessEqual(set(largest), kept)

    def test_of_both_sides(self):
        old, new = self.stacks(5), self.stacks(6)
        self.write("a.pb", *old)
        self.write("b.pb", *new)
        self.check(self.data("a.pb", "b.pb", "--nodes", self.N), [old, new])

    def test_what_changed_is_kept(self):
        stacks = self.stacks(7)
        changed = [("rare", 1), ("f1", 2), ("f2", 3)]
        self.write("a.pb", *stacks)
        self.write("b.pb", *stacks, (changed, [1, 0]))
        data, profile = self.only("a.pb", "b.pb", "--nodes", self.N)
        self.assertIn(("f2", "f1", "rare"), paths(data, profile["tree"]))

    def test_tables_are_not_folded(self):
        stacks = self.stacks(8)
        self.write("a.pb", *stacks)
        few, all_ = self.only("a.pb", "--nodes=1")[1], self.only("a.pb", "--nodes=0")[1]
        for key in ("functions", "edges", "lines", "total"):
            self.assertEqual(few[key], all_[key])
        self.assertEqual(len(all_["tree"]["parent"]), 1 + len(Sums(stacks).contexts))

    def test_large(self):
        """Far more contexts than are shown."""
        p = Profile(CALLS)
        functions = [p.function(f"f{i}", line=1) for i in range(150)]
        at = [p.location([(function, 1)]) for function in functions]
        total = [0, 0]
        for i in range(150):
            for j in range(150):
                p.sample([at[j], at[i]], [i + j + 1, 1])
                total = [total[0] + i + j + 1, total[1] + 1]
        p.write(self.directory / "large.pb")
        tree = self.only("large.pb")[1]["tree"]
        kept = sum(f >= 0 for f in tree["function"])
        self.assertIn(kept, range(20000, 20000 + 150))
        self.assertEqual(kept + sum(tree["contexts"]), 150 + 150 * 150)
        self.assertEqual([sum(column) for column in tree["self"][0]], total)


class Text(Report):
    HOSTILE = b"</script><script>alert(1)</script>\x1b[2J\n\"\\\xff\xfe \xe2\x82\xac \xf0\x9f\x92\xa9"

    def write_hostile(self, name):
        p = Profile([(b"ty\xffpe\"", "co\nunt")])
        function = p.function(self.HOSTILE, self.HOSTILE, self.HOSTILE, -2**63)
        p.sample([p.location([(function, 2**63 - 1)]), p.location([(function, -1)])], [1])
        p.write(self.directory / name)

    def test_names(self):
        for name in ("a.pb", "<title><b>&.pb", "a\nb\x07.pb"):
            self.write_hostile(name)
            data, profile = self.only("--", name)
            self.assertEqual(profile["types"], [{"name": "ty\ufffdpe\"", "unit": "co\nunt"}])
            self.assertEqual(data["sides"][0]["label"], name)
            shown = names(data)[0]
            self.assertNotRegex(shown, r"[\x00-\x1f]")
            self.assertIn("</script><script>alert(1)</script>", shown)
            system_name = data["strings"][data["functions"]["system_name"][0]]
            self.assertIn("</script><script>alert(1)</script>\x1b[2J", system_name)
            self.assertEqual(data["functions"]["line"], [[0]])
            self.assertEqual(profile["lines"][0]["line"], [0, 0])

    def test_strings_are_there_once(self):
        profiles.shop_profile().write(self.directory / "a.pb")
        data = self.data("a.pb")
        self.assertEqual(data["strings"][0], "")
        self.assertEqual(len(set(data["strings"])), len(data["strings"]))


class Operands(Report):
    def test_a_single_profile_of_a_directory(self):
        heap_profiles.feed(self.directory)
        self.assertEqual(self.only("feed.tally/peak.pb.gz")[1]["kind"], "peak")
        self.assertEqual(self.only("--profile=sizes", "feed.tally")[1]["kind"], "sizes")

    def test_a_slash_behind_a_directory(self):
        heap_profiles.feed(self.directory)
        self.assertEqual(self.data("feed.tally//", "feed.tally")["sides"][0]["label"],
                         "feed.tally")

    def test_without_samples(self):
        self.write("a.pb", ([("f", 1)], [1, 1]))
        self.write("empty.pb")
        for pair, totals in ((["empty.pb"], [[0, 0]]), (["a.pb", "empty.pb"], [[1, 1], [0, 0]])):
            self.assertEqual(self.only(*pair)[1]["total"], totals)

    def test_without_operands_the_newest(self):
        profiles.shop(self.directory)
        result = run("report", "--json", cwd=self.directory)
        self.assertEqual(result.stderr, b"tally: reading shop.tally, the newest here\n")
        self.assertEqual(json.loads(result.stdout)["sides"][0]["label"], "shop.tally")

    def test_files_of_any_name_are_one_another(self):
        self.write("before.pb", *random_stacks(1))
        self.write("after.pb.gz", *random_stacks(1), (([("g", 1)]), [1, 1]))
        data, profile = self.only("before.pb", "after.pb.gz")
        self.assertEqual(profile["kind"], "profile")
        self.assertEqual([side["label"] for side in data["sides"]], ["before.pb", "after.pb.gz"])

    def test_a_file_goes_with_the_profile_of_the_same_values(self):
        heap_profiles.feed(self.directory)
        shutil.copy(self.directory / "feed.tally/peak.pb.gz", self.directory / "x.pb.gz")
        self.assertEqual(self.only("x.pb.gz", "feed.tally")[1]["kind"], "peak")

    def test_what_one_side_has_not_is_left_out_and_said(self):
        heap_profiles.feed(self.directory)
        profiles.shop(self.directory)
        for old, new in (("shop.tally", "feed.tally"), ("feed.tally", "shop.tally")):
            data, profile = self.only(old, new)
            self.assertEqual(profile["kind"], "calls")
            for kind in ("heap", "peak", "lifetime"):
                self.assertIn(f"shop.tally has no {kind} profile that goes with that of "
                              "feed.tally; it is left out.", data["notes"])

    def test_values_of_one_side(self):
        self.write("counted.pb", ([("f", 1)], [1]), types=CALLS[:1])
        self.write("timed.pb", ([("f", 1)], [1, 2]))
        for pair in (("counted.pb", "timed.pb"), ("timed.pb", "counted.pb")):
            data, profile = self.only(*pair)
            self.assertEqual([t["name"] for t in profile["types"]], ["calls"])
            self.assertEqual(profile["default"], 0)
            self.assertIn("only timed.pb has wall (nanoseconds); it is left out",
                          " ".join(data["notes"]))

    def test_nothing_to_compare(self):
        self.write("a.pb", ([("f", 1)], [1]), types=[("calls", "count")])
        self.write("b.pb", ([("f", 1)], [1]), types=[("space", "bytes")])
        self.write("c.pb", ([("f", 1)], [1]), types=[("calls", "bytes")])
        for other, type_ in (("b.pb", "space"), ("c.pb", "calls")):
            self.assertEqual(self.run_wrong("report", "--json", "a.pb", other),
                             f"tally: {other}: has {type_}, a.pb has calls: there is nothing to "
                             "compare\n")

    def test_what_cannot_be_read(self):
        self.write("good.pb", ([("f", 1)], [1, 1]))
        (self.directory / "empty.tally").mkdir()
        (self.directory / "half.tally").mkdir()
        (self.directory / "half.tally/calls.pb.gz").write_bytes(gzip.compress(b"\x0a\x05")[:-3])
        (self.directory / "text.pb").write_text("no profile\n")
        for operands, cause in ((["missing.pb"], "missing.pb: No such file"),
                                (["good.pb", "missing.tally"], "missing.tally: No such file"),
                                (["empty.tally"], "empty.tally: is a directory without a profile"),
                                (["half.tally", "good.pb"], "half.tally/calls.pb.gz: "),
                                (["text.pb"], "text.pb: "),
                                (["good.pb", "good.pb", "good.pb"], "one argument too many"),
                                (["--profile=heap", "good.pb"], "is a file; --profile"),
                                (["--focus=(", "good.pb"], "--focus"),
                                (["--nodes=many", "good.pb"], "--nodes"),
                                (["--frob", "good.pb"], "unknown option '--frob'")):
            self.assertIn(cause, self.run_wrong("report", "--json", *operands))

    def test_a_run_that_is_no_json_is_said_once(self):
        heap_profiles.feed(self.directory)
        (self.directory / "feed.tally/run.json").write_text("{")
        result = run("report", "--json", "feed.tally", cwd=self.directory)
        self.assertEqual(result.stderr.count(b"going on without it"), 1)
        self.assertEqual(json.loads(result.stdout)["sides"][0]["facts"], [])


class Sides(Report):
    def test_facts(self):
        profiles.shop(self.directory)
        side, = self.data("shop.tally")["sides"]
        self.assertEqual((side["command"], side["started"], side["duration_ns"]),
                         ("./shop -n 1000 'blue suede shoes'", "2026-09-21T14:13:20Z",
                          2_500_000_000))
        self.assertIn(["executable", "/home/ada/order/shop"], side["facts"])
        self.assertFalse({"command", "started"} & {name for name, _ in side["facts"]})
        self.assertEqual(side["losses"], [])

    def test_what_tally_did_not_write(self):
        self.write("a.pb", ([("f", 1)], [1, 1]))
        self.assertEqual(self.data("a.pb")["sides"],
                         [{"label": "a.pb", "command": None, "started": None, "duration_ns": None,
                           "facts": [], "losses": []}])

    def test_losses(self):
        profiles.losses(self.directory)
        losses = self.data("losses.tally")["sides"][0]["losses"]
        self.assertTrue(any(loss.startswith("12,345 calls") for loss in losses), losses)

    def test_what_is_not_comparable_is_noted_first(self):
        profiles.tally_directory(self.directory, "old.tally")
        profiles.tally_directory(self.directory, "new.tally",
                                 run=profiles.run_json(options={"timing": "off"}, timing="off"))
        self.assertRegex(self.data("old.tally", "new.tally")["notes"][0],
                         r"\AThe two may not be comparable: .*timing.*\.\Z")
        self.assertFalse(any("comparable" in note for note in
                             self.data("old.tally", "old.tally")["notes"]))

    def test_renamed_functions(self):
        def profile(name, middle):
            self.write(name, *[([(leaf, 1), (middle, 2), ("main", 3)], [10, 20])
                               for leaf in ("a", "b", "c")])

        profile("old.pb", "parse_line")
        profile("new.pb", "parse_lines")
        data, _ = self.only("old.pb", "new.pb")
        functions, strings = data["functions"], data["strings"]
        at = names(data).index("parse_lines")
        self.assertEqual((functions["status"][at], strings[functions["old_name"][at]],
                          strings[functions["rule"][at]]), (3, "parse_line", "similarity"))
        self.assertIn(functions["score"][at], range(1, 101))
        self.assertEqual([strings[side[at]] for side in functions["file"]],
                         ["/src/parse_line.c", "/src/parse_lines.c"])


class Sources(Report):
    def setUp(self):
        super().setUp()
        self.target = profiles.shop(self.directory)

    def pieces(self, data, side=0):
        return {(data["strings"][p["file"]], p["first"]): data["strings"][p["text"]]
                for p in data["sources"][side]}

    def test_lines_of_functions(self):
        data = self.data("shop.tally", "--source-path=sources")
        lines = (self.directory / "sources/shop.c").read_text().split("\n")
        found = [piece for piece in self.pieces(data).items() if piece[0][0].endswith("/shop.c")]
        for (_, first), text in found:
            texts = text.split("\n")
            self.assertEqual(texts, lines[first - 1:first - 1 + len(texts)])
        shown = {first + i for (_, first), text in found for i in range(len(text.split("\n")))}
        self.assertLessEqual({3, 4, 5, 30, 33, 35}, shown)

    def test_what_is_missing_is_noted(self):
        data = self.data("shop.tally")
        self.assertEqual(data["sources"], [[]])
        self.assertIn("shop.tally: source files that were not found: /home/ada/order/price.c, "
                      "/home/ada/order/shop.c, /opt/nowhere/bits/stl_algo.h.", data["notes"])

    def test_many_missing_are_counted(self):
        self.write("a.pb", *random_stacks(1))
        self.assertIn("a.pb: source files that were not found: /src/f0.c, /src/f1.c, /src/f10.c "
                      "and 9 more.", self.data("a.pb")["notes"])

    def test_what_changed_since_is_noted(self):
        data = self.data("shop.tally", "--source-path=sources")
        self.assertFalse(any("changed" in note for note in data["notes"]))
        os.utime(self.directory / "sources/shop.c")
        data = self.data("shop.tally", "shop.tally", "--source-path=sources")
        self.assertEqual([note for note in data["notes"] if "changed" in note],
                         ["shop.tally: source files that changed since the profile was taken, so "
                          "that what is shown may not be what ran: /home/ada/order/shop.c."] * 2)

    def test_each_side_has_its_own(self):
        shutil.copytree(self.directory / "sources", self.directory / "before")
        shop = self.directory / "before/shop.c"
        shop.write_text(shop.read_text().replace("fib", "fob"))
        data = self.data("shop.tally", "shop.tally", "--source-path=sources",
                         "--old-source-path=before")
        old, new = ("\n".join(self.pieces(data, side).values()) for side in (0, 1))
        self.assertEqual(("fob" in old, "fib" in old, "fob" in new, "fib" in new),
                         (True, False, False, True))
        data = self.data("shop.tally", "shop.tally", "--old-source-path=before")
        self.assertEqual([bool(side) for side in data["sources"]], [True, False])

    def test_one_file_of_both_sides_is_there_once(self):
        data = self.data("shop.tally", "shop.tally", "--source-path=sources")
        self.assertEqual(*data["sources"])
        self.assertTrue(data["sources"][0])

    def test_left_out_on_request(self):
        data = self.data("shop.tally", "--source-path=sources", "--no-source")
        self.assertEqual((data["sources"], data["notes"]), ([[]], []))

    def test_no_more_than_some(self):
        """Of large files the functions with the largest values are shown."""
        line = "x" * 8000
        for name in ("small", "large"):
            (self.directory / f"{name}.c").write_text(
                f"int {name}(void) {{\n" + f"    {line};\n" * 350 + "}\n")
        p = Profile([("n", "count")])
        for name, value in (("small", 1), ("large", 100)):
            function = p.function(name, file=str(self.directory / f"{name}.c"), line=1)
            p.sample([p.location([(function, 2)])], [value])
        p.write(self.directory / "a.pb")
        data = self.data("a.pb")
        self.assertEqual([Path(name).name for name, _ in self.pieces(data)], ["large.c"])
        self.assertTrue(any("source of 1 function is left out" in note for note in data["notes"]))


class Output(Report):
    """Where it goes. Data alone, unless this tally has the page."""

    def setUp(self):
        super().setUp()
        profiles.shop(self.directory)

    def files(self):
        return sorted(path.name for path in self.directory.iterdir())

    def test_a_file(self):
        before = self.files()
        said = self.run_ok("report", "--json", "shop.tally", "-o", "data.json")
        self.assertRegex(said, r"\Awrote data\.json, [0-9.]+ KiB\n\Z")
        self.assertEqual(json.loads((self.directory / "data.json").read_text()),
                         self.data("shop.tally"))
        self.assertEqual(self.files(), sorted([*before, "data.json"]))

    def test_what_cannot_be_written(self):
        before = self.files()
        (self.directory / "folder").mkdir()
        for out, cause in (("folder", "is a directory"), ("x.tally", ".tally names directories"),
                           ("nowhere/x", "No such file"), ("/dev/full", "No space left")):
            self.assertIn(cause, self.run_wrong("report", "--json", "shop.tally", "-o", out))
        self.assertEqual(self.files(), sorted([*before, "folder"]))
        with open("/dev/full", "wb") as full:
            self.assertEqual(self.run_wrong("report", "--json", "shop.tally", stdout=full),
                             "tally: standard output: No space left on device\n")

    def test_help(self):
        said = self.run_ok("help", "report")
        for option in ("-o, --output OUT", "--old-source-path", "--no-source", "--nodes N"):
            self.assertIn(option, said)

    def test_a_pipe_stays_one(self):
        os.mkfifo(self.directory / "pipe")
        reader = os.open(self.directory / "pipe", os.O_RDONLY | os.O_NONBLOCK)
        self.assertEqual(self.run_ok("report", "--json", "--no-source", "--profile=calls",
                                     "shop.tally", "-o", "pipe"), "")
        os.set_blocking(reader, True)
        with open(reader, "rb") as stream:
            self.assertEqual(json.loads(stream.read())["format"], 1)
        self.assertTrue((self.directory / "pipe").is_fifo())


class Page(Report):
    def setUp(self):
        super().setUp()
        profiles.shop(self.directory)
        result = run("report", "shop.tally", "-o", "x.html", cwd=self.directory)
        if b"without Node.js" in result.stderr:
            self.assertEqual(result.returncode, 2)
            self.assertFalse((self.directory / "x.html").exists())
            self.skipTest("this tally has no page")

    def test_it_holds_the_data(self):
        self.assertRegex(self.run_ok("report", "shop.tally"), r"\Awrote report\.html, ")
        page = (self.directory / "report.html").read_text()
        packed, = re.findall(r'<script id="tally-data"[^>]*>([A-Za-z0-9+/=]*)</script>', page)
        self.assertEqual(json.loads(gzip.decompress(base64.b64decode(packed, validate=True))),
                         self.data("shop.tally"))
        self.assertEqual(self.run_ok("report", "shop.tally", "-o", "-"), page)
        self.assertNotIn("@TALLY_", page)

    def test_title(self):
        (self.directory / "shop.tally").rename(self.directory / "<b>&\"\n'.tally")
        page = self.run_ok("report", "-o-", "<b>&\"\n'.tally", "<b>&\"\n'.tally")
        title, = re.findall(r"<title>(.*)</title>", page)
        self.assertNotRegex(title, "[<>\"\n]")
        self.assertEqual(html.unescape(title), "<b>&\" '.tally → <b>&\" '.tally - Tally")


if __name__ == "__main__":
    unittest.main()
