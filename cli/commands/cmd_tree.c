/*
 * cmd_tree.c - `tally tree`: the calling-context tree, or with --bottom-up the callers of each
 * function.
 *
 *        calls     total  total%      self  function
 *            1   52.9 ms  100.0%    801 µs  main
 *    7,049,155   52.1 ms   98.2%   52.1 ms  └─ fib
 *
 * Beside self stands its standard error where it is estimated (columns.h).
 *
 * A context is shown if its part of the value or of the count, with all below it, reaches --min: so
 * whatever is shown has its callers shown. The traversal has its own stack, because profiles may be
 * deeper than the C stack is.
 */
#include "aggregate.h"
#include "columns.h"
#include "commands.h"
#include "json_out.h"
#include "report.h"
#include "say.h"
#include "text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tree_options {
    struct report_options shared;
    double least_percent;
    uint64_t depth; /* 0: unlimited */
    bool bottom_up, lines;
};

/* The tree and what of it is shown. */
struct picture {
    const struct report *report;
    const struct tree_options *options;
    struct tree tree;
    bool *shown;          /* by node */
    uint32_t *last_shown; /* by node: its last shown child, 0 if none */
    size_t too_small, too_deep;
};

enum { INDENT = 3, MOST_BRANCHES = 200 };

static const char details[] =
    "Contexts are merged by function: a function called from two lines of the same\n"
    "caller is one, unless --lines is given. Columns:\n"
    "  calls   calls in this context (with --bottom-up: of the function at the root,\n"
    "          by this chain of callers)\n"
    "  total   time in this context and all below it\n"
    "  self    time in the function itself, in this context\n"
    "  +-      one standard error of self, where it is estimated (timing=adaptive)\n"
    "In a profile without times (timing=off), total is calls. Of heap profiles total\n"
    "and self are bytes (or what --sample says), objects how many objects total is the\n"
    "sum of, per object the two divided. A context is left out when both its time and\n"
    "its calls (or bytes and objects), with all below it, are less than --min percent\n"
    "of the whole.";

static bool reaches(wide part, wide whole, double percent) {
    double share = whole == 0 ? 0 : 100.0 * (double)part / (double)whole;
    return (share < 0 ? -share : share) >= percent;
}

static void choose(struct picture *picture) {
    const struct view *view = picture->report->view;
    const struct tree_options *options = picture->options;
    struct tree *tree = &picture->tree;
    picture->shown = need_array(tree->n, sizeof *picture->shown);
    picture->last_shown = need_array(tree->n, sizeof *picture->last_shown);
    picture->shown[0] = true;
    for (size_t i = 1; i < tree->n; i++) {
        const struct tree_node *node = &tree->nodes[i];
        if (!picture->shown[node->parent])
            continue;
        if (!reaches(node->weight, view->whole, options->least_percent) &&
            !reaches(node->count_below, view->total_count, options->least_percent))
            picture->too_small++;
        else if (options->depth && node->depth > options->depth)
            picture->too_deep++;
        else {
            picture->shown[i] = true;
            picture->last_shown[node->parent] = (uint32_t)i;
        }
    }
}

/* Calls `visit` for each shown node but the root, callers first. */
static void traverse(struct picture *picture, void (*visit)(struct picture *, uint32_t, void *),
                     void *to) {
    uint32_t *stack = need_array(picture->tree.n, sizeof *stack);
    size_t n = 1;
    while (n) {
        uint32_t at = stack[--n];
        const struct tree_node *node = &picture->tree.nodes[at];
        if (at)
            visit(picture, at, to);
        for (uint32_t i = node->n_children; i-- > 0;)
            if (picture->shown[node->first_child + i])
                stack[n++] = node->first_child + i;
    }
    free(stack);
}

