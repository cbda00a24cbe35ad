/*
 * stop_words.c - see stop_words.h.
 */
#include "documents/stop_words.h"

const char *const stop_words[STOP_WORD_COUNT] = {
    "the", "a",    "an", "and",  "or", "but", "in",  "on",  "at",   "to",   "for",
    "of",  "with", "by", "from", "as", "is",  "was", "are", "were", "been",
};
