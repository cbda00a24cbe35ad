"""What golden output cannot show: wrong use, unreadable input, terminals, full disks, files made."""

import fcntl
import gzip
import json
import os
import pty
import shutil
import struct
import subprocess
import termios
import threading
import unittest

import heap_profiles
import profiles
from harness import TALLY, Case, environment, run
from profile import Profile


class WrongUse(Case):
    def test_options_and_commands(self):
        profiles.shop(self.directory)
        for arguments, expected in [
            (["tpo"], "unknown command 'tpo'; did you mean 'top'?"),
            (["symbolise"], "did you mean 'symbolize'?"),
            (["frobnicate"], "unknown command 'frobnicate' (see 'tally help')"),
            (["--jsn"], "unknown option '--jsn'"),
            (["top", "--jsn"], "top: unknown option '--jsn'; did you mean '--json'?"),
            (["top", "--focsu=x"], "did you mean '--focus'?"),
            (["top", "-focus=x"], "did you mean '--focus'?"),
            (["top", "-x"], "unknown option '-x'"),
            (["top", "--quite-another-thing"], "unknown option '--quite-another-thing'\n"),
            (["top", "--json=yes"], "--json takes no value"),
            (["top", "shop.tally", "--sort"], "--sort needs a value: KEY"),
            (["top", "--sort=slef"], "'slef' is none of self, cum, calls, avg, name, objects; did you mean "
                                     "'self'?"),
            (["top", "-n", "many"], "-n: 'many' is not a whole number"),
            (["top", "-n-1"], "'-1' is not a whole number"),
            (["top", "-n", "99999999999999999999999"], "is not a whole number"),
            (["tree", "--min=101"], "--min=101: '101' is not a percentage"),
            (["tree", "--min", "x"], "'x' is not a percentage"),
            (["top", "--width=5"], "--width: must be between"),
            (["top", "--color=blue"], "--color: 'blue' is none of auto, always, never"),
            (["top", "shop.tally", "shop.tally"], "one argument too many: 'shop.tally'"),
            (["top", "shop.tally", "--focus", "a(b"], "--focus: 'a(b' is no regular expression: "
                                                      "missing closing parenthesis"),
            (["list"], "an argument is missing: tally list [OPTIONS] REGEX [PROFILE]"),
            (["list", "[", "shop.tally"], "no regular expression"),
            (["list", "zzz", "shop.tally"], "shop.tally/calls.pb.gz: no function matches 'zzz'"),
            (["top", "shop.tally", "--sample=cpu"], "shop.tally: has no profile with the sample type "
                                                    "'cpu'; calls.pb.gz has calls, wall"),
            (["top", "shop.tally/calls.pb.gz", "--sample=cpu"],
             "shop.tally/calls.pb.gz: has no sample type 'cpu'; it has calls, wall"),
            (["top", "shop.tally", "--profile=heap"], "shop.tally: has no heap.pb.gz; it has "
                                                      "calls.pb.gz"),
            (["top", "shop.tally/calls.pb.gz", "--profile=heap"], "is a file"),
            (["leaks", "shop.tally"], "shop.tally: has no profile with the sample type 'inuse_space'; "
                                      "calls.pb.gz has calls, wall"),
            (["leaks", "shop.tally", "--sample=wall"], "leaks: unknown option '--sample=wall'"),
            (["leaks", "shop.tally", "--error-exitcode=256"], "--error-exitcode: is at most 255"),
            (["leaks", "shop.tally", "--error-exitcode=-1"], "'-1' is not a whole number"),
            (["diff"], "an argument is missing: tally diff [OPTIONS] OLD NEW"),
            (["diff", "shop.tally/"], "shop.tally.old: No such file or directory"),
            (["diff", "a", "b", "c"], "diff: several runs of each build are OLD... -- NEW..."),
            (["diff", "--edges", "--lines", "a", "b"], "--edges, --lines and --paths exclude one"),
            (["diff", "--min= -5", "a", "b"], "--min: ' -5' is neither"),
            (["diff", "--min=18446744073709551616", "a", "b"], "is neither a whole number nor"),
            (["diff", "--min=x", "a", "b"], "--min: 'x' is neither a whole number nor a percentage"),
            (["diff", "--format=xml", "a", "b"], "--format"),
            (["diff", "-o", "x.tally", "a", "b"], "x.tally: "),
            (["convert", "shop.tally"], "convert: which format?"),
            (["convert", "shop.tally", "--to=fold"], "did you mean 'folded'?"),
            (["convert", "shop.tally", "-o", "x.pb", "--focus=a"], "are for --to folded"),
            (["merge", "x.pb.gz"], "an argument is missing"),
            (["merge", "x.tally", "shop.tally"], "x.tally: the output is one file"),
            (["merge", "shop.tally/calls.pb.gz", "shop.tally"], "is an input as well"),
            (["merge", "sources", "shop.tally"], "sources: is a directory"),
            (["help", "nothing"], "unknown command 'nothing'"),
            (["help", "top", "tree"], "one argument too many: 'tree'"),
        ]:
            with self.subTest(arguments):
                self.assertIn(expected, self.run_wrong(*arguments))

    def test_no_command_shows_help_and_fails(self):
        result = run()
        self.assertEqual(result.returncode, 2)
        self.assertIn(b"Commands:", result.stdout)
        self.assertEqual(result.stderr, b"tally: no command given\n")

    def test_double_dash_ends_options(self):
        shutil.move(profiles.huge(self.directory), self.directory / "--json")
        self.assertIn("total", self.run_ok("top", "--", "--json"))

    def test_version(self):
        self.assertRegex(self.run_ok("--version"), r"\Atally \d+\.\d+\.\d+\n\Z")