static char *branch(const struct picture *picture, uint32_t at) {
    const struct output *output = &picture->report->output;
    const struct tree_node *nodes = picture->tree.nodes;
    const char *fork = output->utf8 ? "\xe2\x94\x9c\xe2\x94\x80 " : "|- ";
    const char *end = output->utf8 ? "\xe2\x94\x94\xe2\x94\x80 " : "`- ";
    const char *pass = output->utf8 ? "\xe2\x94\x82  " : "|  ";
    uint32_t depth = nodes[at].depth;
    const char *own = picture->last_shown[nodes[at].parent] == at ? end : fork;
    if (depth <= 1)
        return need_copy("");
    /* Where the branches alone would fill the line, or more than any line, the depth is told by a
     * number. */
    if (depth > MOST_BRANCHES || (output->width && (depth - 1) * INDENT > output->width / 3))
        return need_print("[%" PRIu32 "] %s", depth, own);
    size_t piece = strlen(pass), length = (depth - 1) * (piece > strlen(own) ? piece : strlen(own));
    char *prefix = need_array(length + 1, 1);
    size_t start = length;
    for (uint32_t node = at, level = depth; level > 1; level--, node = nodes[node].parent) {
        const char *text = level == depth                                    ? own
                           : picture->last_shown[nodes[node].parent] == node ? "   "
                                                                             : pass;
        start -= strlen(text);
        memcpy(prefix + start, text, strlen(text));
    }
    memmove(prefix, prefix + start, length - start + 1);
    return prefix;
}

static char *name_of(const struct picture *picture, const struct tree_node *node) {
    const struct view_function *function = &picture->report->view->functions[node->function];
    if (!node->line)
        return need_copy(function->shown);
    return need_print("%s  %s %" PRId64, function->shown,
                      picture->options->bottom_up ? "at line" : "from line", node->line);
}

/* Calls are of the context itself; objects those that total sums up, beside which they stand. */
static bool counts_below(const struct view *view) {
    return view->counted && !view->counted->is_calls && !view_is_of_count(view);
}

static void add_row(struct picture *picture, uint32_t at, void *to) {
    struct columns *columns = to;
    const struct view *view = picture->report->view;
    const struct tree_node *node = &picture->tree.nodes[at];
    wide self = picture->options->bottom_up ? node->total : node->self;
    columns_row(columns, &(struct numbers){
                             .count = counts_below(view) ? node->count_below : node->count,
                             .self = self,
                             .variance = node->variance,
                             .cum = node->total,
                             .averaged = node->total,
                         });
    enum style heat = report_style(self, view->whole);
    char *prefix = branch(picture, at), *name = name_of(picture, node);
    table_name(columns->table, heat == STYLE_FAINT ? STYLE_PLAIN : heat, prefix, name,
               view->functions[node->function].inlined ? " (inlined)" : "");
    free(prefix);
    free(name);
}

/* What --min is a share of. Free it. */
static char *shares_of(const struct report *report) {
    const struct view *view = report->view;
    if (view_is_of_count(view))
        return need_copy(view->counted->many);
    if (view->counted && view->counted->is_calls)
        return need_copy("time and calls");
    char *type = text_clean(view->type, report->output.utf8);
    char *words = need_print("%s%s%s", type, view->counted ? " and " : "",
                             view->counted ? view->counted->many : "");
    free(type);
    return words;
}

static void print_left_out(const struct picture *picture) {
    const struct output *output = &picture->report->output;
    if (picture->too_small) {
        char *shares = shares_of(picture->report);
        report_note(picture->report,
                    "%s context%s below %g %% of %s not shown, nor what they called "
                    "(--min 0 shows all)",
                    format_count((wide)picture->too_small, output).s,
                    picture->too_small == 1 ? "" : "s", picture->options->least_percent, shares);
        free(shares);
    }
    if (picture->too_deep)
        report_note(picture->report, "%s context%s deeper than %" PRIu64 " not shown",
                    format_count((wide)picture->too_deep, output).s,
                    picture->too_deep == 1 ? "" : "s", picture->options->depth);
}

static void print_table(struct picture *picture) {
    static const struct column top_down[] = {
        {COLUMN_COUNT, NULL, 1},     {COLUMN_CUM, "total", 0}, {COLUMN_CUM_PERCENT, "total%", 2},
        {COLUMN_MEAN_SIZE, NULL, 5}, {COLUMN_SELF, "self", 3}, {COLUMN_ERROR, NULL, 4},
        {COLUMN_END, NULL, 0},
    };
    static const struct column bottom_up[] = {
        {COLUMN_COUNT, NULL, 1},           {COLUMN_SELF, "self", 0},    {COLUMN_ERROR, NULL, 4},
        {COLUMN_SELF_PERCENT, "self%", 2}, {COLUMN_MEAN_SIZE, NULL, 5}, {COLUMN_END, NULL, 0},
    };
    const struct report *report = picture->report;
    struct columns columns;
    columns_open(&columns, report, picture->options->bottom_up ? bottom_up : top_down, "function",
                 TABLE_CUT_MIDDLE);
    report_heading(report);
    traverse(picture, add_row, &columns);
    columns_print(&columns);
    print_left_out(picture);
    report_footer(report, &picture->options->shared.view);
}

