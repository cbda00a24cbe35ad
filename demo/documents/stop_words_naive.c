/*
 * stop_words_naive.c - is a word a stop word? Asked once for each word of each document.
 *
 * FAULT linear-stop-words: the word is compared with one stop word after the other, and all of
 * them are measured anew for it. Most words are none of them, and take the longest.
 */
#include "documents/processor_naive.h"
#include "documents/stop_words.h"

#include <string.h>

/* A function of its own, so that a profile has the number of comparisons. */
static bool stop_word_matches(const char *stop_word, const char *word, size_t length) {
    return strlen(stop_word) == length && memcmp(stop_word, word, length) == 0;
}

bool is_stop_word(const char *word, size_t length) {
    for (size_t i = 0; i < STOP_WORD_COUNT; i++) {
        if (stop_word_matches(stop_words[i], word, length)) {
            return true;
        }
    }
    return false;
}
