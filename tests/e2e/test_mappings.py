"""TALLY_OPTIONS=mmap=true: what is mapped is of a kind of its own, to the page."""

import pools
import scripted
import toolchain
from scripted import ScriptedTest

# Mappings and pages: what was mapped, and what is left. A mapping is left as long as a part is.
EXPECTED = {
    "in parts": (1, 4, 0, 0),
    "kept in parts": (1, 10, 1, 7),
    "reserved": (1, 16, 1, 4),
    "fixed": (2, 6, 1, 1),
    "to be moved": (1, 4, 0, 0),
    "shorter": (1, 3, 0, 0),
    "longer": (1, 100, 1, 98),
    "place": (1, 5, 1, 3),
    "moved": (1, 2, 1, 2),
    "by threads": (800, 1600, 3, 3),
}

# Comes before Tally when it is preloaded, as some allocators do.
ALLOCATOR = """
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>
void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
void __libc_free(void *);
void *malloc(size_t n) { return __libc_malloc(n); }
void *calloc(size_t n, size_t size) { return __libc_calloc(n, size); }
void *realloc(void *block, size_t n) { return __libc_realloc(block, n); }
void free(void *block) { __libc_free(block); }
void *mmap(void *at, size_t n, int access, int flags, int file, long offset) {
    return (void *)syscall(SYS_mmap, at, n, access, flags, file, offset);
}
"""


class Mappings(ScriptedTest):
    def expect_mapped(self, directory, expected):
        found = {place: (values[0], values[1] / 4096, values[2], values[3] / 4096)
                 for (kind, place), values in pools.by_place(directory, "mappings.c").items()
                 if kind == "mmap" and place in EXPECTED.keys() | expected.keys()}
        self.assertEqual(found, expected)

    @pools.each_debug_mode(("plugin", "hooks"), "few")
    def test_to_the_page(self):
        self.run_well(self.build("mappings.c", extra=["-pthread"]), options="mmap=true")
        self.expect_mapped(self.here / "mappings.tally", EXPECTED)

    @pools.each_debug_mode(("plugin",), "few")
    def test_static(self):
        wrapped = [f"-Wl,--wrap={name}" for name in ("mmap", "mmap64", "munmap", "mremap")]
        program = self.build("mappings.c", extra=["-pthread", "-static", *wrapped])
        self.run_well(program, options="mmap=true")
        self.expect_mapped(self.here / "mappings.tally", EXPECTED)

    @pools.each_debug_mode(("plugin",), "few")
    def test_beside_an_allocator_that_comes_first(self):
        library = self.here / "liballocator.so"
        toolchain.compile_library(self.mode.plain(), self.write("allocator.c", ALLOCATOR), library)
        self.run_well(self.build("mappings.c", extra=["-pthread"]), options="mmap=true",
                      environment={"LD_PRELOAD": f"./{library.name}"})
        self.expect_mapped(self.here / "mappings.tally", EXPECTED)

    @pools.each_debug_mode(("plugin", "hooks"), "few")
    def test_after_fork(self):
        ran = self.run_well(self.build("mappings.c"), "fork", options="mmap=true")
        self.expect_mapped(self.here / "mappings.tally", {"inherited": (1, 4, 1, 4)})
        self.expect_mapped(self.here / f"mappings.{ran.stdout.strip()}.tally",
                           {"in the child": (1, 2, 1, 1)})

    @pools.each_debug_mode(("plugin",), "few")
    def test_without_asking(self):
        self.run_well(self.build("mappings.c", extra=["-pthread"]))
        self.assertFalse((self.here / "mappings.tally/pools.pb.gz").exists())

    @pools.each_debug_mode(("plugin",), "few")
    def test_counts_only(self):
        self.run_well(self.build("mappings.c", extra=["-pthread"]), options="mmap=true:heap=counts")
        values = pools.read(self.here / "mappings.tally", pools.TYPES[:2]).values()
        self.assertEqual(tuple(map(sum, zip(*values))),
                         (sum(v[0] for v in EXPECTED.values()),
                          sum(v[1] for v in EXPECTED.values()) * 4096))


if __name__ == "__main__":
    scripted.main()
