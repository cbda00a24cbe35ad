/*
 * diff_out.h - a diff written down, each format in a file of its own.
 *
 *   measures ──> diff_text.c       tables for the terminal
 *                diff_json.c       everything, exactly
 *                diff_markdown.c   tables for a pull request
 *                diff_lines.c      CSV, and what benchstat reads: a line for each row, or run
 *                diff_profile.c    a pprof file that is the difference (-o)
 *
 * All but the last write to standard output.
 */
#ifndef TALLY_CLI_DIFF_OUT_H
#define TALLY_CLI_DIFF_OUT_H

#include "diff.h"
#include "report.h"

struct diff_out {
    const struct diff *diff;
    const struct measure *measures; /* by type of the diff */
    uint64_t rows;                  /* how many to show of each; 0: all */
    const struct output *output;
    const struct view_options *filters;
};

void diff_text(const struct diff_out *out);
void diff_json(const struct diff_out *out);
void diff_markdown(const struct diff_out *out);
void diff_csv(const struct diff_out *out);
void diff_benchstat(const struct diff_out *out);

/* NEW without OLD, as pprof's own -diff_base writes it: of the file that has the first value,
 * whole. Returns 0, or STATUS_TROUBLE with a message. */
int diff_profile(const struct diff *diff, const char *path);

/* ---- what the formats share ---- */

size_t diff_shown(const struct diff_out *out, const struct measure *measure);

/* "function", "edge", "line" or "path". */
const char *diff_row_word(enum rows_by by);

/* What the value of a row is called: "self", or "" where it is the only one. */
bool diff_has_cum(const struct measure *measure);

/* Behind a row's name: " (added)", " (vanished)", " (was f.part.0: clone)" … or "". Free it. */
char *diff_mark(const struct diff_out *out, const struct measure_row *row);

/* "not deterministic: 10 to 12 in old", or null. Free it. */
char *diff_variation(const struct diff_out *out, const struct measure *measure,
                     const struct measure_row *row);

/* Why the two may not be comparable, clean; *n of them: losses have lines of their own. Free each,
 * and the array. */
char **diff_doubts(const struct diff_out *out, size_t *n);

/* The change is likely to be noise: a time whose test says so. */
bool diff_is_noise(const struct change *change);

/* Whether any of the values compared is one. */
bool diff_has_times(const struct diff_out *out);

/* There are several runs of both builds, and yet so few that any difference may be noise. */
bool diff_has_too_few_runs(const struct diff_out *out);

/* "name, was old_name? score 87" for each pair found by similarity that a row is about, whether
 * that changed or not; *n of them. Free each, and the array. */
char **diff_renamed(const struct diff_out *out, size_t *n);

/* A function as it is on both sides; null for ROWS_NOBODY. */
json_t *diff_json_function(const struct diff *diff, uint32_t index);

/* The change in percent of old, "~" for what is likely to be noise. */
struct number diff_percent(const struct change *change);

/* The report of one run and value, for headings, losses and places; it owns nothing. */
struct report diff_report(const struct diff_out *out, enum side side, size_t run, size_t type);

#endif
