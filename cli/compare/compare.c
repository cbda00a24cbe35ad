/*
 * compare.c - see compare.h; the rules of pairing are in pair*.c.
 */
#include "compare.h"

#include "pair.h"
#include "rows.h"
#include "say.h"
#include "shown.h"

#include <stdlib.h>
#include <string.h>

const char *pair_rule_name(enum pair_rule rule) {
    static const char *const names[] = {
        [PAIR_NONE] = "none",           [PAIR_LINKAGE_NAME] = "linkage name",
        [PAIR_CLONE] = "clone",         [PAIR_FILE] = "file",
        [PAIR_SIGNATURE] = "signature", [PAIR_POSITION] = "position",
        [PAIR_SIMILAR] = "similarity",
    };
    return names[rule];
}

const struct view_function *compared_latest(const struct compared_function *function) {
    return function->in[SIDE_NEW] ? function->in[SIDE_NEW] : function->in[SIDE_OLD];
}

/* ---- the functions of a side ---- */

/* A function of one view on its way into those of the side. */
struct entry {
    const struct view_function *function;
    const char *linkage_name;
    char *key;
    uint32_t *index; /* where its index in the side goes */
};

struct collected {
    struct entry *entries;
    size_t n;
};

static int compare_entries(const void *one, const void *other) {
    const struct entry *a = one, *b = other;
    int order = strcmp(a->key, b->key);
    return order ? order : strcmp(a->function->file, b->function->file);
}

static bool is_clone(const struct entry *entry) {
    return strcmp(entry->linkage_name, entry->key) != 0;
}

static struct collected collect(const struct compared_views *views, uint32_t **of) {
    struct collected all = {0};
    size_t n = 0;
    for (size_t v = 0; v < views->n; v++)
        n += views->views[v] ? views->views[v]->n_functions : 0;
    all.entries = need_array(n, sizeof *all.entries);
    for (size_t v = 0; v < views->n; v++) {
        const struct view *view = views->views[v];
        of[v] = need_array(view ? view->n_functions : 0, sizeof **of);
        for (size_t i = 0; view && i < view->n_functions; i++) {
            const struct view_function *function = &view->functions[i];
            const char *name = *function->system_name ? function->system_name : function->name;
            all.entries[all.n++] = (struct entry){function, name, pair_key(name), &of[v][i]};
        }
    }
    qsort(all.entries, all.n, sizeof *all.entries, compare_entries);
    return all;
}

/* Entries of one key and file are one function; it takes over the key of the first. */
static struct pair_side unite(struct collected *all) {
    struct pair_side side = {.functions = need_array(all->n, sizeof *side.functions)};
    for (size_t i = 0; i < all->n; i++) {
        struct entry *entry = &all->entries[i];
        struct pair_function *last = side.n ? &side.functions[side.n - 1] : NULL;
        if (i == 0 || compare_entries(entry - 1, entry) != 0) {
            char *signature = pair_signature(entry->key);
            side.functions[side.n++] = (struct pair_function){
                .function = entry->function,
                .key = need_copy(entry->key),
                .signature = signature,
                .numbered = pair_numbered(signature),
                .other = PAIR_UNPAIRED,
            };
        } else if (!is_clone(entry)) {
            last->function = entry->function;
        }
        *entry->index = (uint32_t)(side.n - 1);
    }
    for (size_t i = 0; i < all->n; i++)
        free(all->entries[i].key);
    free(all->entries);
    return side;
}

static void side_free(struct pair_side *side) {
    for (size_t i = 0; i < side->n; i++) {
        free(side->functions[i].key);
        free(side->functions[i].signature);
        free(side->functions[i].numbered);
        free(side->functions[i].position);
    }
    free(side->functions);
    free(side->edges);
    free(side->inward);
}

/* ---- who calls whom ---- */

/* The first view of calls; else the first there is, whose sums stand for them. */
static size_t view_of_calls(const struct compared_views *views) {
    size_t first = views->n;
    for (size_t v = 0; v < views->n; v++) {
        const struct view *view = views->views[v];
        if (view && view_is_of_calls(view))
            return v;
        if (view && first == views->n)
            first = v;
    }
    return first;
}

static void find_edges(const struct compared_views *views, uint32_t *const *of,
                       struct pair_side *side) {
    size_t v = view_of_calls(views);
    if (v == views->n)
        return;
    struct rows rows;
    rows_make(&(struct rows_run){views->views[v], of[v]}, (size_t[N_SIDES]){1, 0}, ROWS_EDGES,
              &rows);
    side->edges = need_array(rows.n, sizeof *side->edges);
    bool has_calls = view_is_of_calls(views->views[v]);
    for (size_t i = 0; i < rows.n; i++) {
        const struct row *row = &rows.rows[i];
        wide calls = has_calls ? row->runs->self : row->runs->cum;
        /* In the difference of two profiles it may be negative. */
        side->edges[side->n_edges++] =
            (struct pair_edge){row->other, row->function, calls < 0 ? -calls : calls};
    }
    rows_free(&rows);
    pair_order_edges(side);
}

/* ---- the list of both ---- */

/* On its way into the list, with where it is in either side. */
struct joined {
    struct compared_function function;
    uint32_t at[N_SIDES];
};

