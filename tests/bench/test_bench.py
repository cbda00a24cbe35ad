"""The bench's own arithmetic, its readers of other tools' reports, and the page it writes into."""
import contextlib
import io
import pathlib
import subprocess
import sys
import types
import unittest
from collections import Counter

sys.dont_write_bytecode = True
REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "bench"))

from tallybench import (compiling, contexts, documents, heap, heap_variants, main,  # noqa: E402
                        measure, micro, programs, sampling, selftimes, shares, system, tables,
                        variants)
from tallybench.system import BenchError  # noqa: E402


class Shares(unittest.TestCase):
    def test_distance_is_half_the_sum_of_differences(self):
        self.assertEqual(shares.distance({"a": 3, "b": 1}, {"a": 6, "b": 2}), 0)
        self.assertEqual(shares.distance({"a": 1}, {"b": 5}), 1)
        self.assertAlmostEqual(shares.distance({"a": 3, "b": 1}, {"a": 1, "b": 1}), 0.25)

    def test_no_time_at_all_has_nothing_in_common_with_any(self):
        self.assertEqual(shares.distance({"a": 0}, {"a": 1}), 1)

    def test_a_sample_belongs_to_the_innermost_function_with_time_of_its_own(self):
        stacks = Counter({("inlined", "host", "main"): 3, ("host", "main"): 2, ("start",): 7})
        self.assertEqual(shares.project(stacks, {"host", "main"}), {"host": 5})
        self.assertEqual(shares.project(stacks, {"inlined", "host"}), {"inlined": 3, "host": 2})

    def test_parts_and_copies_of_a_function_are_the_function(self):
        self.assertEqual(shares.bare("f.part.0"), "f")
        self.assertEqual(shares.bare("f"), "f")

    def test_the_largest_difference_comes_first(self):
        rows = shares.largest_differences({"a": 5, "b": 3, "c": 2}, {"a": 3, "b": 6, "c": 1}, 2)
        self.assertEqual([row[0] for row in rows], ["b", "a"])


class Samples(unittest.TestCase):
    SCRIPT = """
\tffffffff815ebf65 do_page ([kernel.kallsyms])
\t          16db20 memmove (/usr/lib/libc.so.6)
\t            1100 work (/scratch/run/program)
\t            1200 main (/scratch/run/program)


\t            1108 work (/scratch/run/program)
\tffffffffffffffff [unknown] ([unknown])


\t           1491c _dl_start (/usr/lib/ld.so)

"""

    def test_frames_of_the_program_only_and_calls_before_their_return_addresses(self):
        self.assertEqual(sampling.frames_of(self.SCRIPT), [(0x10ff, 0x11ff), (0x1108,), ()])

    def test_inlined_functions_come_before_the_one_around(self):
        resolved = "0x0000000000001108\ninner\na.c:3\nwork.isra.0\na.c:9\n0x1200\nmain\na.c:20\n"
        self.assertEqual(sampling.chains_of(resolved),
                         {0x1108: ("inner", "work"), 0x1200: ("main",)})


class SelfTimes(unittest.TestCase):
    PROFILE = {
        "functions": [{"id": 1, "system_name": "main"}, {"id": 2, "system_name": "leaf"},
                      {"id": 3, "system_name": "inlined"}],
        "locations": [{"id": 1, "lines": [{"function": 1}]},
                      {"id": 2, "lines": [{"function": 2}]},
                      {"id": 3, "lines": [{"function": 3}, {"function": 1}]}],
        "samples": [{"locations": [1], "values": [1, 5000]},
                    {"locations": [2, 1], "values": [100, 3000]},
                    {"locations": [3], "values": [9, 0]}],
    }

    def test_tally(self):
        profile = selftimes.of_tally(self.PROFILE, {"inside_ps": 10000, "outside_ps": 20000})
        self.assertEqual(profile.own, {"main", "leaf"})
        self.assertAlmostEqual(profile.seconds["leaf"], 3e-6)
        self.assertAlmostEqual(profile.raw["leaf"], 4e-6)          # 100 calls, 10 ns in each
        self.assertAlmostEqual(profile.raw["main"], 5e-6 + 2.01e-6)  # its own, 20 ns around each

    def test_gprof(self):
        profile = selftimes.of_gprof(
            "Flat profile:\n\nEach sample counts as 0.01 seconds.\n"
            "  %   cumulative   self              self     total\n"
            " time   seconds   seconds    calls  ms/call  ms/call  name\n"
            " 93.87      0.15     0.15        1   150.19   160.20  work\n"
            "  6.26      0.16     0.01                             turn.part.0\n")
        self.assertEqual(profile.seconds, {"work": 0.15, "turn": 0.01})

    def test_uftrace(self):
        profile = selftimes.of_uftrace(
            "   Self time       Calls  Function\n  ==========  ==========  ========\n"
            "    1.252  s     1500000  step\n   21.500 us           1  main\n"
            "  142.592 ms         364  linux:schedule (pre-empted)\n")
        self.assertEqual(profile.own, {"step", "main"})
        self.assertAlmostEqual(profile.seconds["step"], 1.252)
        self.assertAlmostEqual(profile.seconds["main"], 21.5e-6)


