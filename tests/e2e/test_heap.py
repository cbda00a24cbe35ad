"""Heap profiles where the heap is not glibc's, not there any more, another process's, or interrupted."""

import pathlib
import shutil
import signal
import sys
import tempfile

import pprof_decode
import scripted
import toolchain
from scripted import ScriptedTest, each_mode
from toolchain import LIB, PROGRAMS

# As Debian packages them: libjemalloc2, libmimalloc2.0, libtcmalloc-minimal4.
ALLOCATORS = ("libjemalloc.so.2", "libmimalloc.so.2", "libtcmalloc_minimal.so.4")
WITH_ANY = ("heap/places.c", "heap/threads.c", "heap/operators.cpp", "heap/sizes.c")
ABORTS = {("libmimalloc.so.2", "heap/operators.cpp")}  # where operator new is to throw
FORKS = 40


def flags_for(source):
    is_cxx = str(source).endswith(".cpp")
    return ["-pthread", *(["-std=c++17", "-fsized-deallocation"] if is_cxx else [])]


def installed(library):
    """Its path, or None."""
    for directory in pathlib.Path("/usr/lib").glob("*-linux-gnu"):
        if (directory / library).exists():
            return directory / library
    return None


class HeapTest(ScriptedTest):
    def heap_of(self, directory):
        return self.read(directory)[1]["heap"]

    def run_source(self, text, *expected, extra=(), **more):
        """Runs a program of this text, whose profile is as expected."""
        program = self.build(self.write("program.c", text), extra=["-pthread", "-ldl", *extra])
        ran = self.run_well(program, **more)
        self.expect("program.tally", *expected)
        return ran.stdout

    def plain_library(self, name, source, extra=()):
        """A shared library of which Tally knows nothing."""
        library = self.here / name
        toolchain.compile_library(self.mode.plain(), source, library, extra)
        return library


class Allocators(HeapTest):
    @classmethod
    def setUpClass(cls):
        directory = tempfile.TemporaryDirectory(prefix="tally e2e ")
        cls.addClassCleanup(directory.cleanup)
        cls.objects = pathlib.Path(directory.name)

    def link(self, source, extra=()):
        """The program in self.here, of an object that is compiled once for all allocators."""
        path = self.objects / f"{self.mode} {pathlib.Path(source).name}.o"
        if not path.exists():
            toolchain.compile_object(self.mode, PROGRAMS / source, path, flags_for(source))
        return self.build(path, name=pathlib.Path(source).stem, extra=["-pthread", *extra])

    def each_allocator(self, run):
        here = self.here
        for name in ALLOCATORS:
            path = installed(name)
            if not path:
                print(f"skipped: no {name}", file=sys.stderr)
                continue
            for source in WITH_ANY:
                if (name, source) in ABORTS:
                    continue
                with self.subTest(allocator=name, program=source):
                    self.here = here / f"{name} {pathlib.Path(source).name}"
                    self.here.mkdir()
                    run(path, source)
                    self.expect_its_own(source, self.stdout)
                    self.assertEqual(self.heap_of(f"{pathlib.Path(source).stem}.tally")["note"], "")

    @each_mode()
    def test_linked_after(self):
        def run(allocator, source):
            program = self.link(source, extra=[f"-L{LIB}", "-ltally", allocator])
            self.stdout = self.run_well(program).stdout
        self.each_allocator(run)

    @each_mode()
    def test_linked_before(self):
        def run(allocator, source):
            program = self.link(source, extra=["-Wl,--no-as-needed", allocator])
            self.stdout = self.run_well(program).stdout
        self.each_allocator(run)

    @each_mode()
    def test_preloaded(self):
        def run(allocator, source):
            program = self.link(source)
            environment = {"LD_PRELOAD": str(allocator)}
            self.stdout = self.run_well(program, environment=environment).stdout
        self.each_allocator(run)

    @each_mode()
    def test_at_a_fixed_address(self):
        """There malloc's address, which the program takes, is in the program."""
        program = self.build("heap/places.c", extra=["-no-pie", "-fno-pie"])
        for allocator in ["", *filter(None, map(installed, ALLOCATORS))]:
            with self.subTest(allocator=allocator):
                ran = self.run_well(program, environment={"LD_PRELOAD": str(allocator)})
                self.expect_its_own("heap/places.c", ran.stdout)
                self.assertEqual(self.heap_of("places.tally")["note"], "")

    @each_mode("plugin")
    def test_static(self):
        """What the linker wraps is recorded, also where libc itself calls it."""
        symbols = (toolchain.INCLUDE.parent / "public_symbols.txt").read_text().split()
        wrapped = [name.replace("__wrap_", "-Wl,--wrap=") for name in symbols
                   if name.startswith("__wrap_")]
        here = self.here
        for source in (*WITH_ANY, "heap/family.c", "heap/replaced_operators.cpp"):
            for kind in ("-static", "-static-pie"):
                with self.subTest(program=source, kind=kind):
                    self.here = here / f"{pathlib.Path(source).name} {kind}"
                    self.here.mkdir()
                    program = self.here / pathlib.Path(source).stem
                    toolchain.command([self.mode.driver(source.endswith(".cpp")),
                                       *self.mode.flags(), PROGRAMS / source, *flags_for(source), kind,
                                       f"-I{toolchain.INCLUDE}", *wrapped, f"-L{LIB}", "-ltally",
                                       "-o", program])
                    self.expect_its_own(source, self.run_well(program).stdout)


