"""Which function of one build is which of another: the rules of `tally diff`, one by one, on call
graphs made by hand.
"""

import json
import unittest

from harness import Case
from profile import Profile


class Graph:
    """A profile of calls: each edge is a caller, a callee, a line and a number of calls."""

    def __init__(self):
        self.profile = Profile([("calls", "count")])
        self.functions = {}

    def function(self, name, system_name=None, file="app.c", line=1):
        self.functions[name] = (self.profile.function(name, system_name or name, file, line), line)
        return name

    def call(self, path, calls, line=None):
        """path: outermost first; the line is that of the last call."""
        names = path.split()
        for name in names:
            if name not in self.functions:
                self.function(name)
        stack = []
        for depth, name in enumerate(reversed(names)):
            function, start = self.functions[name]
            stack.append(self.profile.location([(function, line if line and depth == 1 else start)]))
        self.profile.sample(stack, [calls])
        return self


class Pairing(Case):
    def diff(self, old, new, *arguments):
        old.profile.write(self.directory / "old.pb")
        new.profile.write(self.directory / "new.pb")
        made = json.loads(self.run_ok("diff", "--json", "-n0", "old.pb", "new.pb", *arguments))
        return made["measures"][0]["rows"], made["renamed"]

    def changes(self, old, new, *arguments):
        """name: (old, new, rule)"""
        rows, _ = self.diff(old, new, *arguments)
        return {row["name"]: (row["old"]["self"], row["new"]["self"], row["rule"]) for row in rows}

    def graph(self, *calls):
        graph = Graph()
        for path, number in calls:
            graph.call(path, number)
        return graph


class Clones(Pairing):
    def test_suffixes(self):
        for suffix in (".part.0", ".constprop.1", ".isra.0", ".cold", ".llvm.123456", ".__uniq.77",
                       ".constprop.0.isra.0", ".part.0.cold", ".lto_priv.3", ".specialized.1"):
            self.assertEqual(
                self.changes(self.graph(("main f", 10)), self.graph(("main f" + suffix, 11))),
                {"f" + suffix: (10, 11, "clone")}, suffix)

    def test_a_function_and_its_clones_are_one(self):
        old = self.graph(("main f", 10))
        new = self.graph(("main f", 4), ("main f.constprop.0", 5), ("main f.part.0", 2))
        self.assertEqual(self.changes(old, new), {"f": (10, 11, "linkage name")})

    def test_other_suffixes_are_names(self):
        self.assertEqual(self.changes(self.graph(("main f", 10)), self.graph(("main f.fast", 30))),
                         {"f": (10, 0, "none"), "f.fast": (0, 30, "none")})

    def test_a_suffix_alone_is_a_name(self):
        self.assertEqual(self.changes(self.graph(("main .cold", 1)), self.graph(("main .cold", 2))),
                         {".cold": (1, 2, "linkage name")})


