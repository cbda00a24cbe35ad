"""What the cases of programs/known*.c allocate, and where DHAT and heaptrack see it otherwise.

The answers are the program's own, by reading it; of what libc does inside, by reading libc. Some
cases cannot be compared at all, and have no entry: valgrind ends a program that calls pvalloc, or
throws for want of memory, and heaptrack does not see pvalloc.
"""

import dataclasses
import re

from witnesses import EMERGENCY_POOL_BYTES, Totals


@dataclasses.dataclass(frozen=True)
class Case:
    """`differences`: what a witness, by name, says more or less than the answer."""
    name: str
    answer: Totals
    differences: dict = dataclasses.field(default_factory=dict)


def case(name, *answer, empty=(0, 0), **differences):
    """Blocks, bytes, live blocks, live bytes; then peak bytes and temporary blocks."""
    return Case(name, Totals(*answer, *empty), differences)


def beside_the_pool(name, blocks, size_bytes, live_blocks, live_bytes, peak_bytes, temporary_blocks,
                    **differences):
    pool = EMERGENCY_POOL_BYTES
    return case(name, blocks + 1, size_bytes + pool, live_blocks + 1, live_bytes + pool,
                peak_bytes + pool, temporary_blocks, **differences)


# libc: asprintf's buffer of 100 bytes, doubled until the text fits, then cut to its size. A FILE
# with its lock and wide data; the buffer that fputs gives it.
ASPRINTF_BYTES, FILE_BYTES, BUFFER_BYTES = (100, 200, 800, 501), 472, 4096
IN_THE_LIBRARY = (6, 4, *ASPRINTF_BYTES, FILE_BYTES, BUFFER_BYTES)

IN_C = (
    case("nothing", 0, 0, 0, 0, 0, 0),
    case("one", 1, 1000, 1, 1000, 1000, 0),
    case("one_freed", 1, 1000, 0, 0, 1000, 1),
    case("empty", 3, 0, 3, 0, 0, 0, empty=(3, 3)),
    case("empty_freed", 1, 0, 0, 0, 0, 1, empty=(1, 0)),
    case("zeroed", 1, 1000, 1, 1000, 1000, 0),
    case("refused", 0, 0, 0, 0, 0, 0),
    case("resized_from_null", 2, 2000, 2, 2000, 2000, 0),
    case("resized_in_place", 4, 4700, 1, 700, 1500, 3),
    case("resized_and_moved", 3, 101016, 1, 100000, 100016, 0),
    case("resized_and_freed", 2, 4000, 0, 0, 3000, 2),
    case("resized_in_vain", 1, 1000, 1, 1000, 1000, 0),
    case("resized_to_nothing", 1, 1000, 0, 0, 1000, 1,
         heaptrack={"live_blocks": 1, "live_bytes": 1000, "temporary_blocks": -1}),
    case("aligned", 4, 7120, 3, 3024, 7120, 1),
    case("by_memalign", 1, 1000, 1, 1000, 1000, 0,
         heaptrack={"blocks": -1, "bytes": -1000, "live_blocks": -1, "live_bytes": -1000,
                    "peak_bytes": -1000}),
    case("by_memalign_and_freed", 1, 1000, 0, 0, 1000, 1,
         heaptrack={"blocks": -1, "bytes": -1000, "peak_bytes": -1000, "temporary_blocks": -1}),
    case("in_the_library", len(IN_THE_LIBRARY), sum(IN_THE_LIBRARY), 2, 10,
         10 + FILE_BYTES + BUFFER_BYTES, 2),
    case("temporary", 50, 4000, 0, 0, 150, 20),
)

# Exceptions: an int; and the one that libstdc++ throws and catches inside a new that may not throw,
# where valgrind's operator new has none.
INT_THROWN_BYTES, BAD_ALLOC_BYTES = 132, 136

IN_CXX = (
    beside_the_pool("nothing", 0, 0, 0, 0, 0, 0),
    beside_the_pool("one", 1, 1000, 1, 1000, 1000, 0),
    beside_the_pool("every_form", 6, 4 + 40 + 80 + 1024 + 100 + 128, 0, 0, 1024, 6),
    beside_the_pool("refused", 1, BAD_ALLOC_BYTES, 0, 0, BAD_ALLOC_BYTES, 1,
                    dhat={"blocks": -1, "bytes": -BAD_ALLOC_BYTES, "peak_bytes": -BAD_ALLOC_BYTES}),
    beside_the_pool("thrown", 10, 10 * INT_THROWN_BYTES, 0, 0, INT_THROWN_BYTES, 10),
    beside_the_pool("containers", 10, 255 * 4 + 100 + 50, 1, 50, 512 + 256, 0),
)

THREADS, TLS_TABLE_ENTRIES, TLS_ENTRY_BYTES = 4, 16, 16


def of_threads(modules):
    """programs/threads.c, where so many modules have thread-local storage. In which order threads
    run is not known, and with it neither the peak nor what is temporary."""
    table_bytes = THREADS * (TLS_TABLE_ENTRIES + modules) * TLS_ENTRY_BYTES
    return Case("all", Totals(THREADS * 1002, THREADS * (1000 * 48 + 24) + table_bytes, THREADS * 2,
                              THREADS * 24 + table_bytes, None, None, 0, 0))


def modules_with_tls(output):
    """As programs/threads.c says."""
    return int(re.search(r"^modules with TLS: (\d+)$", output, re.MULTILINE)[1])
