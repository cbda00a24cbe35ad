/*
 * keys.h - rows found by what they are of.
 *
 *   (parent, function, line)  of a calling context
 *   (caller, callee)          of a call            ──>  0, 1, 2 … in the order in which they come
 *   (function, line)          of a line
 */
#ifndef TALLY_CLI_KEYS_H
#define TALLY_CLI_KEYS_H

#include <stddef.h>
#include <stdint.h>

struct key {
    uint32_t first, second;
    int64_t third;
};

struct keys {
    struct key *all; /* by number */
    size_t n, capacity;
    uint32_t *slots; /* number + 1; 0 is free */
    size_t n_slots;  /* a power of two, or 0 */
};

/* The number of the key; one that is new gets the next. More than 2^31 of them end the command. */
uint32_t keys_number(struct keys *keys, struct key key);

void keys_free(struct keys *keys);

#endif
