/*
 * page_data.c - see page_data.h. One profile after the other is summed up, written and forgotten;
 * what all of them add to (strings, notes) comes last.
 */
#include "page_data.h"

#include "page_fold.h"
#include "page_source.h"
#include "page_strings.h"

#include <stdlib.h>

enum { FORMAT = 1 };

/* What the parts of the document have in common. */
struct document {
    struct page *page;
    const struct page_options *options;
    struct page_out *out;
    struct page_strings strings;
    struct page_places places;
};

/* ---- columns of tables ---- */

/* A line beyond all sense is as good as unknown. */
static int64_t sensible_line(int64_t line) {
    return line > 0 && line < INT32_MAX ? line : 0;
}

/* One of the key's three, of all rows. */
enum key_part { FIRST, SECOND, THIRD_LINE };

static void put_keys(struct page_out *out, const char *name, const struct page_table *table,
                     enum key_part part) {
    page_put_open(out, name, '[');
    for (size_t row = 0; row < table->keys.n; row++) {
        const struct key *key = &table->keys.all[row];
        page_put_number(out, NULL,
                        part == FIRST    ? key->first
                        : part == SECOND ? key->second
                                         : sensible_line(key->third));
    }
    page_put_close(out, '[');
}

/* [[value by row] by type] of a side. */
static void put_side_values(struct page_out *out, const char *name, const struct page_table *table,
                            enum page_measure measure, size_t side) {
    page_put_open(out, name, '[');
    for (size_t type = 0; type < table->n_types; type++) {
        page_put_open(out, NULL, '[');
        for (size_t row = 0; row < table->keys.n; row++)
            page_put_number(out, NULL, page_values(table, row, measure, side)[type]);
        page_put_close(out, '[');
    }
    page_put_close(out, '[');
}

static void put_values(struct page_out *out, const char *name, const struct page_table *table,
                       enum page_measure measure) {
    page_put_open(out, name, '[');
    for (size_t side = 0; side < table->n_sides; side++)
        put_side_values(out, NULL, table, measure, side);
    page_put_close(out, '[');
}

/* ---- a profile ---- */

static void put_types(struct page_out *out, const struct page_profile *profile) {
    page_put_open(out, "types", '[');
    for (size_t i = 0; i < profile->n_types; i++) {
        page_put_open(out, NULL, '{');
        page_put_text(out, "name", profile->types[i].name);
        page_put_text(out, "unit", profile->types[i].unit);
        page_put_close(out, '{');
    }
    page_put_close(out, '[');
    page_put_number(out, "default", (wide)profile->shown_first);
    page_put_open(out, "count", '[');
    for (size_t i = 0; i < profile->n_types; i++)
        page_put_number(out, NULL, profile->types[i].count);
    page_put_close(out, '[');
    page_put_number(out, "calls", profile->calls);
}

static void put_totals(const struct document *document, const struct page_profile *profile,
                       const struct page_sums *sums) {
    page_put_open(document->out, "total", '[');
    for (size_t side = 0; side < document->page->n_sides; side++) {
        page_put_open(document->out, NULL, '[');
        for (size_t i = 0; i < profile->n_types; i++)
            page_put_number(document->out, NULL, sums->totals[side][i]);
        page_put_close(document->out, '[');
    }
    page_put_close(document->out, '[');
}

static void put_nodes(struct page_out *out, const struct page_tree *tree) {
    page_put_open(out, "parent", '[');
    for (size_t i = 0; i < tree->n; i++)
        page_put_number(out, NULL, tree->nodes[i].parent);
    page_put_close(out, '[');
    page_put_open(out, "function", '[');
    for (size_t i = 0; i < tree->n; i++)
        page_put_number(out, NULL, tree->nodes[i].function);
    page_put_close(out, '[');
    page_put_open(out, "contexts", '[');
    for (size_t i = 0; i < tree->n; i++)
        page_put_number(out, NULL, (wide)tree->nodes[i].n_contexts);
    page_put_close(out, '[');
}

