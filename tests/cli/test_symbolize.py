"""Functions and lines from ELF files: profiles of addresses only, of programs compiled here.

A program is compiled in every way that debugging information comes in; the addresses put into the
profile are read from `nm` and `objdump`, and what `tally symbolize` must make of them is known from
the source, by line.
"""

import gzip
import json
import os
import re
import shutil
import subprocess
import unittest

from harness import Case, run
from profile import Profile
from profiles import CALLS

SOURCE = """\
namespace shop {
template <typename T> struct Box { T v; T get(int a) const; };
template <typename T> __attribute__((noinline)) T Box<T>::get(int a) const { return v + a; }
static inline __attribute__((always_inline)) int twice(int (*f)(int), int x) {
    return f(x)
           + f(x + 1);
}
__attribute__((noinline, noclone)) int leaf(int x) {
    volatile int y = x * 3;
    return y;
}
int (*volatile pick)(int) = leaf;
__attribute__((noinline, noclone)) int work(int x) {
    int r = twice(
        pick, x);
    Box<int> b{r};
    return b.get(x) + 1;
}
}
int main(int argc, char **) {
    return shop::work(argc) == 0;
}
"""
WORK = "_ZN4shop4workEi"
BOX = "_ZNK4shop3BoxIiE3getEi"
BASE = 0x10000000000


def tool(*words, cwd):
    return subprocess.run([str(word) for word in words], cwd=cwd, check=True, capture_output=True,
                          text=True).stdout


def addresses(binary, cwd):
    """Link-time addresses of functions, and return addresses of the calls in each."""
    entries = {}
    for line in tool("nm", binary, cwd=cwd).splitlines():
        fields = line.split()
        if len(fields) == 3 and fields[1] in "TtWw":
            entries[fields[2]] = int(fields[0], 16)
    returns, function, was_call = {}, "", False
    for line in tool("objdump", "-d", "--no-show-raw-insn", binary, cwd=cwd).splitlines():
        heading = re.match(r"[0-9a-f]+ <(.*)>:$", line)
        if heading:
            function, was_call = heading[1], False
        code = re.match(r"\s*([0-9a-f]+):\s+(\S.*)", line)
        if code:
            if was_call:
                returns.setdefault(function, []).append(int(code[1], 16))
            was_call = code[2].startswith("call")
    return entries, returns


def text_segment(binary, cwd):
    for line in tool("readelf", "-lW", binary, cwd=cwd).splitlines():
        fields = line.split()
        if fields[:1] == ["LOAD"] and "E" in "".join(fields[6:-1]):
            return [int(field, 16) for field in (fields[1], fields[2], fields[4])]
    raise AssertionError("no executable segment")


def build_id(binary, cwd):
    found = re.search(r"Build ID: (\w+)", tool("readelf", "-n", binary, cwd=cwd))
    return found[1] if found else ""


