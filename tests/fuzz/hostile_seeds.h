/*
 * hostile_seeds.h - small broken and hostile inputs, for the fuzzers to start from.
 *
 * Each is one way of doing harm that the reader of profiles knows of; fuzzers find them again by
 * themselves only after days. They are kept here as text, not as files.
 */
#ifndef HOSTILE_SEEDS_H
#define HOSTILE_SEEDS_H

#include <stddef.h>

struct hostile_seed {
    const char *name;
    const char *head; /* the bytes: head, so many times item, tail */
    size_t head_size;
    const char *item;
    size_t item_size, times;
    const char *tail;
    size_t tail_size;
};

extern const struct hostile_seed hostile_plain[]; /* protobuf; ended by one without a name */
extern const struct hostile_seed hostile_files[]; /* … of compressed files */

#endif
