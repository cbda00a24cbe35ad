"""What golden output of `tally check` cannot show: what fails and what does not, which runs are not
compared, what budgets say when they are wrong, and what --update changes.
"""

import json
import os
import shutil
import signal
import unittest
import xml.etree.ElementTree

import builds
from builds import CALLS, HEAP, Build, base
from harness import Case, run
from profiles import run_json


class Check(Case):
    def check(self, status, *arguments, **options):
        """Runs a check that ends with `status`; returns its text."""
        result = run("check", *arguments, cwd=self.directory, **options)
        self.assertEqual((result.returncode, result.stderr.decode()), (status, ""), arguments)
        return result.stdout.decode()

    def judge(self, old, new, budget=None, *arguments):
        """What a check of two builds says, as JSON."""
        for name, build in (("old", old), ("new", new)):
            shutil.rmtree(self.directory / name, ignore_errors=True)
            build.write(self.directory / name)
        if budget:
            self.budget(budget)
            arguments = ["--budget=b.yaml", *arguments]
        result = run("check", "--baseline=old", *arguments, "--json=-", "new", cwd=self.directory)
        self.assertEqual(result.stderr.decode(), "")
        made = json.loads(result.stdout)
        self.assertEqual(made["status"], result.returncode)
        return made

    def budget(self, rules, name="b.yaml"):
        (self.directory / name).write_text("version: 1\n" + rules)

    def failing(self, *arguments):
        """(value, function, breach) of all that fails."""
        found = self.judge(*arguments)["findings"]
        return {(one["sentence"].partition(" ")[0], one["function"] and one["function"]["name"],
                 one["breach"]) for one in found}


def calls(**changes):
    return base(calls={**CALLS, **changes})


MORE = {"main:14 parse": 101}


class Default(Check):
    def test_one_call_more(self):
        self.assertEqual(self.failing(base(), calls(**MORE)), {("calls", "parse", "increase")})

    def test_one_byte_more(self):
        heap = {**HEAP, "main:12 load:24": (2, 8_193)}
        self.assertEqual(self.failing(base(), base(heap=heap)),
                         {("alloc_space", "load", "increase")})

    def test_what_is_less_or_gone_is_fine(self):
        less = {**CALLS, "main:14 parse": 99}
        del less["main:15 log"]
        self.assertEqual(self.failing(base(), base(calls=less)), set())

    def test_what_is_new_was_nothing_before(self):
        self.assertEqual(self.failing(base(), calls(**{"main:16 added": 1})),
                         {("calls", "added", "increase")})

    def test_times_are_not_judged(self):
        self.assertEqual(self.failing(base(), base(wall={"main": 10**9})), set())

    def test_a_renamed_function_is_the_same_one(self):
        renamed = {path.replace("parse", "parse_line"): n for path, n in CALLS.items()}
        heap = {path.replace("parse", "parse_line"): n for path, n in HEAP.items()}
        made = self.judge(base(), base(calls=renamed, heap=heap))
        self.assertEqual((made["status"], [one["name"] for one in made["renamed"]]),
                         (0, ["parse_line"]))
        text = self.check(0, "--baseline=old", "new")
        self.assertIn("judged as one function: parse_line, was parse?", text)
        renamed["main:14 parse_line"] += 1
        made = self.judge(base(), base(calls=renamed, heap=heap))
        self.assertIn("calls of parse_line (renamed? was parse", made["findings"][0]["sentence"])
        self.assertEqual(made["findings"][0]["change"], 1)

    def test_beyond_64_bits(self):
        most = {"main": 2**63 - 1, "main:1 main": 2**63 - 1, "main:2 main": 2**63 - 1}
        Build(calls=most).write(self.directory / "old")
        Build(calls={**most, "main:3 main": 1}).write(self.directory / "new")
        self.assertIn("27,670,116,110,564,327,421 → 27,670,116,110,564,327,422 (+1, +<0.1%)",
                      self.check(1, "--baseline=old", "new"))