static int compare_joined(const void *one, const void *other) {
    const struct joined *x = one, *y = other;
    const struct view_function *a = compared_latest(&x->function);
    const struct view_function *b = compared_latest(&y->function);
    int order = strcmp(a->name, b->name);
    if (order == 0)
        order = strcmp(a->file, b->file);
    if (order == 0)
        order = strcmp(a->system_name, b->system_name);
    /* One that vanished and one that was added may agree in all that; what NEW has comes first. */
    if (order == 0)
        order = (x->at[SIDE_NEW] > y->at[SIDE_NEW]) - (x->at[SIDE_NEW] < y->at[SIDE_NEW]);
    return order ? order
                 : (x->at[SIDE_OLD] > y->at[SIDE_OLD]) - (x->at[SIDE_OLD] < y->at[SIDE_OLD]);
}

/* All functions of NEW, then those that are in OLD alone; by name. */
static struct joined *join(const struct pair_side sides[N_SIDES], size_t *n) {
    const struct pair_side *old = &sides[SIDE_OLD], *new = &sides[SIDE_NEW];
    struct joined *all = need_array(old->n + new->n, sizeof *all);
    *n = 0;
    for (uint32_t i = 0; i < new->n; i++) {
        const struct pair_function *pair = &new->functions[i];
        bool is_paired = pair->other != PAIR_UNPAIRED;
        all[(*n)++] = (struct joined){
            .function = {.in[SIDE_OLD] = is_paired ? old->functions[pair->other].function : NULL,
                         .in[SIDE_NEW] = pair->function,
                         .rule = pair->rule,
                         .score = pair->score},
            .at = {pair->other, i},
        };
    }
    for (uint32_t i = 0; i < old->n; i++)
        if (old->functions[i].other == PAIR_UNPAIRED)
            all[(*n)++] = (struct joined){
                .function = {.in[SIDE_OLD] = old->functions[i].function},
                .at = {i, PAIR_UNPAIRED},
            };
    qsort(all, *n, sizeof *all, compare_joined);
    return all;
}

/* Indices in a side become those in the list. */
static void index_side(struct comparison *comparison, enum side side, const struct joined *all,
                       const struct pair_side *functions, const struct compared_views *views) {
    uint32_t *to = need_array(functions->n, sizeof *to);
    for (size_t i = 0; i < comparison->n_functions; i++)
        if (all[i].at[side] != PAIR_UNPAIRED)
            to[all[i].at[side]] = (uint32_t)i;
    for (size_t v = 0; v < views->n; v++)
        for (size_t i = 0; views->views[v] && i < views->views[v]->n_functions; i++)
            comparison->of[side][v][i] = to[comparison->of[side][v][i]];
    free(to);
}

static void name(struct comparison *comparison, bool utf8) {
    size_t n = comparison->n_functions;
    const struct view_function **latest = need_array(n, sizeof *latest);
    char **shown = need_array(n, sizeof *shown);
    for (size_t i = 0; i < n; i++)
        latest[i] = compared_latest(&comparison->functions[i]);
    shown_names(latest, n, utf8, shown);
    for (size_t i = 0; i < n; i++)
        comparison->functions[i].shown = shown[i];
    free(latest);
    free(shown);
}

struct comparison *comparison_new(const struct compared_views *old,
                                  const struct compared_views *new, bool utf8) {
    struct comparison *comparison = need_array(1, sizeof *comparison);
    const struct compared_views *views[N_SIDES] = {old, new};
    struct pair_side sides[N_SIDES];
    for (int side = 0; side < N_SIDES; side++) {
        comparison->n_views[side] = views[side]->n;
        comparison->of[side] = need_array(views[side]->n, sizeof *comparison->of[side]);
        struct collected all = collect(views[side], comparison->of[side]);
        sides[side] = unite(&all);
        find_edges(views[side], comparison->of[side], &sides[side]);
    }
    pair_by_name(&sides[SIDE_OLD], &sides[SIDE_NEW]);
    pair_by_position(&sides[SIDE_OLD], &sides[SIDE_NEW]);
    pair_by_similarity(&sides[SIDE_OLD], &sides[SIDE_NEW]);
    struct joined *all = join(sides, &comparison->n_functions);
    comparison->functions = need_array(comparison->n_functions, sizeof *comparison->functions);
    for (size_t i = 0; i < comparison->n_functions; i++)
        comparison->functions[i] = all[i].function;
    for (int side = 0; side < N_SIDES; side++) {
        index_side(comparison, (enum side)side, all, &sides[side], views[side]);
        side_free(&sides[side]);
    }
    free(all);
    name(comparison, utf8);
    return comparison;
}

int comparison_filter(const struct comparison *comparison, enum side side, size_t v,
                      struct view *view, const struct view_options *options) {
    if (!options->focus && !options->ignore && !options->hide)
        return STATUS_OK;
    for (size_t i = 0; i < view->n_functions; i++)
        view->functions[i].twin =
            comparison->functions[comparison->of[side][v][i]].in[N_SIDES - 1 - side];
    return view_filter(view, options);
}

void comparison_free(struct comparison *comparison) {
    for (size_t i = 0; i < comparison->n_functions; i++)
        free(comparison->functions[i].shown);
    for (int side = 0; side < N_SIDES; side++) {
        for (size_t v = 0; v < comparison->n_views[side]; v++)
            free(comparison->of[side][v]);
        free(comparison->of[side]);
    }
    free(comparison->functions);
    free(comparison);
}
