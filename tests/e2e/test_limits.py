"""What is very large: depth, the number of contexts, of call sites, of functions, threads, names.

How large is for the environment to say, where the usual would take too long for every day:
TALLY_TEST_FUNCTIONS (3000), TALLY_TEST_MEMORY (4M; the profiler's own default is 256M)."""

import dataclasses
import os

import scripted
import toolchain
from scripted import ScriptedTest, each_mode

FUNCTIONS = int(os.environ.get("TALLY_TEST_FUNCTIONS", "3000"))
MEMORY = os.environ.get("TALLY_TEST_MEMORY", "4M")


class Limits(ScriptedTest):
    def run_source(self, text, *expected, extra=(), **more):
        """Standard output of a program of this text, whose profile is as expected."""
        program = self.build(self.write("limits.c", text), extra=extra)
        ran = self.run_well(program, **more)
        self.expect("limits.tally", *expected)
        return ran.stdout

    def losses(self):
        _, run_json = self.read("limits.tally")
        return {k: v for k, v in run_json["losses"].items() if v and "clamped" not in k}

    @each_mode()
    def test_a_million_calls_deep(self):
        """Directly and by way of another; returned from, and jumped out of."""
        self.run_source("""
            #include <pthread.h>
            #include <setjmp.h>
            #define NOINLINE __attribute__((noinline))
            static volatile int sink;
            static jmp_buf home;
            static int around(int n);
            NOINLINE static int deep(int n) { return n ? deep(n - 1) + sink : sink; }
            NOINLINE static int about(int n) { return n ? around(n - 1) + sink : sink; }
            NOINLINE static int around(int n) { return about(n) + sink; }
            NOINLINE static void jump(void) { longjmp(home, 1); }
            NOINLINE static int lost(int n) { if (!n) jump(); return lost(n - 1) + sink; }
            NOINLINE static int after(int n) { return n; }
            NOINLINE static int jumped(void) {
                if (setjmp(home) == 0)
                    lost(1000000);
                return after(sink);
            }
            static void *dives(void *argument) {
                deep(1000000);
                about(500000);
                jumped();
                after(1);
                return argument;
            }
            int main(void) {
                pthread_attr_t attributes;
                pthread_t thread;
                pthread_attr_init(&attributes);
                pthread_attr_setstacksize(&attributes, (size_t)1 << 30);
                pthread_create(&thread, &attributes, dives, NULL);
                return pthread_join(thread, NULL);
            }""", "calls deep 1000001", "edge deep deep 1000000", "edge dives deep 1",
            "calls about 500001", "edge about around 500000", "edge around about 500000",
            "calls lost 1000001", "edge jumped lost 1", "edge lost jump 1", "calls jump 1",
            "edge jumped after 1", "edge dives after 1", "calls after 2", extra=["-pthread"])
        if self.mode.kind == "plugin":
            self.assertEqual(self.losses(), {})

    @each_mode()
    def test_ten_million_contexts(self):
        """Ten calls in each function, seven deep: what has no place is told, none is lost."""
        levels, ways = 7, range(10)
        functions = "\n".join(
            f"__attribute__((noinline)) static void f{level}_{way}(void) {{ sink++; "
            + (" ".join(f"f{level - 1}_{below}();" for below in ways) if level else "") + " }"
            for level in range(levels) for way in ways)
        calls = " ".join(f"f{levels - 1}_{way}();" for way in ways)
        self.run_source(
            f"static volatile int sink;\n{functions}\nint main(void) {{ {calls} return 0; }}",
            "calls main 1", *(f"calls f{level}_{way} {10 ** (levels - 1 - level)}"
                              for level in range(levels) for way in ways),
            options=f"memory={MEMORY}")
        losses = self.losses()
        self.assertEqual(list(losses), ["contexts_collapsed"])
        self.assertGreater(losses["contexts_collapsed"], 0)

    def test_many_call_sites(self):
        """66 000 in one function, more than there are places for; the first and last are run."""
        self.mode = dataclasses.replace(self.mode, level="O0")
        functions = "".join(f"static void f{i}(void) {{ sink++; }}\n" for i in range(4))
        few = "f0(); f1(); f2(); f3();\n" * 500
        self.run_source(
            f"static volatile int sink;\n{functions}"
            f"static void many(void) {{\n{few}if (sink < 0) {{\n{31 * few}}}\n{few}}}\n"
            "int main(void) { many(); many(); return 0; }",
            "calls many 2", "calls main 1", *(f"edge many f{i} 2000" for i in range(4)),
            *(f"callers f{i} many" for i in range(4)))
        self.assertEqual(self.losses(), {})

    def test_many_functions(self):
        """In one file, each calling the next but one."""
        self.mode = dataclasses.replace(self.mode, level="O0")
        some = range(2, FUNCTIONS, 299)
        functions = "\n".join(f"void f{i}(int n) {{ if (n) f{i + 2}(n - 1); }}"
                              for i in reversed(range(FUNCTIONS)))
        calls = "\n".join(f"f{i}(1);" for i in range(FUNCTIONS))
        last, beyond = f"f{FUNCTIONS}", f"f{FUNCTIONS + 1}"
        self.run_source(
            f"void {last}(int n) {{ (void)n; }}\nvoid {beyond}(int n) {{ (void)n; }}\n"
            f"{functions}\nint main(void) {{\n{calls}\nreturn 0;\n}}\n",
            "calls main 1", "calls f0 1", "calls f1 1", f"calls {last} 1", f"calls {beyond} 1",
            "calls f* " + str(2 * FUNCTIONS), *(f"edge main f{i} 1" for i in some),
            *(f"edge f{i - 2} f{i} 1" for i in some),
            *(f"callers f{i} main f{i - 2}" for i in some))
        self.assertEqual(self.losses(), {})

    @each_mode()
    def test_very_long_names(self):
        """10 000 characters; two that differ in the last."""
        name = "name_" * 2000
        self.run_source(
            f"__attribute__((noinline)) static int {name}a(int n) {{ return n; }}\n"
            f"__attribute__((noinline)) static int {name}b(int n) {{ return {name}a(n) + 1; }}\n"
            f"int main(void) {{ return {name}a({name}b(-1)); }}",
            f"edge main {name}a 1", f"edge {name}b {name}a 1", f"calls {name}b 1")

    @each_mode()
    def test_memory_does_not_grow_with_threads(self):
        """Of 5 000 threads, one after the other, no more is left than of 500."""
        peaks = self.run_source("""
            #include "peak.h"
            #include <pthread.h>
            static volatile int sink;
            __attribute__((noinline)) static int deep(int n) {
                return n ? deep(n - 1) + sink : sink;
            }
            static void *works(void *argument) { deep(50); return argument; }
            static void start(int n) {
                for (int i = 0; i < n; i++) {
                    pthread_t threads[4];
                    for (int k = 0; k < 4; k++)
                        pthread_create(&threads[k], NULL, works, NULL);
                    for (int k = 0; k < 4; k++)
                        pthread_join(threads[k], NULL);
                }
            }
            int main(void) {
                start(125);
                printf("%ld\\n", peak_kib());
                start(1125);
                printf("%ld\\n", peak_kib());
                return 0;
            }""", "calls works 5000", "calls deep 255000", "edge works deep 5000",
            "run threads 5001", extra=["-pthread"])
        early, late = map(int, peaks.split())
        self.assertLess(late - early, 2 << 10, "KiB")  # the kernel counts pages by the dozen


if __name__ == "__main__":
    scripted.main()
