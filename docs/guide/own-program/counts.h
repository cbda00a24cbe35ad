/*
 * counts.h - how often each of many words was seen.
 */
#ifndef COUNTS_H
#define COUNTS_H

#include <stddef.h>

struct counts;

struct count {
    const char *word; /* belongs to the counts */
    size_t times;
};

struct counts *counts_new(void);
void counts_free(struct counts *counts);

void counts_add(struct counts *counts, const char *word);

/* All words, the most frequent first, words of one frequency in byte order. Free the array. */
struct count *counts_sorted(const struct counts *counts, size_t *n_words);

#endif