class UnreadableInput(Case):
    COMMANDS = [["top"], ["tree"], ["list", "."], ["leaks"], ["info"], ["convert", "--to=json"],
                ["symbolize"], ["merge", "out.pb.gz"]]

    def check_all(self, path, expected):
        for command in self.COMMANDS:
            with self.subTest(command, path=path):
                self.assertIn(f"tally: {path}: {expected}", self.run_wrong(*command, path))
        self.assertFalse((self.directory / "out.pb.gz").exists())

    def test_missing(self):
        self.check_all("nowhere.pb.gz", "No such file or directory")

    def test_empty(self):
        (self.directory / "empty.pb.gz").touch()
        self.check_all("empty.pb.gz", "")

    def test_truncated(self):
        data = (profiles.shop(self.directory) / "calls.pb.gz").read_bytes()
        for length in (1, 2, 10, 18, len(data) // 2, len(data) - 1):
            (self.directory / "cut.pb.gz").write_bytes(data[:length])
            self.check_all("cut.pb.gz", "")

    def test_not_a_profile(self):
        for name, data in [("text", b"hello, world\n" * 50), ("zeros", bytes(4096)),
                           ("zip", gzip.compress(b"hello, world\n" * 50)),
                           ("elf", b"\x7fELF" + bytes(range(256)))]:
            (self.directory / name).write_bytes(data)
            self.check_all(name, "")

    def test_directory_without_profile(self):
        (self.directory / "void.tally").mkdir()
        self.check_all("void.tally", "is a directory without a profile")

    def test_unreadable(self):
        target = profiles.shop(self.directory) / "calls.pb.gz"
        target.chmod(0)
        if os.geteuid() != 0:
            self.check_all("shop.tally", "")
            return
        # root reads everything: another user is needed to be refused.
        self.directory.chmod(0o755)
        result = subprocess.run([TALLY, "top", "shop.tally"], cwd=self.directory, user=65534,
                                env=environment(), capture_output=True, timeout=60)
        if b"tally: " not in result.stderr:
            self.skipTest("another user cannot run this build")
        self.assertEqual((result.returncode, result.stdout), (2, b""))
        self.assertEqual(result.stderr, b"tally: shop.tally/calls.pb.gz: Permission denied\n")

    def test_flipped_bits(self):
        """Every byte of a compressed and of a plain profile, one bit changed: read, or refused."""
        good = (profiles.shop(self.directory) / "calls.pb.gz").read_bytes()
        for name, data in [("x.pb.gz", good), ("x.pb", gzip.decompress(good))]:
            path = self.directory / name
            refused = 0
            for at in range(len(data)):
                path.write_bytes(data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1:])
                result = run("top", path)
                with self.subTest(name, at=at):
                    self.assertIn(result.returncode, (0, 2), result.stderr)
                    if result.returncode == 2:
                        refused += 1
                        self.assertRegex(result.stderr.decode(), r"\Atally: [^\n]+\n\Z")
                        self.assertEqual(result.stdout, b"")
            self.assertGreater(refused, 50)

    def test_broken_run_json_is_said_and_passed_over(self):
        target = profiles.shop(self.directory)
        (target / "run.json").write_text("{ no")
        result = run("info", target)
        self.assertEqual(result.returncode, 0)
        self.assertRegex(result.stderr, rb"\Atally: .*run\.json: .*; going on without it\n\Z")
        self.assertIn(b"wall (nanoseconds)", result.stdout)