class Symbolize(Case):
    def build(self, compiler="g++", *flags, name="app"):
        if not shutil.which(compiler):
            self.skipTest(f"no {compiler}")
        (self.directory / "app.cc").write_text(SOURCE)
        tool(compiler, "-O1", *flags, "app.cc", "-o", name, "-Wl,--build-id", cwd=self.directory)

    def profile(self, name="app", path="calls.pb.gz", with_id=None, **head):
        """main -> work -> (in twice) leaf, leaf; work -> Box::get; addresses only."""
        entries, returns = addresses(self.original, self.directory)
        offset, vaddr, size = text_segment(self.original, self.directory)
        p = Profile(CALLS, default="wall", **head)
        at = p.mapping(BASE + vaddr, BASE + vaddr + size, offset, str(self.directory / name),
                       build_id(name, self.directory) if with_id is None else with_id,
                       functions=False)

        def place(address):
            return p.location([], at, BASE + address)

        leaf = place(entries["_ZN4shop4leafEi"])
        box, work, main = place(entries[BOX]), place(entries[WORK]), place(entries["main"])
        in_work = [place(address - 1) for address in returns[WORK]]
        in_main = place(returns["main"][0] - 1)
        self.assertEqual(len(in_work), 3, "three calls in work()")
        p.sample([main], [1, 10])
        p.sample([work, in_main], [1, 20])
        for call in in_work[:2]:
            p.sample([leaf, call, in_main], [1, 30])
        p.sample([box, in_work[2], in_main], [1, 40])
        p.write(self.directory / path)

    original = "app"

    def stacks(self, path="calls.pb.gz"):
        """Each sample as a list of frames (name, line), leaf first."""
        data = json.loads(run("convert", "--to=json", path, cwd=self.directory).stdout)
        self.data = data
        functions = {row["id"]: row for row in data["functions"]}
        locations = {row["id"]: [(functions[line["function"]]["name"], line["line"])
                                 for line in row["lines"]] for row in data["locations"]}
        return [[locations[id] for id in sample["locations"]] for sample in data["samples"]]

    EXPECTED = [
        [[("main", 20)]],
        [[("shop::work", 13)], [("main", 21)]],
        [[("shop::leaf", 8)], [("shop::twice", 5), ("shop::work", 14)], [("main", 21)]],
        [[("shop::leaf", 8)], [("shop::twice", 6), ("shop::work", 14)], [("main", 21)]],
        [[("shop::Box<int>::get", 3)], [("shop::work", 17)], [("main", 21)]],
    ]

    def check_resolved(self):
        (self.directory / "x.tally").mkdir()
        shutil.copy(self.directory / "calls.pb.gz", self.directory / "x.tally/calls.pb.gz")
        self.assertEqual(self.run_ok("symbolize", "--quiet", "x.tally"), "")
        os.rename(self.directory / "app", self.directory / "gone")
        self.assertEqual(self.stacks("x.tally"), self.EXPECTED)
        names = {row["name"]: row for row in self.data["functions"]}
        self.assertEqual(names["shop::Box<int>::get"]["system_name"], BOX)
        self.assertEqual(names["main"]["system_name"], "main")
        self.assertEqual(names["main"]["file"], str(self.directory / "app.cc"))
        self.assertEqual(names["shop::work"]["line"], 13)
        mapping = self.data["mappings"][0]
        for flag in ("has_functions", "has_filenames", "has_line_numbers"):
            self.assertIs(mapping[flag], True, flag)
        self.assertEqual(sum(sample["values"][1] for sample in self.data["samples"]), 130)
        return self.directory / "x.tally/calls.pb.gz"

    def test_debugging_information_of_every_kind(self):
        for compiler, *flags in [
            ("g++", "-g"), ("g++", "-g", "-gdwarf-4"), ("g++", "-g", "-no-pie"),
            ("g++", "-g", "-gz"), ("g++", "-g", "-ffunction-sections"),
            ("g++", "-g", "-gsplit-dwarf"), ("clang++-14", "-g"), ("clang++-16", "-g"),
            ("clang++-19", "-g"), ("clang++-14", "-g", "-gdwarf-4"),
            ("clang++-19", "-g", "-gsplit-dwarf"),
        ]:
            with self.subTest(compiler=compiler, flags=flags):
                if not shutil.which(compiler):
                    continue
                self.build(compiler, *flags)
                self.profile()
                try:
                    self.check_resolved()
                finally:
                    shutil.rmtree(self.directory / "x.tally")

    def test_separate_file(self):
        self.build("g++", "-g")
        shutil.copy(self.directory / "app", self.directory / "full")
        self.original = "full"
        tool("objcopy", "--only-keep-debug", "app", "app.debug", cwd=self.directory)
        tool("strip", "app", cwd=self.directory)
        tool("objcopy", "--add-gnu-debuglink=app.debug", "app", cwd=self.directory)
        self.profile()
        self.check_resolved()

    def test_symbol_table_alone(self):
        self.build("g++")
        self.profile()
        got = self.stacks()
        self.assertEqual(got[4], [[("shop::Box<int>::get", 0)], [("shop::work", 0)], [("main", 0)]])
        flags = self.data["mappings"][0]
        self.assertIs(flags["has_functions"], True)
        self.assertIs(flags["has_filenames"], False)

    def test_callers_are_the_functions_named(self):
        """Functions by their place in the file, as -finstrument-functions leaves them."""
        self.build("g++", "-g")
        entries, returns = addresses("app", self.directory)
        offset, vaddr, size = text_segment("app", self.directory)
        p = Profile(CALLS, default="wall")
        at = p.mapping(BASE + vaddr, BASE + vaddr + size, offset, str(self.directory / "app"),
                       build_id("app", self.directory), functions=False)

        def place(function, address):
            name = f"[app+{entries[function] - vaddr + offset:#x}]"
            return p.location([(p.function(name), 0)], at, BASE + address)

        leaf = place("_ZN4shop4leafEi", entries["_ZN4shop4leafEi"])
        in_inlined = place(WORK, returns[WORK][0] - 1)
        in_itself = place(WORK, returns[WORK][2] - 1)
        elsewhere = place("main", returns[WORK][0] - 2)
        p.sample([leaf, in_inlined, elsewhere], [1, 10])
        p.sample([leaf, in_itself, elsewhere], [1, 20])
        p.write(self.directory / "calls.pb.gz")
        self.assertEqual(self.stacks(), [
            [[("shop::leaf", 8)], [("shop::work", 14)], [("main", 20)]],
            [[("shop::leaf", 8)], [("shop::work", 17)], [("main", 20)]],
        ])
        self.assertEqual({row["name"] for row in self.data["functions"]},
                         {"shop::leaf", "shop::work", "main"})
        self.assertIn(hex(BASE + entries["main"]), [row["address"] for row in self.data["locations"]])

    def test_pprof_reads_the_result(self):
        if not shutil.which("go"):
            self.skipTest("no go")
        self.build("g++", "-g")
        self.profile()
        path = self.check_resolved()
        top = subprocess.run(["go", "tool", "pprof", "-top", "-nodecount=9", path], check=True,
                             capture_output=True, text=True,
                             env={**os.environ, "HOME": str(self.directory)}).stdout
        self.assertIn("shop::Box<int>::get", top)

    def test_reading_commands_resolve_in_memory(self):
        self.build("g++", "-g")
        self.profile()
        before = (self.directory / "calls.pb.gz").read_bytes()
        self.assertIn("shop::leaf", self.run_ok("top", "calls.pb.gz"))
        self.assertIn("return f(x)", self.run_ok("list", "twice", "calls.pb.gz"))
        self.assertEqual((self.directory / "calls.pb.gz").read_bytes(), before)

    def test_compression_is_kept_and_repeating_does_nothing(self):
        self.build("g++", "-g")
        self.profile(path="calls.pb")
        result = run("symbolize", "calls.pb", cwd=self.directory)
        self.assertEqual(result.stderr, b"tally: calls.pb: 8 of 8 addresses resolved\n")
        plain = (self.directory / "calls.pb").read_bytes()
        self.assertNotEqual(plain[:2], b"\x1f\x8b")
        again = run("symbolize", "calls.pb", cwd=self.directory)
        self.assertEqual(again.stderr, b"tally: calls.pb: every address has a function already\n")
        self.assertEqual((self.directory / "calls.pb").read_bytes(), plain)
        self.assertEqual(sorted(os.listdir(self.directory)), ["app", "app.cc", "calls.pb"])

    def check_not_used(self, cause):
        before = gzip.decompress((self.directory / "calls.pb.gz").read_bytes())
        result = run("symbolize", "calls.pb.gz", cwd=self.directory)
        self.assertEqual(result.returncode, 0)
        self.assertIn(cause, result.stderr.decode())
        self.assertIn("0 of 8 addresses resolved", result.stderr.decode())
        self.assertEqual(gzip.decompress((self.directory / "calls.pb.gz").read_bytes()), before)
        quiet = run("symbolize", "--quiet", "calls.pb.gz", cwd=self.directory)
        self.assertEqual((quiet.returncode, quiet.stderr), (0, b""))
        self.assertIn(b"[app+0x", run("top", "calls.pb.gz", cwd=self.directory).stdout)

    def test_another_build_is_not_used(self):
        self.build("g++", "-g")
        self.profile(with_id="0123456789abcdef")
        self.check_not_used("build id differs")

    def test_changed_file_without_build_id_is_not_used(self):
        self.build("g++", "-g")
        self.profile(with_id="", time_ns=1_000_000_000)
        self.check_not_used("changed after the profile was taken")

    def test_file_that_is_gone_or_no_program(self):
        self.build("g++", "-g")
        self.profile()
        os.rename(self.directory / "app", self.directory / "gone")
        self.check_not_used("No such file or directory")
        (self.directory / "app").write_text("not a program")
        self.check_not_used(str(self.directory / "app"))


