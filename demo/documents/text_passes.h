/*
 * text_passes.h - operations that go through a text once and return a changed copy of it.
 *
 * Each returns a new string, the caller's to free, and leaves its argument as it was. Letters are
 * those of ASCII.
 */
#ifndef TALLY_DEMO_TEXT_PASSES_H
#define TALLY_DEMO_TEXT_PASSES_H

char *lowercase_content(const char *content);
char *replace_character(const char *content, char from, char to);

/* Without the spaces at either end. */
char *trim_content(const char *content);

#endif