class Causes(Check):
    def test_the_caller_with_most_of_it(self):
        made = self.judge(base(), calls(**{"main:12 load:26 intern": 3,
                                           "main:15 log:61 intern": 9}))
        finding, = made["findings"]
        self.assertEqual((finding["caller"]["name"], finding["caller"]["change"]), ("log", 9))
        self.assertEqual((finding["site"]["name"], finding["site"]["line"]), ("log", 61))
        self.assertEqual(finding["cause"], "called by log at /home/ada/feed/feed.c:61: +9")

    def test_where_it_is_allocated(self):
        heap = {**HEAP, "main:12 load:24": (2, 8_200), "main:12 load:27": (1, 100)}
        finding = self.judge(base(), base(heap=heap), "functions: [{function: '*', alloc_objects: any}]"
                             )["findings"][0]
        self.assertEqual((finding["site"]["name"], finding["site"]["line"]), ("load", 27))
        self.assertEqual(finding["cause"],
                         "called by main: +108 B; at /home/ada/feed/feed.c:27: +100 B")

    def test_of_a_total(self):
        finding, = self.judge(base(), builds.worse(), "others: any\n"
                              "total: {calls: {increase: 2%}}")["findings"]
        self.assertEqual((finding["function"], finding["largest"]["name"]), (None, "hash"))


