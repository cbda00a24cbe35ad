/*
 * text.h - text from outside (names, paths, source lines) made fit to be shown.
 *
 * Profiles may hold any bytes. What reaches a terminal has no control characters (a name must not
 * move the cursor) and only what the locale can show; what reaches JSON is valid UTF-8. Widths are
 * in terminal columns, not bytes.
 */
#ifndef TALLY_CLI_TEXT_H
#define TALLY_CLI_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* A copy for the terminal: tabs become spaces, control characters and what cannot be shown '?'. */
char *text_clean(const char *text, bool utf8);

/* A copy that is valid UTF-8: bytes that are not become U+FFFD. */
char *text_repair(const char *text);

/* Columns that clean text takes. */
size_t text_width(const char *text);

/* A copy of clean text in at most `width` columns: the middle, or the end, is left out. */
char *text_shorten(const char *text, size_t width, bool utf8);
char *text_cut(const char *text, size_t width, bool utf8);

/* What is behind the last '/' of a path. */
const char *text_base(const char *path);

bool text_ends_with(const char *text, const char *end);

/* Edit distance (insert, delete, replace, swap of neighbours), for suggestions. */
size_t text_distance(const char *one, const char *other);

#endif