class Processes(HeapTest):
    @each_mode()
    def test_forks_meanwhile(self):
        program = self.build("heap/forks.c", extra=["-pthread"])
        ran = self.run_well(program, FORKS)
        in_threads = int(ran.stdout.split("=")[1])
        self.expect("forks.tally", "heap in_parent 50 500 50 500",
                    f"heap allocates {in_threads} >=0 0 0", "heap in_child 0 0 0 0",
                    "run heap.frees_unmatched 0")
        children = [name for name in self.profiles() if name != "forks.tally"]
        self.assertEqual(len(children), FORKS)
        for name in children:
            self.expect(name, "heap in_child 30 4000 10 2000", "heap in_parent 0 0 0 0",
                        "heap allocates 0 0 0 0", "run heap.frees_unmatched 0",
                        "run heap.allocated_objects <=40")


    @each_mode()
    def test_ends(self):
        """All is counted until the end, also in one that nobody expected."""
        program = self.build("heap/ends.c")
        for way in ("return", "_exit", "exec", "vfork", "SIGTERM", "SIGSEGV", "SIGABRT"):
            with self.subTest(way=way):
                status = -signal.Signals[way] if way.startswith("SIG") else 0
                self.assertEqual(self.start(program, way).status, status)
                self.expect("ends.tally", "heap before 5 50 4 40", "peak before 5 50 50",
                            "run heap.blocks_unrecorded 0")


class Signals(HeapTest):
    def test_handlers_that_allocate(self):
        """What has no place is told; nothing else is off."""
        self.mode = toolchain.newest()
        program = self.build_with_cells("signals.cpp")
        for more in ([], ["alone"]) * 2:
            ran = self.run_well(program, 50000, *more)
            totals = dict(line.split("=") for line in ran.stdout.split())
            self.assertGreater(int(totals["signals"]), 0)
            heap = self.heap_of("signals.tally")
            lost, comparison = heap["blocks_unrecorded"], self.read("signals.tally")[0]
            for name in ("handler_allocates", "handler_grows", "thread_allocates"):
                sites = comparison.sites("heap", name)
                for value, wanted in (("alloc_objects", int(totals[name])), ("inuse_objects", 0)):
                    got = sum(s.values[value] for s in sites)
                    self.assertLessEqual(abs(got - wanted), lost, (name, value, got, wanted))
            self.assertLessEqual(heap["frees_unmatched"], lost)

    def test_handlers_that_jump_out(self):
        """What is in their way when they do is lost, once for each."""
        self.mode = toolchain.newest()
        program = self.build_with_cells("signals.cpp")
        for more in ([], ["alone"]):
            ran = self.run_well(program, 20000, "jumps", *more)
            totals = {key: int(n) for key, n in (line.split("=") for line in ran.stdout.split())}
            heap = self.heap_of("signals.tally")
            self.assertGreater(heap["allocated_objects"], 20000)
            lost = totals["jumps"] + heap["blocks_unrecorded"]
            self.assertLessEqual(abs(heap["inuse_objects"] - totals["cells"]), lost)

    def build_with_cells(self, source):
        cells = self.plain_library("cells.so", PROGRAMS / "heap/cells.c", ["-fno-builtin"])
        return self.build(f"heap/{source}", extra=["-std=c++17", "-pthread", f"-L{LIB}", "-ltally",
                                                   cells])


class Meanwhile(HeapTest):
    WRITTEN, PLACES, THREADS = 10, 16, 4  # as in flat_out.c

    @each_mode()
    def test_threads_go_on(self):
        """What is live is never less than nothing, nor more than there are places for."""
        program = self.build("heap/flat_out.c", extra=["-pthread"])
        self.run_well(program, self.WRITTEN)
        names = [f"{i:02}.pb.gz" for i in range(self.WRITTEN)] + ["flat_out.tally/heap.pb.gz"]
        for name in names:
            samples = pprof_decode.decode(self.here / name, "heap").samples
            live = sum(s.values["inuse_objects"] for s in samples
                       if s.frames[0].name == "makes")
            self.assertLessEqual(live, self.PLACES + 2 * self.THREADS, name)
        self.expect("flat_out.tally", "run heap.frees_unmatched 0")


