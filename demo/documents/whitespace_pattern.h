/*
 * whitespace_pattern.h - the regular expression \s+, by PCRE2.
 *
 * A compiled pattern never changes and may be used by several threads at once.
 */
#ifndef TALLY_DEMO_WHITESPACE_PATTERN_H
#define TALLY_DEMO_WHITESPACE_PATTERN_H

struct whitespace_pattern;

struct whitespace_pattern *whitespace_pattern_compile(void);
void whitespace_pattern_free(struct whitespace_pattern *pattern);

/* A copy of the content with a single space for each run of white space. 0 and *collapsed, a new
 * string; or -EINVAL if PCRE2 gives up on the content. */
int whitespace_pattern_collapse(const struct whitespace_pattern *pattern, const char *content,
                                char **collapsed);

#endif
