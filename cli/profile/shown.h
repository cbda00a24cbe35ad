/*
 * shown.h - names of functions as they are shown: clean for the terminal, and unique.
 *
 * Those that share a name get the least behind it that tells them apart: the file, its path, a
 * line, the linkage name.
 */
#ifndef TALLY_CLI_SHOWN_H
#define TALLY_CLI_SHOWN_H

#include "view.h"

/* `functions` are ordered by name; shown[i] is of functions[i]: free it. */
void shown_names(const struct view_function *const *functions, size_t n, bool utf8, char **shown);

#endif
