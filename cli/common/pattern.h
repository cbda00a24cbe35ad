/*
 * pattern.h - regular expressions given on the command line (PCRE2, unanchored, case-sensitive).
 *
 * What pprof's users write for Go's engine means the same here; PCRE2 knows more besides.
 */
#ifndef TALLY_CLI_PATTERN_H
#define TALLY_CLI_PATTERN_H

#include <stdbool.h>

struct pattern;

/* Compiles `text`, which came from `option`. *pattern is null if text is. Returns 0, or
 * STATUS_TROUBLE with a message. */
int pattern_new(const char *option, const char *text, struct pattern **pattern);
bool pattern_matches(struct pattern *pattern, const char *text);
void pattern_free(struct pattern *pattern);

#endif