class Budgets(Check):
    def rules(self, old, new, *rules):
        return self.failing(old, new, "functions:\n" + "".join(f"- {rule}\n" for rule in rules))

    def test_the_first_rule_decides(self):
        any_, none = "{function: p*, calls: any}", "{function: parse, calls: {increase: 0}}"
        self.assertEqual(self.rules(base(), calls(**MORE), any_, none), set())
        self.assertEqual(len(self.rules(base(), calls(**MORE), none, any_)), 1)

    def test_each_value_has_its_first_rule(self):
        heap = "{function: parse, alloc_space: any}"
        self.assertEqual(len(self.rules(base(), calls(**MORE), heap)), 1)

    def test_percent_is_exact(self):
        old, new = calls(**{"main:14 parse": 1_000}), calls(**{"main:14 parse": 1_005})
        self.assertEqual(self.rules(old, new, "{function: parse, calls: {increase: 0.5%}}"), set())
        self.assertEqual(len(self.rules(old, new, "{function: parse, calls: {increase: 0.499%}}")),
                         1)

    def test_floor(self):
        for floor, n in ((100, 1), (101, 0)):
            rule = f"{{function: intern, calls: {{increase: 1%, floor: {floor}}}}}"
            new = calls(**{"main:14 parse:33 intern": 5_100})
            self.assertEqual(len(self.rules(base(), new, rule)), n)

    def test_absolute(self):
        for limits, breaches in (("at_most: 100", set()), ("at_most: 99", {"at_most"}),
                                 ("at_least: 100", set()), ("at_least: 101", {"at_least"}),
                                 ("exactly: 100", set()), ("exactly: 99", {"at_most"}),
                                 ("exactly: 1_01", {"at_least"})):
            found = self.rules(base(), base(), f"{{function: parse, calls: {{{limits}}}}}")
            self.assertEqual({breach for _, _, breach in found}, breaches, limits)

    def test_wins_are_locked_in(self):
        rule = "{function: '*', calls: {increase: 0, decrease: 10%}}"
        for n, failing in ((90, set()), (89, {("calls", "parse", "decrease")})):
            new = calls(**{"main:14 parse": n})
            self.assertEqual(self.rules(base(), new, rule), failing)
        self.assertTrue(self.check(1, "--baseline=old", "--budget=b.yaml", "new")
                        .startswith("TOO LOOSE: 1 of 5 functions less than the budget expects"))

    def test_files(self):
        new = calls(**{"main:14 parse:33 intern": 5_001, **MORE})
        for pattern, left in (("names.c", "parse"), ("/home/ada/feed/names.c", "parse"),
                              ("feed/n*.c", "parse"), ("*/feed.c", "intern"), ("ed.c", None),
                              ("/feed.c", None)):
            found = self.rules(base(), new, f"{{file: '{pattern}', calls: any}}")
            self.assertEqual({name for _, name, _ in found},
                             {left} if left else {"parse", "intern"}, pattern)

    def test_a_name_that_reads_like_a_pattern(self):
        names = {"main": 1, "main:1 operator[]": 1, "main:2 f(char*)": 1}
        more = {"main": 1, "main:1 operator[]": 2, "main:2 f(char*)": 2}
        self.assertEqual(self.rules(Build(calls=names), Build(calls=more),
                                    "{function: 'operator[]', calls: any}",
                                    "{function: f(char*), calls: any}"), set())

    def test_a_function_that_was_split(self):
        split = {**HEAP, "main:12 load:24": (1, 4_096), "main:12 load:25 load_slow:80": (1, 4_096)}
        self.assertEqual(self.failing(base(), base(heap=split)),
                         {("alloc_objects", "load_slow", "increase"),
                          ("alloc_space", "load_slow", "increase")})
        for of in ("{function: load*, of: sum, %s}", "{file: feed.c, of: sum, %s}"):
            limits = "alloc_objects: {increase: 0}, alloc_space: {increase: 0}"
            self.assertEqual(self.rules(base(), base(heap=split), of % limits), set())
        split["main:12 load:25 load_slow:80"] = (1, 4_097)
        self.assertEqual(self.rules(base(), base(heap=split), "{function: load*, of: sum, "
                                    "alloc_objects: {increase: 0}, alloc_space: {increase: 0}}"),
                         {("alloc_space", None, "increase")})

    def test_with_all_it_calls(self):
        rule = ("{function: load, of: cum, alloc_space: {increase: 0}}",
                "{function: '*', alloc_space: any, alloc_objects: any}")
        moved = {**HEAP, "main:12 load:24": (1, 4_096), "main:12 load:25 slow:80": (1, 4_096)}
        self.assertEqual(self.rules(base(), base(heap=moved), *rule), set())
        moved["main:12 load:25 slow:80"] = (1, 4_100)
        self.assertEqual(self.rules(base(), base(heap=moved), *rule),
                         {("alloc_space", "load", "increase")})

    def test_totals(self):
        size = sum(bytes_ for _, bytes_ in builds.PEAK.values())
        for limit, n in ((size, 0), (size - 1, 1)):
            found = self.failing(base(), base(), f"total: {{peak: {{at_most: {limit} B}}}}")
            self.assertEqual(len(found), n)

    def test_others(self):
        for others, n in (("", 1), ("others: no increase\n", 1), ("others: any\n", 0)):
            rules = others + "functions: [{function: log, calls: {increase: 0}}]"
            self.assertEqual(len(self.failing(base(), calls(**MORE), rules)), n)

    def test_without_a_baseline(self):
        base().write(self.directory / "new")
        self.budget("functions: [{function: parse, calls: {at_most: 100}}]")
        self.assertTrue(self.check(0, "--budget=b.yaml", "new").startswith("ok: 1 value within budget"))
        self.budget("functions: [{function: parse, calls: {at_most: 99}}]")
        self.assertIn("calls of parse: 100; at most 99 is allowed, missed by 1 (b.yaml:2)",
                      self.check(1, "--budget=b.yaml", "new"))
        self.budget("total:\n  calls: {at_most: 1, decrease: 5}")
        self.assertEqual(self.run_wrong("check", "--budget=b.yaml", "new"),
                         "tally: b.yaml:3: 'decrease' needs a --baseline\n")

    def test_rules_for_nothing(self):
        base().write(self.directory / "new")
        rules = ("functions:\n- {function: parse, calls: {at_most: 100}}\n"
                 "- {function: p*, calls: {at_most: 100}}\n- {function: zzz, calls: {at_most: 0}}\n")
        self.budget(rules)
        text = self.check(0, "--budget=b.yaml", "new")
        self.assertEqual(text.count("warning"), 1)
        self.assertIn("warning: b.yaml:4: these limits of calls are for no function", text)
        self.budget("unmatched: error\n" + rules)
        self.assertIn("tally: b.yaml:5: these limits of calls are for no function",
                      self.run_wrong("check", "--budget=b.yaml", "new"))