class Loading(HeapTest):
    def load(self, library, how):
        program = self.build("heap/loader.c", extra=["-ldl"])
        self.run_well(program, library, how)
        return self.heap_of("loader.tally")

    @each_mode()
    def test_loaded(self):
        library = self.here / "loaded.so"
        toolchain.compile_library(self.mode, PROGRAMS / "heap/loaded.cpp", library)
        for how in ("local", "global"):
            self.load(library, how)
            self.expect("loader.tally", "heap made_here 300 9000 0 0",
                        "run heap.frees_unmatched 0")

    @each_mode()
    def test_plain_library(self):
        library = self.plain_library("loaded.so", PROGRAMS / "heap/loaded.cpp")
        self.load(library, "local")
        self.expect("loader.tally", "heap made_here 300 9000 0 0", "run heap.frees_unmatched 0")

    @each_mode()
    def test_library_that_calls_the_allocator_past_tally(self):
        """Its frees are not seen; that a block is gone is known when its address is another's."""
        library = self.plain_library("loaded.so", PROGRAMS / "heap/loaded.cpp")
        heap = self.load(library, "deepbind")
        self.expect("loader.tally", "heap made_here 300 9000 <=5 <=150")
        self.assertLess(heap["table_bytes"], 1 << 20)


class Uninstrumented(HeapTest):
    """Programs that know nothing of Tally, with it preloaded, run as they do without."""

    def compare(self, *words):
        for options in ("", "heap=counts", "heap=off"):
            with self.subTest(options=options):
                preloaded = self.start(*words, options=options,
                                       environment={"LD_PRELOAD": str(LIB / "libtally.so")})
                self.assertEqual(preloaded.stdout, self.start(*words).stdout)
                self.assertEqual(preloaded.status, 0, preloaded.stderr)

    def test_sqlite(self):
        self.skip_without(shutil.which("sqlite3"), "no sqlite3")
        self.compare("sqlite3", ":memory:", """
            CREATE TABLE t (n, s);
            WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 20000)
                INSERT INTO t SELECT n, hex(n * 7919 % 10007) FROM c;
            CREATE INDEX i ON t (s);
            SELECT count(*), sum(n), min(s), max(s) FROM t WHERE s > '3';""")

    def test_python(self):
        self.skip_without(pathlib.Path("/usr/bin/python3").exists(), "no python3 of the system's")
        self.compare("/usr/bin/python3", "-c", """if True:
            import collections, json, re, subprocess, threading
            words = collections.Counter(re.findall("[a-z]+", re.__doc__ * 50))
            threads = [threading.Thread(target=json.dumps, args=(words,)) for i in range(8)]
            [thread.start() for thread in threads]
            [thread.join() for thread in threads]
            print(words, subprocess.run(["echo", "child"], capture_output=True).stdout)""")


