/*
 * hashed_word.h - a word in a text, and its hash, which is computed once for all tables it is
 * looked up in.
 *
 * The hash depends on the bytes alone: the same words meet in the same slots in every run.
 */
#ifndef TALLY_DEMO_HASHED_WORD_H
#define TALLY_DEMO_HASHED_WORD_H

#include <stddef.h>
#include <stdint.h>

struct hashed_word {
    const char *text; /* `length` bytes */
    size_t length;
    uint64_t hash;
};

struct hashed_word hash_word(const char *text, size_t length);

#endif