class Figures(unittest.TestCase):
    def test_what_a_call_costs_more_within_each_batch(self):
        batches = [(10.0, 25.0), (20.0, 45.0), (10.0, 1000.0)]  # the last one was interrupted
        self.assertAlmostEqual(micro.to_two_reads(batches, 5.0), 1.0)

    def test_ratios_are_of_the_same_round(self):
        self.assertEqual(measure.ratios({0: 2.0, 2: 9.0}, {0: 1.0, 1: 5.0, 2: 3.0}), [2.0, 3.0])

    def test_every_round_begins_with_another_one(self):
        fast, slow = types.SimpleNamespace(is_slow=False), types.SimpleNamespace(is_slow=True)
        self.assertEqual(list(measure.Rounds([fast, slow], 2, 1)), [(0, fast), (0, slow),
                                                                    (1, fast)])

    def test_summary(self):
        one = measure.summary([4.0, 1.0, 2.0, 3.0, 5.0])
        self.assertEqual((one["q1"], one["median"], one["q3"]), (2.0, 3.0, 4.0))
        self.assertEqual(measure.summary([7.0])["q3"], 7.0)

    def test_contexts_by_arithmetic(self):
        self.assertEqual(contexts.contexts_of(6), 1111111)
        self.assertAlmostEqual(contexts.aim_bytes(5), 96 + 8 * 11)
        self.assertAlmostEqual(contexts.aim_bytes(6), 96 + 8 * 2, places=3)

    def test_tiny_functions(self):
        self.assertEqual(compiling.tiny_functions(3).count("KEPT int f"), 3)


class Tables(unittest.TestCase):
    def test_table(self):
        self.assertEqual(tables.table(["tool", "ns"], [["plain", "1.0"], ["x", "12.5"]]),
                         "| tool  |   ns |\n| ----- | ---: |\n"
                         "| plain |  1.0 |\n| x     | 12.5 |\n")

    def test_cells(self):
        figures = {"median": 1.25, "q1": 1.0, "q3": 1.5}
        self.assertEqual(tables.spread(figures, 2), "1.25 (1.00–1.50)")
        self.assertEqual(tables.spread(None, 2), "")
        self.assertEqual(tables.number(-0.001, 2), "0.00")
        self.assertEqual([tables.size(0), tables.size(512), tables.size(3 << 20)],
                         ["", "512 B", "3.0 MiB"])
        self.assertEqual([tables.aim(1.1), tables.aim(None)], ["1.10", ""])


class Variants(unittest.TestCase):
    ALL = [*variants.of_clang("clang-19", True), *variants.of_clang("clang-16", False),
           *variants.of_gcc()]

    def test_each_has_a_name_and_a_baseline(self):
        keys = [variant.key for variant in self.ALL]
        self.assertEqual(len(keys), len(set(keys)))
        for variant in self.ALL:
            self.assertIn(variant.baseline, keys)
            if variant.fixed:
                self.assertIn(f"{variant.fixed}/{variant.compiler}", keys)

    def test_modes_chosen_at_run_time_are_one_binary_and_fixed_ones_are_others(self):
        binaries = {variant.tool: variant.binary for variant in variants.of_clang("clang-19", True)}
        self.assertEqual(binaries["tally adaptive"], binaries["tally plugin"])
        self.assertEqual(binaries["tally counts only"], binaries["tally plugin"])
        self.assertEqual(len(set(binaries.values())), 4)

    def test_commands(self):
        places = types.SimpleNamespace(tally_cc="T/tally-cc", tally_cxx="T/tally-c++")
        by_tool = {variant.tool: variant for variant in self.ALL if variant.compiler != "clang-16"}
        fixed, gprof = by_tool["tally exact, fixed"], by_tool["gprof"]
        self.assertEqual(fixed.compile_command(places),
                         ["T/tally-cc", "-O2", "-g", "-fplugin-arg-tally-timing=exact"])
        self.assertEqual(gprof.compile_command(places, is_cxx=True), ["g++", "-O2", "-g", "-pg"])
        environment = by_tool["tally adaptive"].environment(pathlib.Path("/d"))
        self.assertEqual(environment["TALLY_OPTIONS"], "out=/d/run.tally:timing=adaptive")
        self.assertEqual(environment["TALLY_CXX"], "clang++-19")