struct json_rows {
    json_t *rows;
    int64_t *row_of; /* by node */
};

static void add_json(struct picture *picture, uint32_t at, void *to) {
    struct json_rows *rows = to;
    const struct view *view = picture->report->view;
    const struct tree_node *node = &picture->tree.nodes[at];
    const struct view_function *function = &view->functions[node->function];
    json_t *row = need(json_object());
    rows->row_of[at] = (int64_t)json_array_size(rows->rows);
    json_put(row, "parent", node->parent ? json_integer(rows->row_of[node->parent]) : json_null());
    json_put(row, "depth", json_integer(node->depth));
    json_put(row, "name", json_text(function->name));
    json_put(row, "system_name", json_text(function->system_name));
    json_put(row, "file", json_text(function->file));
    json_put(row, "inlined", json_boolean(function->inlined));
    if (picture->options->lines)
        json_put(row, "call_line", json_integer(node->line));
    report_json_count(picture->report, row, "",
                      counts_below(view) ? node->count_below : node->count);
    json_put(row, picture->options->bottom_up ? "self" : "total", json_wide(node->total));
    if (!picture->options->bottom_up)
        json_put(row, "self", json_wide(node->self));
    if (view->variance >= 0)
        json_put(row, "self_error", json_wide(aggregate_error(node->variance)));
    if (json_array_append_new(rows->rows, row) != 0)
        need(NULL);
}

static void print_json(struct picture *picture) {
    json_t *json = report_json(picture->report, "tree");
    struct json_rows rows = {need(json_array()), need_array(picture->tree.n, sizeof *rows.row_of)};
    traverse(picture, add_json, &rows);
    json_put(json, "bottom_up", json_boolean(picture->options->bottom_up));
    json_put(json, "contexts", rows.rows);
    json_put(json, "contexts_too_small", json_integer((json_int_t)picture->too_small));
    json_put(json, "contexts_too_deep", json_integer((json_int_t)picture->too_deep));
    json_put(json, "losses", report_json_losses(picture->report));
    json_out(json);
    free(rows.row_of);
}

static int show(const struct tree_options *options, const char *operand) {
    struct report report;
    int status = report_open(&options->shared, operand, &report);
    if (status != STATUS_OK)
        return status;
    struct picture picture = {.report = &report, .options = options};
    tree_build(report.view, options->bottom_up, options->lines, &picture.tree);
    choose(&picture);
    if (options->shared.json)
        print_json(&picture);
    else
        print_table(&picture);
    tree_free(&picture.tree);
    free(picture.shown);
    free(picture.last_shown);
    report_close(&report);
    return STATUS_OK;
}

int command_tree(int argc, char **argv) {
    struct tree_options tree = {.least_percent = 0.5};
    const struct args_option options[] = {
        {ARGS_FLAG, "bottom-up", 0, &tree.bottom_up, NULL,
         "each function, and below it its callers"},
        {ARGS_PERCENT, "min", 0, &tree.least_percent, "PERCENT",
         "leave out contexts below this share (default: 0.5)"},
        {ARGS_NUMBER, "depth", 0, &tree.depth, "N", "at most this deep; 0: no limit (default)"},
        {ARGS_FLAG, "lines", 0, &tree.lines, NULL, "one context for each line a call is made from"},
        report_sample_option(&tree.shared),
        {ARGS_END, NULL, 0, NULL, NULL, NULL},
    };
    struct args_option shared[report_options_count];
    report_options_table(&tree.shared, shared);
    const struct args_spec spec = {
        .command = "tree",
        .usage = "[OPTIONS] [PROFILE]",
        .summary = "the calling-context tree",
        .details = details,
        .options = options,
        .shared = shared,
        .most = 1,
    };
    size_t n;
    enum args_result result = args_parse(&spec, argc, argv, &n);
    if (result != ARGS_GO)
        return result == ARGS_HELPED ? STATUS_OK : STATUS_TROUBLE;
    return show(&tree, n ? argv[0] : NULL);
}