static void put_self(struct page_out *out, const struct page_tree *tree,
                     const struct page_table *contexts) {
    page_put_open(out, "self", '[');
    for (size_t side = 0; side < contexts->n_sides; side++) {
        page_put_open(out, NULL, '[');
        for (size_t type = 0; type < contexts->n_types; type++) {
            page_put_open(out, NULL, '[');
            for (size_t i = 0; i < tree->n; i++)
                page_put_number(out, NULL, tree->nodes[i].self[side * contexts->n_types + type]);
            page_put_close(out, '[');
        }
        page_put_close(out, '[');
    }
    page_put_close(out, '[');
}

static void put_tree(struct document *document, const struct page_profile *profile,
                     const struct page_table *contexts) {
    static const struct output exact = {0};
    struct page_tree tree;
    page_fold(contexts, document->options->most_contexts, &tree);
    page_put_open(document->out, "tree", '{');
    put_nodes(document->out, &tree);
    put_self(document->out, &tree, contexts);
    page_put_close(document->out, '{');
    if (tree.n_folded)
        page_note(document->page,
                  "%s: of %s calling contexts, the %s with the smallest values are summed up as "
                  "\"small contexts\" below their callers.",
                  profile->kind, format_count((wide)tree.n_contexts, &exact).s,
                  format_count((wide)tree.n_folded, &exact).s);
    page_tree_free(&tree);
}

static void put_lines(struct page_out *out, const struct page_profile *profile,
                      const struct page_table *lines) {
    page_put_open(out, NULL, '{');
    put_keys(out, "function", lines, FIRST);
    put_keys(out, "line", lines, THIRD_LINE);
    page_put_open(out, "made", '[');
    for (size_t row = 0; row < lines->keys.n && profile->calls >= 0; row++)
        page_put_number(out, NULL, page_values(lines, row, PAGE_MADE, 0)[profile->calls]);
    page_put_close(out, '[');
    put_side_values(out, "self", lines, PAGE_SELF, 0);
    put_side_values(out, "cum", lines, PAGE_CUM, 0);
    page_put_close(out, '{');
}

static void put_profile(struct document *document, const struct page_profile *profile) {
    struct page_out *out = document->out;
    struct page_sums sums;
    page_sum_up(document->page, profile, &sums);
    page_places_add(document->page, &sums, &document->places);
    page_put_open(out, NULL, '{');
    page_put_text(out, "kind", profile->kind);
    put_types(out, profile);
    put_totals(document, profile, &sums);
    put_tree(document, profile, &sums.contexts);
    page_put_open(out, "functions", '{');
    put_keys(out, "function", &sums.functions, FIRST);
    put_values(out, "self", &sums.functions, PAGE_SELF);
    put_values(out, "cum", &sums.functions, PAGE_CUM);
    page_put_close(out, '{');
    page_put_open(out, "edges", '{');
    put_keys(out, "caller", &sums.edges, FIRST);
    put_keys(out, "callee", &sums.edges, SECOND);
    put_values(out, "value", &sums.edges, PAGE_VALUE);
    page_put_close(out, '{');
    page_put_open(out, "lines", '[');
    for (size_t side = 0; side < document->page->n_sides; side++)
        put_lines(out, profile, &sums.lines[side]);
    page_put_close(out, '[');
    page_put_close(out, '{');
    page_sums_free(&sums);
}

/* ---- functions ---- */

enum status { IN_BOTH, ADDED, VANISHED, RENAMED, BY_RULE };

static enum status status_of(const struct page *page, const struct compared_function *function) {
    if (page->n_sides == 1)
        return IN_BOTH;
    if (function->rule == PAIR_NONE)
        return function->in[SIDE_NEW] ? ADDED : VANISHED;
    return function->rule == PAIR_LINKAGE_NAME ? IN_BOTH
           : function->rule == PAIR_SIMILAR    ? RENAMED
                                               : BY_RULE;
}

enum column { NAME, SYSTEM_NAME, INLINED, FILE_NAME, LINE, STATUS, OLD_NAME, SCORE, RULE };

