/*
 * source.h - finding and reading source files for `tally list`.
 *
 * A recorded path is tried, in this order: under each directory of --source-path, whole and then
 * without its first, second, … component; as it is; and if relative, under the directory in which
 * the program ran. --trim-path takes prefixes off the recorded path first. Both are lists with ':'.
 */
#ifndef TALLY_CLI_SOURCE_H
#define TALLY_CLI_SOURCE_H

#include <stddef.h>
#include <stdint.h>

struct source_options {
    const char *source_path, *trim_path; /* may be null */
    const char *working_directory;       /* or "" */
};

struct source_text {
    char *path;   /* where it was found; null if nowhere */
    char **lines; /* lines[0] is line 1 */
    size_t n;
    int64_t time_ns; /* of its last change */
};

void source_read(const char *recorded, const struct source_options *options,
                 struct source_text *text);
void source_free(struct source_text *text);

/* The line on which a function that has code on line `first` begins, judged by the nearest line
 * above that is not indented; a few lines above if there is none. */
int64_t source_start(const struct source_text *text, int64_t first);

/* The line on which a function that starts on `start` and reaches `last` at least is over, judged
 * by a closing brace at the indentation of its first line. */
int64_t source_end(const struct source_text *text, int64_t start, int64_t last);

#endif
