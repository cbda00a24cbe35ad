/*
 * info.h - the two halves of `tally info`: cmd_info.c has the profile, info_run.c has run.json.
 */
#ifndef TALLY_CLI_INFO_H
#define TALLY_CLI_INFO_H

#include "report.h"

/* Lines that are not printed, but kept. */
struct info_facts {
    struct info_line {
        char *name, *text;
    } * all;
    size_t n, capacity;
};
void info_facts_free(struct info_facts *facts);

/* One line: a name (may be "") and what is known, fitted to the width; or kept in report->facts. */
void info_fact(const struct report *report, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The sum of one value over all samples. */
wide info_total(const struct tally_pprof_profile *profile, size_t value);

/* Everything from run.json but the losses. */
void info_print_run(const struct report *report);

#endif
