/*
 * output.h - standard output as a command sees it: how wide, how coloured, how exact; and whether
 * all of it arrived.
 *
 * Filled in once, after the options are known, and then only read. Width 0 means unlimited, which
 * is what a file or a pipe gets, so that names are whole for grep. COLUMNS in the environment or
 * --width say otherwise.
 */
#ifndef TALLY_CLI_OUTPUT_H
#define TALLY_CLI_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum style { STYLE_PLAIN, STYLE_HEAD, STYLE_STRONG, STYLE_HOT, STYLE_WARM, STYLE_FAINT };

struct output {
    size_t width; /* columns; 0: unlimited */
    bool color;
    bool utf8;
    bool raw; /* exact integers in the profile's own unit instead of human ones */
};

/* `color` is auto, always, never or null (auto); `width` 0 asks the terminal. Returns 0, or
 * STATUS_TROUBLE with a message. */
int output_init(struct output *output, const char *color, uint64_t width, bool raw);

/* Escape sequences around text of a style; "" without colour. */
const char *output_on(const struct output *output, enum style style);
const char *output_off(const struct output *output, enum style style);

/* Prints text in lines of at most `width` columns (0: one line), broken at blanks; all lines but
 * the first begin with `margin` blanks, which the caller has used up on the first. */
void output_wrapped(const char *text, size_t margin, size_t width);

/* Flushes standard output. Returns `status`, or STATUS_TROUBLE with a message if output was lost.
 */
int output_finish(int status);

#endif
