/*
 * page_sides.c - what is known of each run: the facts of `tally info`, and the losses.
 */
#include "page_data.h"

#include "info.h"
#include "run.h"
#include "say.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ISO 8601, UTC; empty if unknown. */
static struct number utc(int64_t time_ns) {
    struct number text = {""};
    time_t seconds = (time_t)(time_ns / 1000000000);
    struct tm parts;
    if (time_ns > 0 && gmtime_r(&seconds, &parts))
        strftime(text.s, sizeof text.s, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}

/* Whether a member of the side has it already. */
static bool is_said(const char *name) {
    return strcmp(name, "command") == 0 || strcmp(name, "started") == 0;
}

static void put_facts(const struct report *report, struct page_out *out) {
    page_put_open(out, "facts", '[');
    if (report->input.run)
        info_print_run(report);
    for (size_t i = 0; i < report->facts->n; i++) {
        if (is_said(report->facts->all[i].name))
            continue;
        page_put_open(out, NULL, '[');
        page_put_text(out, NULL, report->facts->all[i].name);
        page_put_text(out, NULL, report->facts->all[i].text);
        page_put_close(out, '[');
    }
    page_put_close(out, '[');
}

static void put_losses(const struct report *report, struct page_out *out) {
    size_t n;
    char **losses = run_losses(report->input.run, true, true, &report->output, &n);
    page_put_open(out, "losses", '[');
    for (size_t i = 0; i < n; i++) {
        page_put_text(out, NULL, losses[i]);
        free(losses[i]);
    }
    page_put_close(out, '[');
    free(losses);
}

static void put_side(const struct page_run *run, struct page_out *out) {
    struct info_facts facts = {0};
    const struct report report = {
        .input = run->inputs[0], .output = {.utf8 = true}, .facts = &facts};
    const struct tally_pprof_profile *profile = report.input.profile;
    char *command = run_command(report.input.run, true);
    struct number started = utc(profile->time_ns);
    page_put_open(out, NULL, '{');
    page_put_text(out, "label", run->label);
    page_put_text(out, "command", command);
    page_put_text(out, "started", *started.s ? started.s : NULL);
    if (profile->duration_ns > 0)
        page_put_number(out, "duration_ns", profile->duration_ns);
    else
        page_put_text(out, "duration_ns", NULL);
    put_facts(&report, out);
    put_losses(&report, out);
    page_put_close(out, '{');
    free(command);
    info_facts_free(&facts);
}

void page_put_sides(const struct page *page, struct page_out *out) {
    page_put_open(out, "sides", '[');
    for (size_t side = 0; side < page->n_sides; side++)
        put_side(&page->runs[side], out);
    page_put_close(out, '[');
}