class FindingProfiles(Case):
    def test_newest_directory(self):
        for name, age in [("old.tally", 30), ("new.tally", 10), ("older.tally", 50)]:
            target = profiles.tally_directory(self.directory, name)
            os.utime(target, (1_000_000 - age, 1_000_000 - age))
        (self.directory / "newest.tally.old").mkdir()
        (self.directory / "a-file.tally").touch()
        result = run("top", cwd=self.directory)
        self.assertEqual(result.stderr, b"tally: reading new.tally, the newest here\n")
        self.assertTrue(result.stdout.startswith(b"new.tally/calls.pb.gz: "))

    def test_equally_new_directories_go_by_name(self):
        for name in ("b.tally", "a.tally", "c.tally"):
            os.utime(profiles.tally_directory(self.directory, name), (1_000, 1_000))
        self.assertIn(b"reading a.tally", run("top", cwd=self.directory).stderr)

    def test_no_directory_here(self):
        self.assertIn("no *.tally directory here", self.run_wrong("top"))

    def test_kinds_and_compressions(self):
        target = profiles.shop(self.directory)
        shutil.move(profiles.heap(self.directory), target / "heap.pb.gz")
        self.assertIn("main.serve", self.run_ok("top", target, "--profile=heap"))
        self.run_ok("convert", target / "calls.pb.gz", "-o", target / "other.pb.zst")
        self.assertIn("fib", self.run_ok("top", target, "--profile", "other"))

    def test_sample_type_finds_the_file_that_has_it(self):
        target = heap_profiles.feed(self.directory)
        shutil.copy(target / "heap.pb.gz", target / "before.pb.gz")  # as the program may write it
        for sample, kind in [("wall", "calls"), ("calls", "calls"), ("inuse_space", "heap"),
                             ("alloc_objects", "heap"), ("peak_space", "peak"),
                             ("site_peak_space", "peak"), ("temporary_objects", "lifetime"),
                             ("freed_objects", "lifetime"), ("lifetime", "lifetime")]:
            for command in (["top"], ["tree"], ["list", "."]):
                with self.subTest(sample, command=command):
                    made = json.loads(self.run_ok(*command, "--json", "--sample", sample, target))
                    self.assertEqual(made["file"], f"{target}/{kind}.pb.gz")
                    self.assertEqual(made["sample_type"], sample)

    def test_profile_goes_before_sample(self):
        target = heap_profiles.feed(self.directory)
        made = json.loads(self.run_ok("top", "--json", "--profile=sizes", "--sample=alloc_objects",
                                      target))
        self.assertEqual((made["file"], made["total"]), (f"{target}/sizes.pb.gz", 1_005))
        self.assertIn("heap.pb.gz: has no sample type 'wall'; it has alloc_objects",
                      self.run_wrong("top", "--profile=heap", "--sample=wall", target))

    def test_sample_types_unknown_to_tally_are_searched_for(self):
        target = heap_profiles.feed(self.directory)
        p = Profile([("widgets", "count"), ("cpu", "nanoseconds")])
        p.sample([p.location([(p.function("spin"), 1)])], [3, 7])
        p.write(target / "zz.pb")
        (target / "aa.pb.gz").write_bytes(b"no profile")
        self.assertIn("zz.pb (widgets)", self.run_ok("top", "--sample=widgets", target))
        message = self.run_wrong("top", "--sample=wdigets", target)
        self.assertIn("no profile with the sample type 'wdigets'; aa.pb.gz has what cannot be read",
                      message)
        self.assertIn("; calls.pb.gz has calls, wall; heap.pb.gz has alloc_objects, ", message)
        self.assertIn("; zz.pb has widgets, cpu\n", message)

    def test_sample_type_that_the_mode_of_the_run_left_out(self):
        heap_profiles.counts(self.directory)
        self.assertIn("heap.pb.gz: has no sample type 'inuse_space'; it has alloc_objects, "
                      "alloc_space\n", self.run_wrong("top", "--sample=inuse_space", "feed.tally"))
        self.assertIn("feed.tally: has no profile with the sample type 'peak_space'; ",
                      self.run_wrong("top", "--sample=peak_space", "feed.tally"))

    def test_file_in_a_tally_directory_has_its_run_json(self):
        profiles.losses(self.directory)
        self.assertIn("loss: ", self.run_ok("top", "losses.tally/calls.pb.gz"))
        self.assertIn("loss: ", self.run_ok("top", "losses.tally/"))

    def test_standard_input(self):
        target = profiles.shop(self.directory)
        with open(target / "calls.pb.gz", "rb") as file:
            self.assertIn("fib", self.run_ok("top", "-", stdin=file))


