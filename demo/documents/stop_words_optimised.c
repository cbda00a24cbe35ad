/*
 * stop_words_optimised.c - is a word a stop word? See stop_word_set.h.
 *
 * Bytes are compared only where all of the hash is equal, which is hardly ever in vain.
 */
#include "documents/processor_optimised.h"
#include "documents/stop_words.h"

#include <string.h>

static bool stop_word_matches(const struct hashed_word *stop_word, const struct hashed_word *word) {
    return stop_word->length == word->length &&
           memcmp(stop_word->text, word->text, word->length) == 0;
}

static bool is_stop_word(const struct stop_word_set *set, const struct hashed_word *word) {
    for (uint64_t probe = word->hash;; probe++) {
        const struct hashed_word *slot = &set->slots[probe % STOP_WORD_SLOTS];
        if (slot->text == NULL) {
            return false;
        }
        if (slot->hash == word->hash && stop_word_matches(slot, word)) {
            return true;
        }
    }
}

void stop_word_set_fill(struct stop_word_set *set) {
    memset(set, 0, sizeof(*set));
    for (size_t i = 0; i < STOP_WORD_COUNT; i++) {
        struct hashed_word word = hash_word(stop_words[i], strlen(stop_words[i]));
        uint64_t probe = word.hash;
        while (set->slots[probe % STOP_WORD_SLOTS].text != NULL) {
            probe++;
        }
        set->slots[probe % STOP_WORD_SLOTS] = word;
    }
}

bool (*const optimised_is_stop_word)(const struct stop_word_set *,
                                     const struct hashed_word *) = is_stop_word;