class Signatures(Pairing):
    """Functions whose linkage names compilers mangle in ways of their own."""

    def pairs(self, *names):
        old, new = Graph(), Graph()
        for i, (before, after) in enumerate(names):
            old.function(f"f{i}", before)
            old.call(f"main f{i}", i + 1)
            new.function(f"f{i}", after)
            new.call(f"main f{i}", i + 11)
        return {name: rule for name, (_, _, rule) in self.changes(old, new).items()}

    def test_what_compilers_differ_in(self):
        self.assertEqual(
            self.pairs(("_ZZN6MemberC1EvEN1L2goEi", "_ZZN6MemberC4EvEN1L2goEi"),
                       ("_ZL4pickI5FirstMS0_FiiEEiRT_T0_i", "_Z4pickI5FirstMS0_FiiEEiRT_T0_i")),
            {"f0": "signature", "f1": "signature"})

    def test_other_parameters_are_another_function(self):
        self.assertEqual(self.pairs(("_Z1fi", "_Z1fd"), ("_Z1gi", "_Z1gi")),
                         {"f0": "none", "f1": "linkage name"})

    def test_names_that_would_fill_the_memory(self):
        """Each pair in it is twice as long as the one before."""
        name = "_Z1fSt4pairIiiE" + "".join(f"S_IS{last}_S{last}_E" for last in
                                           "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        self.assertEqual(self.pairs((name, name)), {"f0": "linkage name"})


class Numbered(Pairing):
    def lambdas(self, *calls, style="clang"):
        """calls: those of the lambdas of main, in the order of their lines."""
        graph = Graph()
        graph.function("main")
        for i, (callee, number) in enumerate(calls):
            if style == "clang":
                name, linkage = f"main::$_{i}::operator()", f"_ZZ4mainENK3$_{i}clEi"
            else:
                name = f"main::{{lambda(int)#{i + 1}}}::operator()"
                linkage = f"_ZZ4mainENKUliE{i - 1 if i else ''}_clEi"
            graph.function(name, linkage, line=10 + i)
            graph.call(f"main {name}", number).call(f"main {name} {callee}", number)
        return graph

    def numbers(self, old, new):
        """(old, new) of each lambda"""
        return sorted((row["old"]["self"], row["new"]["self"], row["rule"])
                      for row in self.diff(old, new)[0] if row["name"].startswith("main::"))

    def test_as_many_are_paired_in_order(self):
        self.assertEqual(self.numbers(self.lambdas(("a", 1), ("b", 2)),
                                      self.lambdas(("a", 11), ("b", 12))),
                         [(1, 11, "position"), (2, 12, "position")])

    def test_one_more_in_front_changes_no_other(self):
        self.assertEqual(self.numbers(self.lambdas(("a", 5), ("b", 6)),
                                      self.lambdas(("c", 9), ("a", 5), ("b", 7))),
                         [(0, 9, "none"), (6, 7, "position")])

    def test_one_less(self):
        self.assertEqual(self.numbers(self.lambdas(("c", 9), ("a", 5), ("b", 6)),
                                      self.lambdas(("a", 5), ("b", 6))),
                         [(9, 0, "none")])

    def test_more_than_ten(self):
        calls = [(f"f{i}", 100 + i) for i in range(12)]
        self.assertEqual(self.numbers(self.lambdas(*calls), self.lambdas(*calls)), [])

    def test_between_compilers(self):
        self.assertEqual(self.numbers(self.lambdas(("a", 1), ("b", 2)),
                                      self.lambdas(("a", 1), ("b", 3), style="gcc")),
                         [(2, 3, "position")])

    def test_unnamed_types(self):
        old, new = Graph(), Graph()
        for graph, linkage, calls in ((old, "_ZZ4mainENK3$_33getEi", 5),
                                      (new, "_ZZ4mainENKUt_3getEi", 6)):
            graph.function("get", linkage)
            graph.call("main get", calls)
        self.assertEqual(self.changes(old, new), {"get": (5, 6, "position")})

    def test_invokers_of_lambdas(self):
        old, new = Graph(), Graph()
        for graph, name, linkage, calls in ((old, "__invoke", "_ZZ4mainEN3$_28__invokeEi", 5),
                                            (new, "_FUN", "_ZZ4mainENUliE3_4_FUNEi", 6)):
            graph.function(name, linkage)
            graph.call(f"main {name}", calls)
        self.assertEqual(self.changes(old, new), {"_FUN": (5, 6, "position")})

    def instances(self, *lambdas):
        """Instances of a template for lambdas: (linkage name of the lambda's type, line, calls)."""
        graph = Graph()
        for lambda_, line, calls in lambdas:
            own = graph.function(f"of_{line}", f"_ZZ4mainENK{lambda_}clEi", line=line)
            one = graph.function(f"for_{line}", f"_Z5applyIZ4mainE{lambda_}EiT_i", line=5)
            graph.call(f"main {one}", calls).call(f"main {one} {own}", calls)
        return graph

    def test_instances_stand_where_their_lambdas_do(self):
        """clang gave the numbers in the other order, as it may do at each level."""
        old = self.instances(("3$_1", 20, 7), ("3$_0", 30, 9))
        for new in (self.instances(("3$_0", 20, 7), ("3$_1", 30, 9)),
                    self.instances(("UliE_", 20, 7), ("UliE0_", 30, 9)),
                    self.instances(("UliE_", 21, 7), ("UliE0_", 22, 9))):
            self.assertEqual(self.diff(old, new), ([], []))

    def test_generic_lambdas(self):
        old, new = Graph(), Graph()
        for kind in "id":
            old.function(kind, f"_ZZ4mainENK3$_1cl{'I' + kind + 'EEDaT_'}")
            new.function(kind, f"_ZZ4mainENKUlT_E2_cl{'I' + kind + 'EEDaS_'}")
        for graph in old, new:
            graph.call("main i", 12).call("main d", 12)
        self.assertEqual(self.diff(old, new), ([], []))

    def test_nested_functions(self):
        old = self.graph(("main outer inner.0", 3))
        new = self.graph(("main outer inner.7", 4))
        self.assertEqual(self.changes(old, new), {"inner.7": (3, 4, "position")})


class Renamed(Pairing):
    CALLS = (("main", 1), ("main load", 10), ("main load read", 200), ("main load check", 1234),
             ("main load check hash", 1234), ("main save", 10))

    def test_is_said_with_its_score_and_paired(self):
        old = self.graph(*self.CALLS)
        new = self.graph(*[(path.replace("check", "verify"), calls) for path, calls in self.CALLS])
        rows, renamed = self.diff(old, new)
        self.assertEqual(rows, [])
        (pair,) = renamed
        self.assertEqual((pair["name"], pair["old_name"], pair["rule"]),
                         ("verify", "check", "similarity"))
        self.assertGreaterEqual(pair["score"], 80)
        self.assertIn("renamed? verify, was check? score ", self.run_ok("diff", "old.pb", "new.pb"))

    def test_no_more_are_said_than_asked_for(self):
        new = [(path.replace("check", "verify").replace("save", "store"), calls)
               for path, calls in self.CALLS]
        self.assertEqual(len(self.diff(self.graph(*self.CALLS), self.graph(*new))[1]), 2)
        made = self.run_ok("diff", "-n1", "old.pb", "new.pb")
        self.assertEqual((made.count("renamed?"), made.count("renamed? 1 more (-n 0 ")), (2, 1))
        self.assertNotIn(" more (", self.run_ok("diff", "-n0", "old.pb", "new.pb"))

    def test_with_a_change(self):
        old = self.graph(*self.CALLS)
        new = self.graph(*[(path.replace("check", "verify"), 1235 if calls == 1234 else calls)
                           for path, calls in self.CALLS])
        self.assertEqual(self.changes(old, new)["verify"], (1234, 1235, "similarity"))
        self.assertRegex(self.run_ok("diff", "old.pb", "new.pb"),
                         r"verify \(renamed\? was check, score \d+\)")

    def test_a_chain_of_renames(self):
        names = {"load": "open_all", "check": "verify", "hash": "digest"}
        new = [(" ".join(names.get(name, name) for name in path.split()), calls)
               for path, calls in self.CALLS]
        rows, renamed = self.diff(self.graph(*self.CALLS), self.graph(*new))
        self.assertEqual(rows, [])
        self.assertEqual({pair["old_name"]: pair["name"] for pair in renamed}, names)

    def test_two_that_cannot_be_told_apart(self):
        old = self.graph(("main", 1), ("main left", 5), ("main right", 5))
        new = self.graph(("main", 1), ("main aaaaa", 5), ("main bbbbb", 5))
        self.assertEqual(self.changes(old, new),
                         {"left": (5, 0, "none"), "right": (5, 0, "none"),
                          "aaaaa": (0, 5, "none"), "bbbbb": (0, 5, "none")})

    def test_what_has_nothing_in_common(self):
        old = self.graph(("main", 1), ("main log", 1000000))
        new = self.graph(("main", 1), ("main work", 1), ("main work sort", 3))
        self.assertEqual(self.changes(old, new)["log"], (1000000, 0, "none"))


class Many(Pairing):
    """Work does not grow with the square of what is alike; the harness has no patience."""

    def test_renamed_in_one_caller(self):
        old, new = (self.graph(*[(f"main {name}_{i}_{'x' * 180}", i + 1) for i in range(1000)])
                    for name in ("was", "is"))
        rows, renamed = self.diff(old, new)
        self.assertEqual(sum(row["change"]["self"] for row in rows), 0)
        self.assertEqual(2 * len(renamed) + len(rows), 2000)

    def test_lambdas_of_one_parent(self):
        old, new = Graph(), Graph()
        for graph, n in ((old, 1000), (new, 999)):
            for i in range(n):
                name = f"main::$_{i}::operator()({'T' * 180})"
                graph.function(name, f"_ZZ4mainENK3$_{i}clEi", line=i)
                graph.call(f"main {name}", 7)
        self.assertEqual([row["change"] for row in self.diff(old, new)[0]], [{"self": -7}])


class ByCalls(Pairing):
    """The calls tell which function is which, whatever value is looked at."""

    def directory_of(self, name, inner):
        graph = self.graph(("main", 1), (f"main load {inner}", 10), ("main load", 2))
        heap = Profile([("alloc_objects", "count"), ("alloc_space", "bytes")])
        heap.sample([heap.location([(heap.function(inner, inner, "app.c", 1), 2)])], [1, 64])
        target = self.directory / name
        target.mkdir()
        graph.profile.write(target / "calls.pb.gz")
        heap.write(target / "heap.pb.gz")

    def test_of_another_value_and_filters(self):
        self.directory_of("old.tally", "read_in")
        self.directory_of("new.tally", "read_all")
        for arguments in (["--sample=alloc_space"], ["--profile=heap"], ["--sample=calls"],
                          ["--sample=calls", "--hide=main|load"]):
            made = json.loads(self.run_ok("diff", "--json", *arguments, "old.tally", "new.tally"))
            self.assertEqual([(pair["old_name"], pair["name"]) for pair in made["renamed"]],
                             [("read_in", "read_all")], arguments)
            self.assertEqual(made["measures"][0]["rows"], [], arguments)


class Marks(Pairing):
    def test_what_a_filter_hides_has_not_vanished(self):
        old = self.graph(("main", 1), ("main a f", 3), ("main b f", 2), ("main gone", 1))
        new = self.graph(("main", 1), ("main a", 1), ("main b f", 5))
        rows, _ = self.diff(old, new, "--focus=^(a|gone)$")
        self.assertEqual({row["name"]: (row["in_old"], row["in_new"]) for row in rows},
                         {"a": (True, True), "f": (True, True), "gone": (True, False)})


class Filters(Pairing):
    def test_a_function_matches_by_its_names_in_either_build(self):
        old = self.graph(*Renamed.CALLS)
        new = self.graph(*[(path.replace("check", "verify"), calls + (path[-5:] == "check"))
                           for path, calls in Renamed.CALLS])
        for name in ("check", "verify"):
            rows, _ = self.diff(old, new, f"--focus=^{name}$")
            self.assertEqual([(row["name"], row["change"]["self"]) for row in rows],
                             [("verify", 1)], name)
            self.assertEqual(self.diff(old, new, f"--hide=^{name}$")[0], [], name)
            self.assertEqual(self.diff(old, new, f"--ignore=^{name}$")[0], [], name)
            self.assertNotIn("renamed?", self.run_ok("diff", f"--hide=^{name}$", "old.pb", "new.pb"))
            page = json.loads(self.run_ok("report", "--json", f"--focus=^{name}$", "old.pb",
                                          "new.pb"))
            names = [page["strings"][at] for at in page["functions"]["name"]]
            sums = page["profiles"][0]["functions"]
            row = sums["function"].index(names.index("verify"))
            self.assertEqual([side[0][row] for side in sums["self"]], [1234, 1235], name)


class Sites(Pairing):
    def sites(self, *calls):
        """calls: line, callee, number"""
        graph = Graph()
        for line, callee, number in calls:
            graph.call(f"main {callee}", number, line)
        return graph

    def lines(self, old, new):
        """(old line, new line, callee, old, new), of those that changed"""
        rows, _ = self.diff(old, new, "--lines")
        return sorted((row["old_line"], row["new_line"], row["callee"]["name"],
                       row["old"]["self"], row["new"]["self"]) for row in rows)

    def test_moved_lines_change_nothing(self):
        old = self.sites((10, "a", 1), (11, "b", 2), (12, "a", 3))
        self.assertEqual(self.lines(old, self.sites((20, "a", 1), (21, "b", 2), (32, "a", 3))), [])

    def test_one_call_more(self):
        old = self.sites((10, "a", 1), (11, "b", 2), (12, "a", 3))
        new = self.sites((10, "a", 1), (11, "c", 9), (12, "b", 2), (13, "a", 4))
        self.assertEqual(self.lines(old, new), [(0, 11, "c", 0, 9), (12, 13, "a", 3, 4)])

    def test_one_of_several_equal_ones_more(self):
        old = self.sites((10, "a", 1), (12, "a", 3))
        new = self.sites((10, "a", 1), (11, "a", 7), (12, "a", 3))
        self.assertEqual(self.lines(old, new), [(0, 11, "a", 0, 7)])

    def test_two_calls_in_one_line(self):
        old = self.sites((10, "a", 1), (10, "b", 2))
        self.assertEqual(self.lines(old, self.sites((10, "a", 1), (10, "b", 5))),
                         [(10, 10, "b", 2, 5)])

    def test_gone(self):
        old = self.sites((10, "a", 1), (11, "b", 2))
        self.assertEqual(self.lines(old, self.sites((10, "b", 2))), [(10, 0, "a", 1, 0)])


class Edges(Pairing):
    def test_caller_and_callee(self):
        old = self.graph(("main", 1), ("main f", 3), ("main f g", 6), ("main g", 1))
        new = self.graph(("main", 1), ("main f", 3), ("main f g", 9), ("main g", 1))
        rows, _ = self.diff(old, new, "--edges")
        self.assertEqual([(row["caller"]["name"], row["name"], row["change"]) for row in rows],
                         [("f", "g", {"self": 3})])

    def test_paths(self):
        old = self.graph(("main", 1), ("main f g", 6), ("main h g", 6))
        new = self.graph(("main", 1), ("main f g", 6), ("main h g", 7))
        rows, _ = self.diff(old, new, "--paths")
        self.assertEqual([([at["name"] for at in row["callers"]], row["name"], row["change"])
                          for row in rows], [(["h", "main"], "g", {"self": 1})])


if __name__ == "__main__":
    unittest.main()
