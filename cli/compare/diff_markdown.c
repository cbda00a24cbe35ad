/*
 * diff_markdown.c - a diff as Markdown, for a pull request.
 *
 * Names come from outside: they stand in code spans, in which Markdown has no markup and HTML is
 * text. What would end a span or a cell is written so that it does not.
 */
#include "diff_out.h"

#include "markdown.h"
#include "say.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>

/* The cells of a change: units come from outside as well. */
static void print_change(const struct diff_out *out, const struct measure *measure,
                         const struct change *change) {
    const struct number cells[] = {
        format_value(change->old.median, measure->unit, out->output),
        format_value(change->new.median, measure->unit, out->output),
        format_change(change->change, measure->unit, out->output),
        diff_percent(change),
    };
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        printf(" | ");
        markdown_text(stdout, cells[i].s);
    }
}

static void print_row(const struct diff_out *out, const struct measure *measure,
                      const struct measure_row *row) {
    char *mark = diff_mark(out, row), *variation = diff_variation(out, measure, row);
    printf("| ");
    markdown_code(stdout, row->name);
    markdown_text(stdout, mark);
    if (variation) {
        markdown_text(stdout, " (");
        markdown_text(stdout, variation);
        markdown_text(stdout, ")");
    }
    print_change(out, measure, &row->self);
    if (diff_has_cum(measure))
        print_change(out, measure, &row->cum);
    if (measure->total.p >= 0)
        printf(" | %.3f", row->self.p);
    puts(" |");
    free(mark);
    free(variation);
}

static void print_head(const struct measure *measure) {
    bool has_cum = diff_has_cum(measure), has_p = measure->total.p >= 0;
    printf("| %s | old%s | new%s | change | change%% |%s%s\n", diff_row_word(measure->by),
           has_cum ? " self" : "", has_cum ? " self" : "",
           has_cum ? " old cum | new cum | change | change% |" : "", has_p ? " p |" : "");
    printf("| --- | ---: | ---: | ---: | ---: |%s%s\n",
           has_cum ? " ---: | ---: | ---: | ---: |" : "", has_p ? " ---: |" : "");
}

static void print_measure(const struct diff_out *out, const struct measure *measure) {
    const struct change *total = &measure->total;
    size_t shown = diff_shown(out, measure), rest = measure->n_changed - shown;
    char *type = text_clean(measure->type, out->output->utf8);
    printf("### ");
    markdown_text(stdout, type);
    free(type);
    char *sum = need_print(
        ": %s to %s (%s, %s)", format_value(total->old.median, measure->unit, out->output).s,
        format_value(total->new.median, measure->unit, out->output).s,
        format_change(total->change, measure->unit, out->output).s, diff_percent(total).s);
    markdown_text(stdout, sum);
    printf("\n\n");
    free(sum);
    if (shown) {
        print_head(measure);
        for (size_t i = 0; i < shown; i++)
            print_row(out, measure, &measure->changed[i]);
        putchar('\n');
    }
    if (rest)
        printf("%s more changed. ", format_count((wide)rest, out->output).s);
    printf("%s did not change.\n\n", format_count((wide)measure->n_unchanged, out->output).s);
}

/* A list of what else there is to say, each item behind a word; releases the texts. */
static void print_items(const char *word, char **texts, size_t n) {
    for (size_t i = 0; i < n; i++) {
        printf("- %s ", word);
        markdown_text(stdout, texts[i]);
        putchar('\n');
        free(texts[i]);
    }
    free(texts);
}

static void print_losses(const struct diff_out *out) {
    static const char *const words[] = {"loss in old:", "loss in new:"};
    for (int side = 0; side < N_SIDES; side++)
        for (size_t run = 0; run < out->diff->sides[side].n; run++) {
            const struct report report =
                diff_report(out, (enum side)side, run, out->diff->n_types - 1);
            size_t n;
            char **losses = report_loss_sentences(&report, diff_has_times(out), &n);
            print_items(words[side], losses, n);
        }
}

void diff_markdown(const struct diff_out *out) {
    size_t n;
    for (size_t type = 0; type < out->diff->n_types; type++)
        print_measure(out, &out->measures[type]);
    for (size_t i = 0; i < out->diff->n_left_out; i++)
        printf("- %s is not compared: not all runs have it\n", out->diff->left_out[i]);
    char **renamed = diff_renamed(out, &n);
    print_items("renamed?", renamed, n);
    char **doubts = diff_doubts(out, &n);
    print_items("caution:", doubts, n);
    print_losses(out);
}
