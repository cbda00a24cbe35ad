/*
 * stop_words.h - words too common to say what a text is about. Lower case.
 */
#ifndef TALLY_DEMO_STOP_WORDS_H
#define TALLY_DEMO_STOP_WORDS_H

#define STOP_WORD_COUNT 21

extern const char *const stop_words[STOP_WORD_COUNT];

#endif
