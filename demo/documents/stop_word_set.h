/*
 * stop_word_set.h - the stop words as a hash set.
 *
 *   slots   [ 0 │ from │ 0 │ the, been │ … ]   open addressing: a word is in the slot that its
 *                                              hash says, or in the next one that was free
 *
 * Two thirds of the slots are empty, so most words are told apart from all stop words by one look.
 * A set is filled once and then only read, by any thread.
 */
#ifndef TALLY_DEMO_STOP_WORD_SET_H
#define TALLY_DEMO_STOP_WORD_SET_H

#include "documents/hashed_word.h"

enum { STOP_WORD_SLOTS = 64 }; /* a power of two */

struct stop_word_set {
    struct hashed_word slots[STOP_WORD_SLOTS]; /* text is null: empty */
};

void stop_word_set_fill(struct stop_word_set *set);

#endif
