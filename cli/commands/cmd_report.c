/*
 * cmd_report.c - `tally report [OLD] NEW -o report.html`: profiles as one page for a browser.
 *
 *   profiles ─> data (page_data.h) ─┬─> --json
 *                                   └─> packed ─> the template's @TALLY_DATA@ ─> report.html
 *
 * The template (page/page.h) is made by Node when Tally is built. Without it the data is all there
 * is to be had.
 */
#include "args.h"
#include "commands.h"
#include "outfile.h"
#include "page_data.h"
#include "say.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#ifdef TALLY_HAS_PAGE
#include "page.h"
#endif

struct report_command {
    struct page_options page;
    const char *out, *old_source_path;
    bool json;
};

static const char details[] =
    "One file, which needs no other and no network: flame graph, table, call graph,\n"
    "callers and callees, source code, and what ran. With OLD, both runs side by side.\n"
    "OLD and NEW are .tally directories, of which all profiles are shown but sizes, or\n"
    "any pprof files.\n"
#ifndef TALLY_HAS_PAGE
    "This tally was built without Node.js and so without the page: it has --json only.\n"
#endif
    "The source code of the functions that appear is copied into the page from the\n"
    "files that the profile names, as far as they are here: read them before you pass\n"
    "the page on, or use --no-source. They are looked for as `tally list` does it.\n"
    "Small calling contexts of large profiles are summed up; everything else is exact.";

/* ---- the page ---- */

#ifdef TALLY_HAS_PAGE

static void put_escaped(FILE *to, const char *text) {
    char *valid = text_repair(text);
    for (const char *at = valid; *at; at++) {
        static const char special[] = "&<>\"'";
        if ((unsigned char)*at < ' ' || strchr(special, *at))
            fprintf(to, "&#%d;", (unsigned char)*at < ' ' ? ' ' : *at);
        else
            putc(*at, to);
    }
    free(valid);
}

static void put_title(const struct page *page, FILE *to) {
    for (size_t side = 0; side < page->n_sides; side++) {
        if (side)
            fputs(" \xe2\x86\x92 ", to);
        put_escaped(to, page->runs[side].label);
    }
    fputs(" - Tally", to);
}

/* Writes the template up to the mark; returns what is behind it. */
static const char *put_until(const char *template, const char *mark, FILE *to) {
    const char *at = need(strstr(template, mark));
    fwrite(template, 1, (size_t)(at - template), to);
    return at + strlen(mark);
}

static void write_page(struct page *page, const struct report_command *command, FILE *to) {
    const char *rest = put_until(tally_page_begin, "@TALLY_TITLE@", to);
    put_title(page, to);
    rest = put_until(rest, "@TALLY_DATA@", to);
    struct page_out *out = page_out_new(to, true);
    page_put_data(page, &command->page, out);
    page_out_finish(out);
    fputs(rest, to);
}

static int check_page(void) {
    return STATUS_OK;
}

#else

static void write_page(struct page *page, const struct report_command *command, FILE *to) {
    (void)page, (void)command, (void)to;
}

static int check_page(void) {
    return say_error("report", "this tally has no page, since it was built without Node.js; "
                               "--json prints the data of one");
}

#endif

/* ---- the command ---- */

static void write_json(struct page *page, const struct report_command *command, FILE *to) {
    struct page_out *out = page_out_new(to, false);
    page_put_data(page, &command->page, out);
    page_out_finish(out);
    putc('\n', to);
}

static void say_where(const char *path) {
    struct output output;
    struct stat facts;
    if (stat(path, &facts) != 0 || !S_ISREG(facts.st_mode))
        return;
    output_init(&output, NULL, 0, false);
    char *clean = text_clean(path, output.utf8);
    printf("wrote %s, %s\n", clean, format_value(facts.st_size, "bytes", &output).s);
    free(clean);
}

static int write_report(struct page *page, const struct report_command *command, const char *path) {
    struct outfile file;
    int status = outfile_open(&file, path);
    if (status != STATUS_OK)
        return status;
    if (command->json)
        write_json(page, command, file.stream);
    else
        write_page(page, command, file.stream);
    status = outfile_close(&file);
    if (status == STATUS_OK && strcmp(path, "-") != 0)
        say_where(path);
    return status;
}

static int report(struct report_command *command, char *const *operands, size_t n) {
    const char *path = command->out ? command->out : command->json ? "-" : "report.html";
    struct page page;
    int status = command->json ? STATUS_OK : check_page();
    if (status == STATUS_OK)
        status = outfile_usable(path);
    if (status == STATUS_OK)
        status = page_open(&command->page, operands, n, &page);
    if (status != STATUS_OK)
        return status;
    status = write_report(&page, command, path);
    page_close(&page);
    return status;
}

/* The options name sources once, and those of OLD only where they differ. */
static void share_source_options(struct report_command *command, size_t n_operands) {
    struct source_options *source = command->page.source;
    source[1] = source[0];
    if (n_operands > 1 && command->old_source_path)
        source[0].source_path = command->old_source_path;
}

int command_report(int argc, char **argv) {
    /* Each takes some 20 bytes of the page and as many microseconds of opening it. */
    struct report_command given = {.page = {.most_contexts = 20000}};
    struct view_options *filters = &given.page.filters;
    const struct args_option options[] = {
        {ARGS_TEXT, "output", 'o', &given.out, "OUT",
         "the file to write; -: standard output\n(default: report.html)"},
        {ARGS_TEXT, "source-path", 0, &given.page.source[0].source_path, "DIR[:DIR]",
         "where to look for sources first"},
        {ARGS_TEXT, "old-source-path", 0, &given.old_source_path, "DIR[:DIR]",
         "the same for OLD, if it is another place"},
        {ARGS_TEXT, "trim-path", 0, &given.page.source[0].trim_path, "PREFIX[:..]",
         "take these off the front of recorded paths"},
        {ARGS_FLAG, "no-source", 0, &given.page.without_source, NULL, "no source code"},
        {ARGS_NUMBER, "nodes", 0, &given.page.most_contexts, "N",
         "how many calling contexts of a profile are shown each\nby itself; 0: all (default: "
         "20000)"},
        {ARGS_TEXT, "focus", 0, &filters->focus, "REGEX", "only stacks with a matching frame"},
        {ARGS_TEXT, "ignore", 0, &filters->ignore, "REGEX", "no stacks with a matching frame"},
        {ARGS_TEXT, "hide", 0, &filters->hide, "REGEX",
         "leave matching frames out; their value goes to their callers"},
        {ARGS_TEXT, "profile", 0, &given.page.profile, "KIND",
         "only this profile of .tally directories"},
        {ARGS_FLAG, "json", 0, &given.json, NULL,
         "the data of the page alone, to standard output or OUT"},
        {ARGS_END, NULL, 0, NULL, NULL, NULL},
    };
    const struct args_spec spec = {
        .command = "report",
        .usage = "[OPTIONS] [[OLD] NEW] [-o report.html]",
        .summary = "one page for a browser, of a run or of two compared",
        .details = details,
        .options = options,
        .most = 2,
    };
    size_t n;
    enum args_result result = args_parse(&spec, argc, argv, &n);
    if (result != ARGS_GO)
        return result == ARGS_HELPED ? STATUS_OK : STATUS_TROUBLE;
    share_source_options(&given, n);
    return report(&given, argv, n);
}