class Wrong(Check):
    def test_budgets(self):
        base().write(self.directory / "new")
        for text, message in (
            ("", "1: the budget is empty"),
            ("[]", "1: the budget is a list; it should be a mapping"),
            ("total: {}", "1: the budget does not begin with 'version: 1'"),
            ("version: 2", "1: version: '2' is none of 1"),
            ("version: 1\nfunction: []", "2: 'function' is no key of a budget; did you mean 'functions'?"),
            ("version: 1\nversion: 1", "2: 'version' is already there, in line 1"),
            ("version: 1\ntotal: 5", "2: total is a text or number; it should be a mapping"),
            ("version: 1\ntotal: {cals: any}", "2: 'cals' is no key of total; did you mean 'calls'?"),
            ("version: 1\ntotal: {calls: 5}", "2: calls is 'any' or {at_most: …, increase: …}"),
            ("version: 1\ntotal: {calls: []}", "2: calls is a list; it should be a mapping"),
            ("version: 1\ntotal: {calls: {}}", "2: calls has no limit; 'any' allows anything"),
            ("version: 1\ntotal:\n  calls: {at_most: 5%}", "3: at_most: a percentage of what? see 'increase'"),
            ("version: 1\ntotal:\n  calls: {at_most: five}", "3: at_most: 'five' is not a number of at most 18 digits"),
            ("version: 1\ntotal:\n  calls: {at_most: -5}", "3: at_most: '-5' is not a number of at most 18 digits"),
            ("version: 1\ntotal:\n  calls: {at_most: 1.5}", "3: at_most: '1.5' is not a whole number"),
            ("version: 1\ntotal:\n  calls: {at_most: 5 KiB}", "3: at_most: '5 KiB' is not a whole number or a percentage"),
            ("version: 1\ntotal:\n  wall: {at_most: 5 KiB}", "3: at_most: '5 KiB' has none of the units ns, us, ms, s, min, %"),
            ("version: 1\ntotal:\n  calls: {increase: 0.1234%}", "3: increase: '0.1234%' has more than three decimals"),
            ("version: 1\ntotal:\n  calls: {at_most: 1234567890123456789}",
             "3: at_most: '1234567890123456789' is not a number of at most 18 digits"),
            ("version: 1\ntotal:\n  calls: {at_most: [1]}", "3: at_most is a list; it should be a text or number"),
            ("version: 1\ntotal:\n  calls: {at_most: }", "3: at_most is empty"),
            ("version: 1\ntotal:\n  calls:\n    at_most: |\n      5", "4: at_most is to be written in one line"),
            ("version: 1\ntotal:\n  calls: {exactly: 5,\n  at_most: 5}", "4: 'exactly' stands for at_most and at_least"),
            ("version: 1\ntotal:\n  calls: {at_least: 5,\n  exactly: 5}", "4: 'exactly' stands for at_most and at_least"),
            ("version: 1\ntotal:\n  calls: {at_least: 5,\n  at_most: 4}", "3: at_least is more than at_most"),
            ("version: 1\ntotal:\n  calls: {at_most: 5,\n  floor: 4}", "4: 'floor' goes with increase or decrease"),
            ("version: 1\nfunctions: {}", "2: functions is a mapping; it should be a list"),
            ("version: 1\nfunctions:\n- calls: any", "3: the rule has neither function nor file"),
            ("version: 1\nfunctions:\n- function: x", "3: the rule limits nothing"),
            ("version: 1\nfunctions:\n- function: ''", "3: function is empty"),
            ("version: 1\nfunctions:\n- {function: x, of: cum, calls: any}",
             "3: calls are of the function called: there are none 'of: cum'"),
            ("version: 1\nfunctions:\n- {function: x, of: all}", "3: of: 'all' is none of self, cum, sum"),
            ("version: 1\nothers: none", "2: others: 'none' is none of no increase, any"),
            ("version: 1\nunmatched: never", "2: unmatched: 'never' is none of warn, error"),
            ("version: 1\ntotal:\n  calls: &a {at_most: 5}\n  wall: *a", "3: an alias refers to this"),
            ("version: 1\n---\nversion: 1", "3: a second document; a budget is one"),
            ("version: 1\ntotal: {calls: any", "3: did not find expected"),
            ("version: 1\n\tx", "2: found a tab character"),
            (b"version: 1\n# \xff", "2: invalid leading UTF-8 octet"),
            ("version: 1\n# \x01", "2: control characters are not allowed"),
        ):
            data = text if isinstance(text, bytes) else text.encode()
            (self.directory / "b.yaml").write_bytes(data)
            self.assertIn(f"tally: b.yaml:{message}",
                          self.run_wrong("check", "--budget=b.yaml", "new"), text)

    def test_files_that_are_no_budgets(self):
        base().write(self.directory / "new")
        self.assertIn("tally: gone.yaml: No such file",
                      self.run_wrong("check", "--budget=gone.yaml", "new"))
        self.assertIn("tally: .: Is a directory", self.run_wrong("check", "--budget=.", "new"))
        (self.directory / "big").write_bytes(b"#" * 2**21)
        self.assertIn("tally: big: is larger than 1 MiB",
                      self.run_wrong("check", "--budget=big", "new"))

    def test_usage(self):
        base().write(self.directory / "new")
        for arguments, message in (
            (["new"], "check: --baseline, --budget or both are needed"),
            (["--baseline=gone", "new"], "gone: no such baseline; with --update, NEW becomes it"),
            (["--baseline=new"], "check: an argument is missing"),
            (["--baseline=new", "gone"], "gone: "),
            (["--baseline=new", "new", "--allow=all,nothing"], "--allow: 'nothing' is none of"),
            (["--baseline=new", "new", "--json=-", "--junit=-"], "only one of --json"),
            (["--baseline=new", "new", "--markdown=."], ".: is a directory"),
            (["--baseline=new", "new", "new", "--update"],
             "--update: there are 1 baselines, and 2 runs to replace them"),
            (["--baseline=new", "new/calls.pb.gz", "--update"],
             "new/calls.pb.gz: is no .tally directory, as baselines are"),
        ):
            self.assertIn(message, self.run_wrong("check", *arguments), arguments)

    def test_a_value_that_is_not_there(self):
        base(peak={}).write(self.directory / "new")
        self.budget("total:\n  peak: {at_most: 5}")
        self.assertEqual(self.run_wrong("check", "--budget=b.yaml", "new"), "tally: b.yaml:3: "
                         "limits peak_space, which not all of the profiles have\n")


