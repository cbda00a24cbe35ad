/*
 * ranges.h - what the program has mapped: which pages, and by which call.
 *
 *   ranges   sorted by address, none overlaps another
 *            [start, end) ──> mapping { site, bytes that are left }
 *
 * What one call maps is an object. It is in several ranges where a part of it was given back or
 * mapped anew, and it ends with its last byte.
 *
 * A site is found as for an allocation, with a kind of its own.
 *
 * The order of events at one address is the program's own, as in blocks.h. Before the kernel is
 * asked to unmap, tli_ranges_leaving marks the pages with who asks; afterwards only those that
 * still have the mark are taken out: they may have been mapped again meanwhile, by another thread.
 *
 * One lock, with signals blocked, and not held while the kernel maps. It also guards the counts of
 * the sites, which are all in their `others`. Any thread, also in signal handlers; no libc but for
 * sched_yield, no errno.
 */
#ifndef TLI_HEAP_RANGES_H
#define TLI_HEAP_RANGES_H

#include <stddef.h>
#include <stdint.h>

/* Whole pages, each. What was mapped there before ends. `from` is where the call returns to. */
void tli_ranges_map(uintptr_t start, size_t bytes, const void *from);

/* `by` is an address that nobody else uses until the kernel has answered. */
void tli_ranges_leaving(uintptr_t start, size_t bytes, const void *by);
void tli_ranges_left(uintptr_t start, size_t bytes, const void *by);
void tli_ranges_stayed(uintptr_t start, size_t bytes, const void *by);

size_t tli_ranges_memory_bytes(void);
void tli_ranges_forget(void); /* after fork, in the child */

#endif
