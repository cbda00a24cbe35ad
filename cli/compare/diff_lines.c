/*
 * diff_lines.c - a diff for other programs: CSV (RFC 4180), and the Go benchmark format.
 */
#include "diff_out.h"

#include "say.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct number exactly(wide value) {
    return format_count(value, &(struct output){.raw = true});
}

/* ---- CSV ---- */

static void csv_text(const char *text) {
    putchar('"');
    for (; *text; text++)
        printf(*text == '"' ? "\"\"" : "%c", *text);
    putchar('"');
}

static void csv_range(const struct range *range) {
    printf(",%s,%s,%s", exactly(range->median).s, exactly(range->least).s, exactly(range->most).s);
}

static void csv_change(const struct change *change) {
    csv_range(&change->old);
    csv_range(&change->new);
    printf(",%s", exactly(change->change).s);
}

static void csv_row(const struct diff_out *out, const struct measure *measure,
                    const struct measure_row *row) {
    const struct row *key = row->row;
    const struct compared_function *function = &out->diff->comparison->functions[key->function];
    const struct view_function *latest = compared_latest(function), *old = function->in[SIDE_OLD];
    csv_text(measure->type);
    putchar(',');
    csv_text(measure->unit);
    putchar(',');
    csv_text(row->name);
    putchar(',');
    csv_text(latest->system_name);
    putchar(',');
    csv_text(latest->file);
    printf(",%" PRId64 ",%d,%d,", latest->start_line, row->in[SIDE_OLD], row->in[SIDE_NEW]);
    csv_text(pair_rule_name(function->rule));
    printf(",%u,", function->score);
    csv_text(old ? old->name : "");
    putchar(',');
    csv_text(old ? old->file : "");
    csv_change(&row->self);
    if (diff_has_cum(measure))
        csv_change(&row->cum);
    else
        fputs(",,,,,,,", stdout);
    if (row->self.p >= 0)
        printf(",%.4f\r\n", row->self.p);
    else
        printf(",\r\n");
}

void diff_csv(const struct diff_out *out) {
    printf("sample_type,unit,%s,system_name,file,line,in_old,in_new,rule,score,old_name,old_file,"
           "old_self,old_self_least,old_self_most,new_self,new_self_least,new_self_most,"
           "self_change,old_cum,old_cum_least,old_cum_most,new_cum,new_cum_least,new_cum_most,"
           "cum_change,p\r\n",
           diff_row_word(out->measures[0].by));
    for (size_t type = 0; type < out->diff->n_types; type++)
        for (size_t i = 0; i < diff_shown(out, &out->measures[type]); i++)
            csv_row(out, &out->measures[type], &out->measures[type].changed[i]);
}

/* ---- Go benchmarks ---- */

/* Names and units have no blanks there, nor what would end a line; what counts is said once for
 * each unit. */
static void word(const char *text) {
    for (; *text; text++)
        putchar(isspace((unsigned char)*text) || iscntrl((unsigned char)*text) ? '_' : *text);
}

static void benchmark_unit(const struct measure *measure) {
    word(measure->type);
    if (strcmp(measure->unit, "count") != 0) {
        bool is_ns = strcmp(measure->unit, "nanoseconds") == 0;
        putchar('-');
        word(is_ns ? "ns" : measure->unit);
    }
}

static void benchmark_side(const struct diff_out *out, enum side side) {
    size_t from = side == SIDE_OLD ? 0 : out->diff->sides[SIDE_OLD].n;
    printf("build: %s\n", side == SIDE_OLD ? "old" : "new");
    for (size_t type = 0; type < out->diff->n_types; type++) {
        const struct measure *measure = &out->measures[type];
        for (size_t i = 0; i < diff_shown(out, measure); i++)
            for (size_t run = 0; run < out->diff->sides[side].n; run++) {
                const struct row_sums *sums = &measure->changed[i].row->runs[from + run];
                printf("Benchmark/");
                word(measure->changed[i].name);
                printf(" 1 %s ", exactly(sums->self).s);
                benchmark_unit(measure);
                putchar('\n');
            }
    }
}

void diff_benchstat(const struct diff_out *out) {
    for (size_t type = 0; type < out->diff->n_types; type++)
        if (!out->measures[type].is_time) {
            printf("Unit ");
            benchmark_unit(&out->measures[type]);
            printf(" assume=exact better=lower\n");
        }
    benchmark_side(out, SIDE_OLD);
    benchmark_side(out, SIDE_NEW);
}