class Runs(Check):
    def runs(self, side, *builds_):
        for i, build in enumerate(builds_):
            build.write(self.directory / f"{side}{i}")
        return [f"{side}{i}" for i in range(len(builds_))]

    def several(self, status, old, new, *arguments):
        baselines = [f"--baseline={name}" for name in self.runs("old", *old)]
        return self.check(status, *baselines, *arguments, *self.runs("new", *new))

    def parses(self, *counts):
        return [calls(**{"main:14 parse": n}) for n in counts]

    def test_ranges_that_overlap(self):
        text = self.several(0, self.parses(10, 14), self.parses(14, 20))
        self.assertIn("1 function is not the same in all runs of a build", text)

    def test_ranges_that_do_not(self):
        text = self.several(1, self.parses(10, 13), self.parses(14, 20))
        self.assertIn("calls of parse: 10 to 13 → 14 to 20 (+5, +41.7%); no increase", text)

    def test_absolute_limits_hold_for_each_run(self):
        self.budget("functions: [{function: parse, calls: {at_most: 19}}]")
        text = self.several(1, self.parses(10, 14), self.parses(14, 20), "--budget=b.yaml")
        self.assertIn("at most 19 is allowed, missed by 1", text)

    def times(self, *ms):
        return [base(wall={"main": n * 1_000_000}) for n in ms]

    def test_times_are_medians_and_tested(self):
        self.budget("total: {wall: {increase: 10%}}")
        old, new = self.times(10, 11, 12, 13), self.times(15, 16, 17, 18)
        text = self.several(1, old, new, "--budget=b.yaml")
        self.assertIn("wall of the whole program: 11.5 ms → 16.5 ms (+5.00 ms, +43.5%, p = 0.029); "
                      "at most 10% more is allowed (b.yaml:2)", text)

    def test_times_that_may_be_noise(self):
        self.budget("total: {wall: {increase: 10%}}")
        self.several(0, self.times(10, 11, 12, 18), self.times(11, 16, 17, 19), "--budget=b.yaml")

    def test_too_few_times_are_not_tested(self):
        self.budget("total: {wall: {increase: 10%}}")
        self.several(1, self.times(10, 11), self.times(15, 16), "--budget=b.yaml")

    def test_differences_are_told_of_each_run(self):
        odd = base(run={"timing": "off"})
        text = self.several(3, [base(), base()], [base(), odd])
        self.assertIn("timing: new1: timing differs", text)
        shutil.rmtree(self.directory)
        self.directory.mkdir()
        text = self.several(3, [base(), odd], [base(), base()])
        self.assertIn("timing: old1: timing differs", text)


