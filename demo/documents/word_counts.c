/*
 * word_counts.c - see word_counts.h.
 */
#include "documents/word_counts.h"

#include "common/memory.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 1024 };

static bool is_same_word(const struct hashed_word *one, const struct hashed_word *other) {
    return one->hash == other->hash && one->length == other->length &&
           memcmp(one->text, other->text, one->length) == 0;
}

/* The slot that has the word, or the empty one where it belongs. */
static size_t *find_slot(const struct word_counts *counts, const struct hashed_word *word) {
    size_t mask = counts->n_slots - 1;
    size_t index = word->hash & mask;
    while (counts->slots[index] != 0 &&
           !is_same_word(&counts->words[counts->slots[index] - 1].word, word)) {
        index = (index + 1) & mask;
    }
    return &counts->slots[index];
}

static void clear_slots(struct word_counts *counts) {
    memset(counts->slots, 0, counts->n_slots * sizeof(counts->slots[0]));
}

static void grow(struct word_counts *counts) {
    counts->n_slots = counts->n_slots > 0 ? 2 * counts->n_slots : FIRST_SLOTS;
    counts->slots = memory_resize(counts->slots, counts->n_slots, sizeof(counts->slots[0]));
    counts->words = memory_resize(counts->words, counts->n_slots / 2, sizeof(counts->words[0]));
    clear_slots(counts);
    for (size_t i = 0; i < counts->n_words; i++) {
        *find_slot(counts, &counts->words[i].word) = i + 1;
    }
}

void word_counts_reserve(struct word_counts *counts, size_t n_words) {
    while (counts->n_slots / 2 < n_words) {
        grow(counts);
    }
}

void word_counts_add(struct word_counts *counts, const struct hashed_word *word) {
    if (counts->n_words == counts->n_slots / 2) {
        grow(counts);
    }
    size_t *slot = find_slot(counts, word);
    if (*slot == 0) {
        counts->words[counts->n_words++] = (struct counted_word){*word, 0};
        *slot = counts->n_words;
    }
    counts->words[*slot - 1].count++;
}

void word_counts_clear(struct word_counts *counts) {
    if (counts->n_words > 0) {
        counts->n_words = 0;
        clear_slots(counts);
    }
}

void word_counts_free(struct word_counts *counts) {
    free(counts->words);
    free(counts->slots);
    *counts = WORD_COUNTS_EMPTY;
}