class Terminals(Case):
    def on_terminal(self, *arguments, columns=72, **env):
        """Output of tally on a pseudo-terminal."""
        controller, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        process = subprocess.Popen([TALLY, *arguments], cwd=self.directory, stdout=terminal,
                                   stderr=subprocess.PIPE, env=environment(**env))
        # A terminal whose last writer closes it may drop what was not read yet, so this side stays
        # open and marks the end itself.
        marker = threading.Thread(target=lambda: (process.wait(), os.write(terminal, b"\0")))
        marker.start()
        output = b""
        while not output.endswith(b"\0"):
            output += os.read(controller, 65536)
        marker.join()
        os.close(terminal)
        os.close(controller)
        self.assertEqual((process.returncode, process.communicate()[1]), (0, b""))
        return output[:-1].decode()

    def test_width_of_the_terminal(self):
        profiles.shop(self.directory)
        for columns in (50, 72, 100):
            for command in (["top"], ["tree"], ["list", "price", "--source-path=sources"],
                            ["info"]):
                with self.subTest(command, columns=columns):
                    output = self.on_terminal(*command, "shop.tally", columns=columns,
                                              NO_COLOR="1")
                    lines = output.replace("\r", "").splitlines()
                    table = [line for line in lines if not line.startswith(("source", "filter"))]
                    self.assertLessEqual(max(map(len, table)), columns, output)
                    self.assertGreater(len(lines), 5)

    def test_columns_in_the_environment_go_before_the_terminal(self):
        profiles.shop(self.directory)
        output = self.on_terminal("top", "shop.tally", columns=40, NO_COLOR="1", COLUMNS="200")
        self.assertIn("by_priority_then_age>", output)

    def test_pipes_are_never_narrow(self):
        profiles.shop(self.directory)
        self.assertIn("std::sort<__gnu_cxx::__normal_iterator<order*, std::vector<order>>, "
                      "by_priority_then_age>", self.run_ok("top", "shop.tally"))

    def test_color(self):
        profiles.shop(self.directory)
        escape = "\x1b["
        self.assertIn(escape, self.on_terminal("top", "shop.tally"))
        self.assertIn(escape, self.on_terminal("top", "shop.tally", NO_COLOR=""))
        self.assertNotIn(escape, self.on_terminal("top", "shop.tally", NO_COLOR="1"))
        self.assertNotIn(escape, self.on_terminal("top", "shop.tally", TERM="dumb"))
        self.assertNotIn(escape, self.on_terminal("top", "shop.tally", "--color=never"))
        self.assertNotIn(escape, self.run_ok("top", "shop.tally"))
        self.assertIn(escape, self.run_ok("top", "shop.tally", "--color=always"))

    def test_names_cannot_move_the_cursor(self):
        heap_profiles.hostile(self.directory)
        heap_profiles.delta(self.directory)
        for command in (["leaks"], ["diff", "delta.pb.gz"], ["diff", "--lines", "delta.pb.gz"]):
            result = run(*command, "hostile.pb.gz", cwd=self.directory)
            self.assertIn(b"esc?[31mape", result.stdout)
            self.assertNotRegex(result.stdout, rb"[\x00-\x09\x0b-\x1f\x7f]")
        profiles.odd(self.directory)
        for command in (["top"], ["top", "--lines"], ["tree", "--min=0"], ["list", "."], ["info"]):
            result = run(*command, "odd.pb.gz", cwd=self.directory)
            self.assertEqual(result.returncode, 0)
            self.assertNotRegex(result.stdout, rb"[\x00-\x09\x0b-\x1f\x7f]")

    def test_binary_is_not_written_to_a_terminal(self):
        profiles.shop(self.directory)
        controller, terminal = pty.openpty()
        result = run("convert", "shop.tally", "--to", "pb.gz", cwd=self.directory, stdout=terminal)
        os.close(terminal)
        os.close(controller)
        self.assertEqual(result.returncode, 2)
        self.assertIn(b"standard output: is a terminal", result.stderr)