def with_program(**changes):
    return {"program": {**run_json()["program"], **changes}}


def with_units(**changes):
    first, *rest = run_json()["units"]
    return {"units": [{**first, **changes}, *rest]}


class Comparable(Check):
    WALL = "total: {wall: {increase: 1000%}}\n"
    MATRIX = {
        "compiler": (with_units(producer="clang version 19.1.4"), None),
        "flags": (with_units(optimization=3), None),
        "instrumented": (with_units(options="exclude=x"), None),
        "timing": ({"timing": "off"}, None),
        "recording": ({"heap": {"mode": "exact"}}, None),
        "arguments": (with_program(argv=["./shop", "-n", "1001", "blue suede shoes"]), None),
        "machine": ({"machine": {"processor": "Another One"}}, WALL),
        "ending": ({"ended_by": "signal 11"}, None),
        "losses": ({"losses": {"threads_unrecorded": 1}}, None),
        "unknown": (False, None),
    }

    def test_matrix(self):
        for reason, (change, budget) in self.MATRIX.items():
            with self.subTest(reason):
                made = self.judge(base(), base(run=change), budget)
                self.assertEqual((made["status"], made["verdict"]), (3, "not comparable"))
                self.assertEqual({one["reason"] for one in made["differences"]}, {reason})
                self.assertEqual(made["summary"], f"not comparable: {reason}")
                self.assertEqual((made["tests"], made["findings"]), ([], []))
                for names in (reason, f"ending,{reason}", "all"):
                    made = self.judge(base(), base(run=change), budget, f"--allow={names}")
                    self.assertEqual(made["verdict"], "ok")
                    self.assertTrue(all(one["allowed"] for one in made["differences"]))
                others = ",".join(name for name in self.MATRIX if name != reason)
                made = self.judge(base(), base(run=change), budget, f"--allow={others}")
                self.assertEqual(made["status"], 3)

    def test_the_machine_is_of_no_matter_to_counts(self):
        made = self.judge(base(), base(run=self.MATRIX["machine"][0]))
        self.assertEqual((made["status"], made["differences"]), (0, []))

    def test_losses_of_either(self):
        for old, new in ((base(), base(run=self.MATRIX["losses"][0])),
                         (base(run=self.MATRIX["losses"][0]), base())):
            self.assertEqual(self.judge(old, new)["status"], 3)
        self.budget("functions: [{function: parse, calls: {at_most: 100}}]")
        shutil.copytree(self.directory / "old", self.directory / "lost")
        self.assertIn("losses: new is incomplete", self.check(3, "--budget=b.yaml", "lost"))

    def test_a_value_that_one_side_does_not_have(self):
        base().write(self.directory / "old")
        base().write(self.directory / "new")
        (self.directory / "new/heap.pb.gz").unlink()
        text = self.check(0, "--baseline=old", "new")
        self.assertIn("warning: alloc_space is not judged: not all runs have it", text)

    def test_profiles_of_other_programs(self):
        for name, n in (("a.pb", 1), ("b.pb", 2)):
            profile = Build(calls={"main": n}).profile([("alloc_objects", "count")], "", {"main": [n]})
            profile.write(self.directory / name)
        self.assertIn("alloc_objects of main: 1 → 2", self.check(1, "--baseline=a.pb", "b.pb"))


