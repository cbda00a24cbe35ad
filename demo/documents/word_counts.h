/*
 * word_counts.h - how often each word of a text occurs, for one text after another.
 *
 *   words   [ license, 3 │ this, 1 │ … ]    in the order in which they were first seen
 *   slots   [ 0 │ 2 │ 0 │ 1 │ … ]           a hash table, by open addressing: 0, or a word's place
 *                                           in `words`, counted from 1; at most half are taken
 *
 * A word_table copies its words and gives its memory back. These counts point into the text, which
 * must stay where it is, and keep their memory when they are cleared: once they are as large as
 * the largest text needs, nothing is allocated any more.
 *
 * They belong to one thread. Start from WORD_COUNTS_EMPTY.
 */
#ifndef TALLY_DEMO_WORD_COUNTS_H
#define TALLY_DEMO_WORD_COUNTS_H

#include "documents/hashed_word.h"

#include <stddef.h>

struct counted_word {
    struct hashed_word word;
    size_t count;
};

struct word_counts {
    struct counted_word *words;
    size_t n_words;
    size_t *slots;
    size_t n_slots; /* a power of two, or 0; there is room for half as many words */
};

#define WORD_COUNTS_EMPTY ((struct word_counts){NULL, 0, NULL, 0})

/* Makes room for so many different words. */
void word_counts_reserve(struct word_counts *counts, size_t n_words);

void word_counts_add(struct word_counts *counts, const struct hashed_word *word);
void word_counts_clear(struct word_counts *counts);
void word_counts_free(struct word_counts *counts);

#endif