class LostOutput(Case):
    def test_full_disk(self):
        profiles.shop(self.directory)
        heap_profiles.feed(self.directory)
        with open("/dev/full", "wb") as full:
            self.run_wrong("diff", "feed.tally", "shop.tally", stdout=full)
        with open("/dev/full", "wb") as full:
            self.run_wrong("leaks", "feed.tally", "--error-exitcode=1", stdout=full)
        for command in (["top"], ["tree"], ["list", "."], ["info"], ["top", "--json"],
                        ["convert", "--to=json"], ["convert", "--to=folded"],
                        ["convert", "--to=pb.gz"]):
            with self.subTest(command), open("/dev/full", "wb") as full:
                message = self.run_wrong(*command, "shop.tally", stdout=full)
                self.assertEqual(message, "tally: standard output: No space left on device\n")
        with open("/dev/full", "wb") as full:
            self.run_wrong("help", stdout=full)

    def test_closed_pipe_is_silent(self):
        profiles.shop(self.directory)
        reader, writer = os.pipe()
        os.close(reader)
        result = run("top", "shop.tally", cwd=self.directory, stdout=writer)
        os.close(writer)
        self.assertEqual((result.returncode, result.stderr), (-13, b""))

    def test_unwritable_output_leaves_nothing(self):
        profiles.shop(self.directory)
        before = sorted(os.listdir(self.directory))
        for name in ("no/where.json", "no/where.pb.gz", "no/where.folded"):
            message = self.run_wrong("convert", "shop.tally", "-o", name)
            self.assertIn(f"tally: {name}: No such file or directory", message)
        self.run_wrong("merge", "no/where.pb.gz", "shop.tally")
        self.assertEqual(sorted(os.listdir(self.directory)), before)


class MakingFiles(Case):
    def rows(self, path, **options):
        return json.loads(self.run_ok("top", "--json", "-n0", path, **options))["functions"]

    def test_all_formats_hold_the_same(self):
        profiles.shop(self.directory)
        before = self.rows("shop.tally")
        for source, made in [("shop.tally", "a.pb.zst"), ("a.pb.zst", "b.pb"), ("b.pb", "c.pb.gz")]:
            self.run_ok("convert", source, "-o", made)
            self.assertEqual(self.rows(made), before)
        magics = {"a.pb.zst": b"\x28\xb5\x2f\xfd", "b.pb": b"\x0a", "c.pb.gz": b"\x1f\x8b"}
        for name, magic in magics.items():
            self.assertTrue((self.directory / name).read_bytes().startswith(magic), name)
        data = run("convert", "b.pb", "--to=pb.gz", cwd=self.directory).stdout
        (self.directory / "d").write_bytes(data)
        self.assertEqual(self.rows("d"), before)

    def test_text_formats_follow_the_name(self):
        profiles.shop(self.directory)
        self.run_ok("convert", "shop.tally", "-o", "x.json")
        self.run_ok("convert", "shop.tally", "-o", "x.folded")
        self.run_ok("convert", "shop.tally", "-o", "y", "--to", "folded")
        made = json.loads((self.directory / "x.json").read_text())
        self.assertEqual(sum(sample["values"][0] for sample in made["samples"]), 7_115_173)
        folded = (self.directory / "x.folded").read_text()
        self.assertEqual(folded, (self.directory / "y").read_text())
        self.assertEqual(sum(int(line.rsplit(" ", 1)[1]) for line in folded.splitlines()),
                         1_484_151_452)

    def test_merge_adds(self):
        profiles.shop(self.directory)
        profiles.shop_profile(scale=10).write(self.directory / "ten.pb.gz")
        self.run_ok("merge", "sum.pb.gz", "shop.tally", "ten.pb.gz", "shop.tally/calls.pb.gz")
        want = [{**row, **{key: 12 * row[key] for key in ("calls", "self", "cum")}}
                for row in self.rows("shop.tally")]
        self.assertEqual(self.rows("sum.pb.gz"), want)
        info = json.loads(self.run_ok("info", "--json", "sum.pb.gz"))["profile"]
        self.assertEqual((info["time_ns"], info["duration_ns"]), (profiles.START_NS, 7_500_000_000))

    def test_merge_refuses_other_types(self):
        profiles.shop(self.directory)
        profiles.heap(self.directory)
        self.assertIn("tally: sum.pb: ", self.run_wrong("merge", "sum.pb", "shop.tally",
                                                        "heap.pb.gz"))
        self.assertFalse((self.directory / "sum.pb").exists())

    def test_merge_tells_sums_beyond_the_format(self):
        profiles.huge(self.directory)
        shutil.copy(self.directory / "huge.pb.gz", self.directory / "same.pb.gz")
        result = run("merge", "sum.pb.gz", "huge.pb.gz", "same.pb.gz", cwd=self.directory)
        self.assertEqual(result.returncode, 0)
        self.assertIn(b"cut off at 2^63-1", result.stderr)

    def test_json_sums_beyond_64_bits_are_told(self):
        profiles.huge(self.directory)
        result = run("top", "--json", "huge.pb.gz", cwd=self.directory)
        output = json.loads(result.stdout)
        self.assertIn(b"2^63-1", result.stderr)
        self.assertIs(output["saturated"], True)
        self.assertEqual(output["functions"][1]["calls"], 2**53 + 1)


if __name__ == "__main__":
    unittest.main()
