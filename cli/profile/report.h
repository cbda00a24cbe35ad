/*
 * report.h - what top, tree, list, leaks and diff have in common: their shared options, the way
 * from the command line to a view, and the lines above and below the table.
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
    struct info_facts *facts; /* where lines of info.h go; null: to standard output */
};

/* The option --sample, of the commands where the value can be chosen. */
struct args_option report_sample_option(struct report_options *options);

/* Fills in a table of report_options_count entries with the shared options. */
enum { report_options_count = 9 };
void report_options_table(struct report_options *options, struct args_option *table);

/* Both return 0, or STATUS_TROUBLE with a message. */
int report_open(const struct report_options *options, const char *operand, struct report *report);
void report_close(struct report *report);

/* The file, what of it is shown, and what ran when. */
void report_heading(const struct report *report);
/* The same behind a title, where there is more than one. It always says what of the file is shown;
 * `subject` stands for all of that, unless it is null. */
void report_heading_of(const struct report *report, const char *title, const char *subject);

/* A title of a value column: the words, and in raw output the unit. Free it. */
char *report_title(const struct report *report, const char *words);

/* One standard error of self, empty where self is exact. */
struct number report_error(const struct report *report, wide variance);

/* "name  file:line", clean; of a function that has a file. Free it. */
char *report_place(const struct report *report, const struct view_function *function, int64_t line);

/* A line of prose, wrapped to the width. */
void report_note(const struct report *report, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Filters in force, and known losses, each behind a title. The footer is both of them. Whoever
 * shows no times has no losses of them. */
void report_filters(const struct report *report, const struct view_options *options);
void report_losses(const struct report *report, const char *title, bool with_times);
/* The losses as sentences, *n of them. Free each, and the array. */
char **report_loss_sentences(const struct report *report, bool with_times, size_t *n);
void report_footer(const struct report *report, const struct view_options *options);

/* The members that all JSON outputs begin with, and the losses. */
json_t *report_json(const struct report *report, const char *command);
/* "calls" or "objects" behind the prefix, if the view has such. */
void report_json_count(const struct report *report, json_t *row, const char *prefix, wide count);
json_t *report_json_losses(const struct report *report);

/* What the value is a sum over. Of calls, "-" for none where a filter may have taken them away:
 * callers of what --focus asked for were called, only not in the samples it kept. */
struct number report_count(const struct report *report, wide count);
/* The same in prose: "2 calls"; "" where nothing was counted. Free it. */
char *report_counted(const struct report *report, wide count);

/* How hot a share of the whole is. */
enum style report_style(wide part, wide whole);

#endif