class Heap(unittest.TestCase):
    PLAIN = heap_variants.Profiler("plain", "clang-19", "heap plain")
    TALLY = heap_variants.Profiler("tally heap=full", "clang-19", "heap tally")
    HEAPTRACK = heap_variants.Profiler("heaptrack", "clang-19", "heap plain",
                                       settings=("A=b",), wrapper=("look", "-o", "{directory}/x"))

    def runs(self, profiler, output="", status=0, expected=""):
        runs = heap.Runs(profiler, {})
        runs.take(0, measure.Run(1.0, 1.0, 1, status, output, "", 0), expected)
        return runs

    def test_figures_are_found_among_what_others_print(self):
        self.assertEqual(heap.median_ns("at 1.0 2.0\n9.1 5.0\n9.1 7.0\n9.2 900.0\n  x\n"), 7.0)

    def test_commands_have_a_limit_and_know_their_directory(self):
        self.assertEqual(self.HEAPTRACK.run_command("P", ["1"], "/d"),
                         ["timeout", "-k", "5", str(heap_variants.LIMIT_S), "env", "A=b", "look",
                          "-o", "/d/x", "P", "1"])

    def test_who_is_stopped_or_fails_has_no_figures(self):
        for status, output, failure in (
                (124, "", f"did not end in {heap_variants.LIMIT_S} s"), (3, "", "exit status 3"),
                (0, "other", "prints something else than the plain program")):
            runs = self.runs(self.PLAIN, output, status, expected="text")
            self.assertEqual((runs.failure, runs.by_round), (failure, {}))
        self.assertIsNone(self.runs(self.PLAIN, "started\ntext\n", expected="text").failure)

    def test_additions_are_compared_with_heaptracks(self):
        ns = {"plain/clang-19": {0: 5.0}, "heaptrack/clang-19": {0: 125.0},
              "tally heap=full/clang-19": {0: 35.0}}
        row = heap._loop_row(heap.LOOPS[0], self.runs(self.TALLY), ns, {})
        self.assertEqual((row["added_ns"]["median"], row["to_heaptrack"]["median"]), (30.0, 0.25))
        self.assertEqual((row["aim_ns"], row["aim_to_heaptrack"]), (30, 0.25))
        text = heap.markdown({"loops": [row], "programs": [], "grown": []})
        self.assertIn("|  30 | 0.25 (0.25–0.25) | 0.25 |", text)
        del ns["heaptrack/clang-19"]
        self.assertNotIn("to_heaptrack", heap._loop_row(heap.LOOPS[0], self.runs(self.TALLY), ns,
                                                        {}))

    def test_failures_stand_in_the_tables(self):
        row = {"tool": "DHAT", "compiler": "gcc", "failure": "did not end in 60 s"}
        text = heap.markdown({"loops": [{**row, "loop": "pair"}], "grown": [row],
                              "programs": [{"title": "x", "profilers": [row]}]})
        self.assertEqual(text.count("did not end in 60 s"), 3)


class Page(unittest.TestCase):
    def test_tables_go_where_their_part_has_its_place(self):
        begin, end = documents.marks("memory")
        text = f"before\n{begin}old\n{end}after\n"
        self.assertEqual(documents.with_tables(text, "memory", "new\n"),
                         f"before\n{begin}\nnew\n\n{end}after\n")
        with self.assertRaises(BenchError):
            documents.with_tables(text, "cost", "new\n")
        with self.assertRaises(BenchError):
            documents.with_tables(text + begin, "memory", "new\n")

    def test_the_page_has_a_place_for_every_part(self):
        text = documents.DOCUMENT.read_text(encoding="utf-8")
        for part in main.PARTS:
            self.assertIn("figures", documents.with_tables(text, part, "figures"))

    def test_what_was_not_measured_is_said_once(self):
        facts = {"date": "2026-01-01T00", "commit": "c", "processors": 2, "processor": "p",
                 "kernel": "k", "load_at_start": 0.0, "load_at_end": 0.0, "tools": {}}
        text = documents.markdown({"facts": facts, "rounds": 3, "slow_rounds": 1,
                                   "missing": ["x: gone", "x: gone"]}, "TABLES\n")
        self.assertIn("TABLES\n\nNot measured:\n\n- x: gone\n", text)
        self.assertEqual(text.count("x: gone"), 1)


class Commands(unittest.TestCase):
    def test_a_failure_says_what_the_command_said(self):
        with self.assertRaises(system.CommandFailed) as failed:
            system.run(["sh", "-c", "echo first; echo 'x.c: error: what is wrong' >&2; "
                                    "echo last >&2; exit 3"])
        self.assertEqual(failed.exception.cause, "x.c: error: what is wrong")
        self.assertIn("exit status 3", str(failed.exception))

    def test_times_in_speedtest_are_not_its_output(self):
        self.assertEqual(programs.same_text(programs.SQLITE_NOISE, "TOTAL....   0.123s\n"),
                         programs.same_text(programs.SQLITE_NOISE, "TOTAL....  12.345s\n"))


class CommandLine(unittest.TestCase):
    def test_parts(self):
        self.assertIsNone(main.parse([]).part)
        self.assertEqual(main.parse(["exit", "--quick"]).part, "exit")
        self.assertEqual(main.parse(["cost", "--only", "calls"]).only, ["calls"])

    def test_what_makes_no_sense_is_refused(self):
        for words in (["speed"], ["cost", "--rounds", "0"], ["memory", "--only", "calls"],
                      ["cost", "--only", "calls", "--docs"]):
            with self.assertRaises(SystemExit), contextlib.redirect_stderr(io.StringIO()):
                main.parse(words)

    def test_help(self):
        done = subprocess.run([sys.executable, REPOSITORY / "bench" / "run", "--help"],
                              capture_output=True, text=True, check=True)
        self.assertIn("--quick", done.stdout)


if __name__ == "__main__":
    unittest.main()
