/*
 * report.h - what top, tree and list have in common: their shared options, the way from the command
 * line to a view, and the lines above and below the table.
 *
 *   options, operand ─report_open─> input + view + output ─> (the command's own table)
 */
#ifndef TALLY_CLI_REPORT_H
#define TALLY_CLI_REPORT_H

#include "args.h"
#include "input.h"
#include "output.h"
#include "view.h"

struct report_options {
    bool json, raw;
    const char *color, *profile;
    uint64_t width;
    struct view_options view;
};

struct report {
    struct input input;
    struct output output;
    struct view *view;
};

/* Fills in a table of report_options_count entries with the shared options. */
enum { report_options_count = 10 };
void report_options_table(struct report_options *options, struct args_option *table);

/* Both return 0, or STATUS_TROUBLE with a message. */
int report_open(const struct report_options *options, const char *operand, struct report *report);
void report_close(struct report *report);

/* One or two lines: the file, and what ran when. */
void report_heading(const struct report *report);

/* A title of a value column: the words, and in raw output the unit. Free it. */
char *report_title(const struct report *report, const char *words);

/* Title and cell of the column with one standard error of self, empty where self is exact. The
 * title is to be freed. */
char *report_error_title(const struct report *report);
struct number report_error(const struct report *report, wide variance);

/* A line of prose, wrapped to the width. */
void report_note(const struct report *report, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Filters in force and known losses. */
void report_footer(const struct report *report, const struct view_options *options);

/* The members that all JSON outputs begin with, and the losses. */
json_t *report_json(const struct report *report, const char *command);
json_t *report_json_losses(const struct report *report);

/* A count of calls; "-" for none where a filter may have taken them away: callers of what --focus
 * asked for were called, only not in the samples it kept. */
struct number report_calls(const struct report *report, wide calls);

/* How hot a share of the whole is. */
enum style report_style(wide part, wide whole);

#endif