LONG = "long_name_" * 150
LOCAL = """\
#include <vector>
namespace { template <class T> struct Pair {
    T one; int sum(int x) const { return one + x; }
}; }
static int own(int x) { return x + 1; }
static int raised(int x, int n) { return n ? x * raised(x, n - 1) : 1; }
static int LONG(int x) { return x; }
int main(int argc, char **) {
    struct { int get(int x) { return x; } } unnamed;
    auto first = [&](int x) {
        return own(x);
    };
    auto second = [&](auto x) { return first(x) + 1; };
    Pair<std::vector<int>::size_type> pair{1};
    return second(argc) + raised(argc, 3) + LONG(1) + unnamed.get(2) + pair.sum(3);
}
""".replace("LONG", LONG)
C_LOCAL = """\
int puts(const char *);
static int real(int x) { return x + 1; }
int another(int) __attribute__((alias("real")));
int early(int, char **) __asm__("odd.name");
int early(int x, char **p) { return puts(*p) + x; }
int main(int argc, char **argv) {
    int inner(int x) { return real(x) + argc; }
    int (*volatile pointer)(int) = inner;
    return pointer(1) + early(1, argv) - 5;
}
"""


class LocalNames(Case):
    """Functions that debugging information has no linkage name of, or no place."""

    def functions(self, source, compiler, *flags):
        """{symbol: (name, system name, line)} of all of the program's functions, by address."""
        (self.directory / source).write_text(LOCAL if source.endswith("cc") else C_LOCAL)
        tool(compiler, "-O0", *flags, source, "-o", "app", "-Wl,--build-id", cwd=self.directory)
        entries, _ = addresses("app", self.directory)
        return self.resolved({name: place for name, place in entries.items()
                              if not name.startswith("_") or name.startswith("_Z")})

    def resolved(self, places):
        offset, vaddr, size = text_segment("app", self.directory)
        p = Profile(CALLS, default="wall")
        at = p.mapping(BASE + vaddr, BASE + vaddr + size, offset, str(self.directory / "app"),
                       build_id("app", self.directory), functions=False)
        for place in sorted(set(places.values())):
            p.sample([p.location([], at, BASE + place)], [1, 10])
        p.write(self.directory / "calls.pb.gz")
        data = json.loads(run("convert", "--to=json", "calls.pb.gz", cwd=self.directory).stdout)
        functions = {row["id"]: row for row in data["functions"]}
        at_address = {int(row["address"], 16): functions[row["lines"][0]["function"]]
                      for row in data["locations"] if row["lines"]}
        return {symbol: (row["name"], row["system_name"], row["line"])
                for symbol, place in places.items() for row in [at_address.get(BASE + place)] if row}

    CXX = {
        "_ZL3owni": ("own", 5),
        f"_ZL{len(LONG)}{LONG}i": (LONG, 7),
        "_ZZ4mainENKUliE_clEi": ("main::'lambda'(int)::operator()", 10),
        "_ZZ4mainENKUlT_E0_clIiEEDaS_": ("main::'lambda0'(auto)::operator()<int>", 13),
        "_ZZ4mainENUt_3getEi": ("main::'unnamed'::get", 9),
        "_ZNK12_GLOBAL__N_14PairImE3sumEi":
            ("(anonymous namespace)::Pair<unsigned long>::sum", 3),
    }

    def test_cxx(self):
        """gcc writes no linkage name of what other files cannot call, and no place of lambdas."""
        for flags in (["-g"], ["-g", "-O1"], ["-g", "-gsplit-dwarf"], ["-g", "-gdwarf-4"], []):
            with self.subTest(flags=flags):
                got = self.functions("app.cc", "g++", "-fkeep-static-functions", "-fno-inline",
                                     *flags)
                for symbol, (name, line) in self.CXX.items():
                    self.assertEqual(got[symbol], (name, symbol, line if flags else 0))

    def test_c(self):
        """The source's names are kept, whatever other symbols there are."""
        got = self.functions("app.c", "gcc", "-g", "-no-pie")
        self.assertEqual(got["real"], ("real", "real", 2))
        inner = next(symbol for symbol in got if symbol.startswith("inner."))
        self.assertEqual(got[inner], ("inner", inner, 7))
        self.assertEqual(got["odd.name"], ("early", "odd.name", 5))
        self.assertEqual(got["main"], ("main", "main", 6))

    def test_clones(self):
        """A clone's code is that of the function it was made of."""
        got = self.functions("app.cc", "g++", "-g", "-O2", "-fno-inline")
        clone = next(symbol for symbol in got if symbol.startswith("_ZL6raisedii."))
        self.assertEqual(got[clone], ("raised", "_ZL6raisedii", 6))

    def test_code_without_symbols(self):
        """What lies behind the last function of a section is not its."""
        self.functions("app.c", "gcc", "-g", "-no-pie")
        plt = next(line.split() for line in tool("readelf", "-SW", "app", cwd=self.directory)
                   .splitlines() if " .plt " in line)
        start = int(plt[plt.index(".plt") + 2], 16)
        self.assertEqual(self.resolved({"plt": start}), {})


if __name__ == "__main__":
    unittest.main()