class Limits(HeapTest):
    @each_mode()
    def test_a_million_live_blocks(self):
        self.run_source("""
            #include <stdlib.h>
            static void *blocks[1000000];
            __attribute__((noinline)) static void *make(void) { return malloc(24); }
            int main(void) {
                for (int i = 0; i < 1000000; i++)
                    blocks[i] = make();
                return ((char *volatile *)blocks)[500] == NULL;
            }""", "heap make 1000000 24000000 1000000 24000000", "peak make 1000000 24000000 24000000")
        heap = self.heap_of("program.tally")
        self.assertLessEqual(heap["table_bytes"] / heap["inuse_objects"], 32)

    @each_mode()
    def test_no_memory_for_records(self):
        """What cannot be recorded is told, and the program has its blocks."""
        self.run_source("""
            #include <stdlib.h>
            #include <sys/resource.h>
            static void **first;
            static long n;
            __attribute__((noinline)) static int make(void) {
                void **block = malloc(32);
                if (!block)
                    return 0;
                *block = first;
                first = block;
                n++;
                return 1;
            }
            __attribute__((noinline)) static void release(void) {
                void **block = first;
                first = *block;
                free(block);
            }
            int main(void) {
                struct rlimit limit = {200 << 20, 200 << 20}, before;
                getrlimit(RLIMIT_AS, &before);
                limit.rlim_max = before.rlim_max;
                setrlimit(RLIMIT_AS, &limit);
                while (make())
                    ;
                while (first)
                    release();
                setrlimit(RLIMIT_AS, &before);
                return n < 1000;
            }""", "heap make >=1000 >=32000 <=8 <=256")
        heap = self.heap_of("program.tally")
        self.assertGreater(heap["blocks_unrecorded"], 0)
        self.assertLessEqual(heap["frees_unmatched"], heap["blocks_unrecorded"])

    @each_mode()
    def test_no_memory_for_contexts(self):
        """What has no place of its own counts as another's, and is not lost."""
        levels, ways = 6, range(8)
        functions = "\n".join(
            f"__attribute__((noinline)) static void f{level}_{way}(void) {{ kept = malloc(3); "
            "free(kept); "
            + (" ".join(f"f{level - 1}_{below}();" for below in ways) if level else "") + " }"
            for level in range(levels) for way in ways)
        calls = " ".join(f"f{levels - 1}_{way}();" for way in ways)
        self.run_source(f"#include <stdlib.h>\nstatic void *volatile kept;\n{functions}\n"
                        f"int main(void) {{ {calls} return 0; }}",
                        "run heap.frees_unmatched 0", "run heap.blocks_unrecorded 0",
                        "run heap.inuse_objects 0", options="memory=1M")
        total = sum(8 ** (level + 1) for level in range(levels))
        self.expect("program.tally", f"run heap.allocated_objects {total}",
                    f"heap * {total} {3 * total} 0 0")

    @each_mode()
    def test_deep(self):
        self.run_source("""
            #include <pthread.h>
            #include <stdlib.h>
            static void *volatile kept;
            __attribute__((noinline)) static int deep(int n) {
                void *volatile block = malloc(3);
                if (n)
                    deep(n - 1);
                free(block);
                return n;
            }
            static void *dives(void *argument) {
                deep(200000);
                return argument;
            }
            int main(void) {
                pthread_attr_t attributes;
                pthread_t thread;
                pthread_attr_init(&attributes);
                pthread_attr_setstacksize(&attributes, (size_t)1 << 30);
                pthread_create(&thread, &attributes, dives, NULL);
                pthread_join(thread, NULL);
                deep(10);
                return 0;
            }""", "heap deep 200012 600036 0 0", "run heap.frees_unmatched 0")


class Options(HeapTest):
    def run_places(self, options):
        program = self.build("heap/places.c")
        self.stdout = self.run_well(program, options=options).stdout
        return self.heap_of("places.tally")

    @each_mode()
    def test_sizes(self):
        self.run_places("sizes=true")
        self.expect_its_own("heap/places.c", self.stdout)
        sizes = {}
        for sample in self.read("places.tally")[0].sites("heap", "in_loop"):
            sizes[sample.labels["bytes"]] = sample.values["alloc_objects"]
        self.assertEqual(sizes, {n: 1 for n in range(100)})

    @each_mode()
    def test_sizes_of_what_is_not_told_apart(self):
        """No label says what is not known."""
        self.run_source("""
            #include "tally/tally.h"
            #include <stdlib.h>
            static void *volatile kept;
            static int place;
            TALLY_SKIP static void early(void) { kept = malloc(13); }
            __attribute__((constructor)) TALLY_SKIP static void first(void) { early(); }
            int main(void) {
                tally_alloc("pool", &place, 4);
                kept = malloc(0);
                return 0;
            }""", "heap main 1 0 1 0", "pool pool main 1 4 1 4", options="sizes=true")
        profiles = self.read("program.tally")[0].profile.beside
        labels = {s.frames[0].name: s.labels for s in profiles["heap"].samples}
        self.assertEqual(labels.pop("main", None), {"bytes": 0})
        self.assertEqual(list(labels.values()), [{"bytes": 13}], labels)
        self.assertEqual([s.labels for s in profiles["pools"].samples], [{"kind": "pool"}])

    @each_mode()
    def test_counts(self):
        heap = self.run_places("heap=counts")
        comparison, _ = self.read("places.tally")
        self.assertEqual(set(comparison.profile.beside), {"heap", "sizes"})
        self.assertEqual(comparison.profile.beside["heap"].values, ("alloc_objects", "alloc_space"))
        self.expect("places.tally", "heap in_loop 100 4950", "heap inlined 10 400",
                    "heap to_be_freed 3 9", "run heap.mode counts")
        self.assertEqual(heap["table_bytes"], 0)

    @each_mode()
    def test_off(self):
        heap = self.run_places("heap=off")
        self.assertEqual(self.read("places.tally")[0].profile.beside, {})
        self.assertEqual((heap["mode"], heap["table_bytes"], heap["frees_unmatched"]),
                         ("off", 0, 0))

    def test_unknown(self):
        program = self.build("heap/places.c")
        ran = self.start(program, options="heap=some")
        self.assertEqual(ran.status, 0)
        self.assertIn("full, counts, off", ran.stderr)


if __name__ == "__main__":
    scripted.main()