class Update(Check):
    def tree(self, name):
        return {path.name: path.read_bytes() for path in (self.directory / name).iterdir()}

    def test_a_baseline_becomes_new(self):
        base().write(self.directory / "old")
        builds.worse().write(self.directory / "new")
        text = self.check(0, "--baseline=old", "--update", "new")
        self.assertTrue(text.startswith("updated: old\n"), text)
        self.assertIn("calls of hash (added): 0 → 700", text)
        self.assertEqual(self.tree("old"), self.tree("new"))
        self.assertEqual(sorted(os.listdir(self.directory)), ["new", "old"])
        self.check(0, "--baseline=old", "new")

    def test_a_baseline_that_is_not_there_yet(self):
        base().write(self.directory / "new")
        self.assertEqual(self.check(0, "--baseline=old/", "--update", "new").splitlines(),
                         ["updated: old/", "new; judged: calls, alloc_objects, alloc_space"])
        self.assertEqual(self.tree("old"), self.tree("new"))

    def test_several(self):
        for name in ("old0", "old1"):
            base().write(self.directory / name)
        for name in ("new0", "new1"):
            builds.worse(run={"pid": name}).write(self.directory / name)
        self.check(0, "--baseline=old0", "--baseline=old1", "--update", "new0", "new1")
        self.assertEqual([self.tree(name) for name in ("old0", "old1")],
                         [self.tree(name) for name in ("new0", "new1")])

    def test_a_link_stays_one(self):
        base().write(self.directory / "real")
        (self.directory / "old").symlink_to("real")
        builds.worse().write(self.directory / "new")
        self.check(0, "--baseline=old", "--update", "new")
        self.assertTrue((self.directory / "old").is_symlink())
        self.assertEqual(self.tree("real"), self.tree("new"))

    def test_what_is_no_profile_is_left_alone(self):
        base().write(self.directory / "old")
        builds.worse().write(self.directory / "new")
        before = self.tree("old")
        for name in ("old", "new"):
            (self.directory / name / "more").mkdir()
            self.assertIn(f"{name}/more: is not a file",
                          self.run_wrong("check", "--baseline=old", "--update", "new"))
            (self.directory / name / "more").rmdir()
            self.assertEqual(self.tree("old"), before)
            self.assertEqual(sorted(os.listdir(self.directory)), ["new", "old"])

    def test_new_that_is_no_standard(self):
        base().write(self.directory / "old")
        before = self.tree("old")
        base(run={"losses": {"threads_unrecorded": 1}}).write(self.directory / "new")
        self.assertTrue(self.check(3, "--baseline=old", "--update", "new")
                        .startswith("not comparable: losses"))
        self.assertEqual(self.tree("old"), before)
        self.check(0, "--baseline=old", "--update", "--allow=losses", "new")

    def test_another_compiler_is_what_updates_are_for(self):
        base().write(self.directory / "old")
        base(run=with_units(producer="clang version 19.1.4")).write(self.directory / "new")
        self.check(0, "--baseline=old", "--update", "new")

    BUDGET = """\
# ü: bytes are not characters
version: 1
total: {alloc_space: {at_most: 1 MiB},   # ©
  wall: {at_most: 5 s}}
functions:
- function: "p*"      # quoted, and a comment with 99
  calls: {exactly: "99"}
  alloc_objects: {increase: 5%, floor: 7}
- {file: names.c, calls: {at_most: 6_000, at_least: 0}}
- {function: '*', calls: any}
"""

    def test_numbers_of_a_budget(self):
        base().write(self.directory / "new")
        for text in (self.BUDGET, "\ufeff" + self.BUDGET, self.BUDGET.replace("\n", "\r\n")):
            (self.directory / "b.yaml").write_bytes(text.encode())
            self.check(0, "--baseline=new", "--budget=b.yaml", "--update", "new")
            expected = (text.replace("1 MiB", "88192").replace('"99"', "100")
                        .replace("6_000, at_least: 0", "5000, at_least: 5000"))
            self.assertEqual((self.directory / "b.yaml").read_bytes().decode(), expected)
            self.assertIn("updated: b.yaml, 0 numbers",
                          self.check(0, "--baseline=new", "--budget=b.yaml", "--update", "new"))
            self.check(0, "--baseline=new", "--budget=b.yaml", "new")
        self.assertEqual(sorted(os.listdir(self.directory)), ["b.yaml", "new"])

    def test_exactly_of_functions_that_differ(self):
        base().write(self.directory / "new")
        self.budget("functions:\n- {function: '*', calls: {exactly: 5}}")
        self.assertEqual(self.run_wrong("check", "--budget=b.yaml", "--update", "new"),
                         "tally: b.yaml:3: 'exactly' cannot be updated: from 1 to 5000 was seen\n")

    def test_several_runs_give_a_range(self):
        for i, n in enumerate((90, 110)):
            calls(**{"main:14 parse": n}).write(self.directory / f"new{i}")
        self.budget("functions: [{function: parse, calls: {at_most: 1, at_least: 1}}]")
        self.check(0, "--budget=b.yaml", "--update", "new0", "new1")
        self.assertEqual((self.directory / "b.yaml").read_text(), "version: 1\nfunctions: "
                         "[{function: parse, calls: {at_most: 110, at_least: 90}}]")

    def test_a_budget_that_cannot_be_written(self):
        base().write(self.directory / "new")
        self.budget("total: {calls: {at_most: 1}}")
        (self.directory / "link").symlink_to("/proc/version")
        self.assertIn("tally: link:", self.run_wrong("check", "--budget=link", "--update", "new"))


