/*
 * memory.h - allocation that never returns null.
 *
 * The demo is a batch program: without memory there is nothing sensible left to do, so these
 * functions end the process with one line on stderr and status 1 instead of handing every caller
 * an error it could only pass on. What they return is released with free().
 *
 * Any thread may call them. Sizes are in bytes unless the name says otherwise.
 */
#ifndef TALLY_DEMO_MEMORY_H
#define TALLY_DEMO_MEMORY_H

#include <stddef.h>

_Noreturn void memory_exhausted(void);

void *memory_allocate(size_t size_bytes);

/* Room for `count` items of `item_bytes`; `block` may be null. Checks the product for overflow. */
void *memory_resize(void *block, size_t count, size_t item_bytes);

/* Room for a struct and the `count` items of its flexible array member. */
void *memory_allocate_with_items(size_t struct_bytes, size_t count, size_t item_bytes);

/* A copy of `size_bytes` bytes with a terminating zero after them. */
char *memory_copy_text(const char *text, size_t size_bytes);

/* What printf would have printed, as a new string. */
char *memory_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