static wide string(struct document *document, const char *text) {
    return (wide)page_string(&document->strings, text);
}

/* What a column has for a function; strings by number. */
static wide cell(struct document *document, enum column column,
                 const struct compared_function *function, enum side side) {
    const struct view_function *there = function->in[side];
    const enum status status = status_of(document->page, function);
    const bool is_told = status == RENAMED || status == BY_RULE; /* how the two were paired */
    switch (column) {
    case NAME:
        return string(document, function->shown);
    case SYSTEM_NAME:
        return string(document, compared_latest(function)->system_name);
    case INLINED:
        return compared_latest(function)->inlined;
    case FILE_NAME:
        return there ? string(document, there->file) : 0;
    case LINE:
        return there ? sensible_line(there->start_line) : 0;
    case STATUS:
        return status;
    case OLD_NAME:
        return is_told ? string(document, function->in[SIDE_OLD]->name) : 0;
    case SCORE:
        return is_told ? function->score : 0;
    case RULE:
        return is_told ? string(document, pair_rule_name(function->rule)) : 0;
    }
    return 0;
}

static void put_column(struct document *document, const char *name, enum column column,
                       enum side side) {
    const struct comparison *comparison = document->page->comparison;
    page_put_open(document->out, name, '[');
    for (size_t i = 0; i < comparison->n_functions; i++)
        page_put_number(document->out, NULL,
                        cell(document, column, &comparison->functions[i], side));
    page_put_close(document->out, '[');
}

static void put_column_by_side(struct document *document, const char *name, enum column column) {
    page_put_open(document->out, name, '[');
    for (size_t side = 0; side < document->page->n_sides; side++)
        put_column(document, NULL, column, page_compared_side(document->page, side));
    page_put_close(document->out, '[');
}

static void put_functions(struct document *document) {
    page_put_open(document->out, "functions", '{');
    put_column(document, "name", NAME, SIDE_NEW);
    put_column(document, "system_name", SYSTEM_NAME, SIDE_NEW);
    put_column(document, "inlined", INLINED, SIDE_NEW);
    put_column_by_side(document, "file", FILE_NAME);
    put_column_by_side(document, "line", LINE);
    put_column(document, "status", STATUS, SIDE_NEW);
    put_column(document, "old_name", OLD_NAME, SIDE_NEW);
    put_column(document, "score", SCORE, SIDE_NEW);
    put_column(document, "rule", RULE, SIDE_NEW);
    page_put_close(document->out, '{');
}

/* ---- all of it ---- */

static void note_filters(struct page *page, const struct view_options *filters) {
    const char *const set[][2] = {
        {"focus", filters->focus}, {"ignore", filters->ignore}, {"hide", filters->hide}};
    for (size_t i = 0; i < sizeof set / sizeof *set; i++)
        if (set[i][1])
            page_note(page, "Filtered: --%s %s. Totals are those of the whole profile.", set[i][0],
                      set[i][1]);
}

static void put_notes(const struct page *page, struct page_out *out) {
    page_put_open(out, "notes", '[');
    for (size_t i = 0; i < page->n_notes; i++)
        page_put_text(out, NULL, page->notes[i]);
    page_put_close(out, '[');
}

void page_put_data(struct page *page, const struct page_options *options, struct page_out *out) {
    struct document document = {.page = page, .options = options, .out = out};
    page_places_new(page, &document.places);
    note_filters(page, &options->filters);
    page_put_open(out, NULL, '{');
    page_put_number(out, "format", FORMAT);
    page_put_text(out, "tally", TALLY_CLI_VERSION);
    page_put_sides(page, out);
    page_put_open(out, "profiles", '[');
    for (size_t i = 0; i < page->n_profiles; i++)
        put_profile(&document, &page->profiles[i]);
    page_put_close(out, '[');
    page_put_sources(page, options, &document.places, &document.strings, out);
    put_functions(&document);
    put_notes(page, out);
    page_put_strings(out, "strings", &document.strings);
    page_put_close(out, '{');
    page_strings_free(&document.strings);
    page_places_free(&document.places);
}