class Files(Check):
    def test_all_at_once(self):
        builds.pair(self.directory)
        text = self.check(1, "--baseline=base.tally", "new.tally", "--json=c.json",
                          "--markdown=c.md", "--junit=c.xml")
        first = text.splitlines()[0]
        self.assertEqual(json.loads((self.directory / "c.json").read_text())["summary"], first)
        self.assertTrue((self.directory / "c.md").read_text().startswith(f"### tally: {first}\n"))
        suites = xml.etree.ElementTree.parse(self.directory / "c.xml").getroot()
        self.assertEqual((suites.get("tests"), suites.get("failures")), ("4", "3"))
        for name, option in (("json", "--json"), ("md", "--markdown"), ("xml", "--junit")):
            alone = self.check(1, "--baseline=base.tally", "new.tally", option, "-")
            self.assertEqual(alone, (self.directory / f"c.{name}").read_text())

    def test_the_baseline_may_be_standard_input(self):
        builds.pair(self.directory)
        with open(self.directory / "base.tally/calls.pb.gz", "rb") as baseline:
            result = run("check", "--baseline=-", "--allow=unknown", "new.tally/calls.pb.gz",
                         cwd=self.directory, stdin=baseline)
        self.assertEqual((result.returncode, result.stderr), (1, b""))

    def test_one_that_cannot_be_written(self):
        builds.pair(self.directory)
        result = run("check", "--baseline=base.tally", "new.tally", "--json=no/c.json",
                     "--junit=c.xml", cwd=self.directory)
        self.assertEqual(result.returncode, 2)
        self.assertIn(b"tally: no/c.json: No such file or directory\n", result.stderr)
        self.assertTrue(result.stdout.startswith(b"REGRESSION"))
        self.assertTrue((self.directory / "c.xml").exists())

    def test_a_reader_who_has_seen_enough(self):
        for name, n in (("old", 1), ("new", 2)):
            many = {"main": 1, **{f"main:1 function_{i}": n for i in range(2_000)}}
            Build(calls=many).write(self.directory / name)
        read, write = os.pipe()
        os.close(read)
        with os.fdopen(write) as closed:
            result = run("check", "-n0", "--baseline=old", "new", "--json=c.json",
                         cwd=self.directory, stdout=closed)
        self.assertEqual((result.returncode, result.stderr), (-signal.SIGPIPE, b""))
        self.assertEqual(len(json.loads((self.directory / "c.json").read_text())["findings"]),
                         2_000)

    def test_hostile_names(self):
        builds.hostile(self.directory)
        made = json.loads(self.check(1, "--baseline=base.tally", "new.tally", "--json=-",
                                     "--junit=c.xml", "--markdown=c.md"))
        self.assertEqual(len(made["findings"]), 8)
        suites = xml.etree.ElementTree.parse(self.directory / "c.xml").getroot()
        text = suites.find(".//failure").text
        self.assertIn("<script>alert(1)</script>: 1 → 2", text)
        self.assertIn("</failure>]]>&amp;: 1 → 2", text)
        self.assertIn("`` a\\|b`c`*d*_e_ ``", (self.directory / "c.md").read_text())


if __name__ == "__main__":
    unittest.main()
