/*
 * page_fold.c - see page_fold.h. Rows of contexts have larger numbers than their parents' rows.
 */
#include "page_fold.h"

#include "say.h"

#include <stdlib.h>
#include <string.h>

static uint32_t parent_of(const struct page_table *contexts, size_t row) {
    return contexts->keys.all[row].first;
}

/* ---- how important a context is ---- */

/* Raises shares to those in one value of a side, or (side n_sides) in its change. */
static void raise_shares(const struct page_table *contexts, size_t side, size_t type, wide *below,
                         double *shares) {
    size_t n = contexts->keys.n;
    for (size_t row = 0; row < n; row++)
        below[row] = page_size(contexts, row, PAGE_SELF, side, type);
    for (size_t left = n; left > 1; left--)
        below[parent_of(contexts, left - 1)] += below[left - 1];
    for (size_t row = 0; row < n && below[PAGE_ROOT]; row++) {
        double share = (double)below[row] / (double)below[PAGE_ROOT];
        if (share > shares[row])
            shares[row] = share;
    }
}

/* Never larger than those of the parent. */
static double *find_shares(const struct page_table *contexts) {
    size_t n = contexts->keys.n;
    double *shares = need_array(n, sizeof *shares);
    wide *below = need_array(n, sizeof *below);
    for (size_t side = 0; side < page_n_measured(contexts); side++)
        for (size_t type = 0; type < contexts->n_types; type++)
            raise_shares(contexts, side, type, below, shares);
    free(below);
    return shares;
}

struct ranked {
    double share;
    uint32_t row;
};

/* Of equal ones the parent is first, whose row is smaller. */
static int compare_ranks(const void *one, const void *other) {
    const struct ranked *a = one, *b = other;
    if (a->share != b->share)
        return a->share > b->share ? -1 : 1;
    return (a->row > b->row) - (a->row < b->row);
}

static void keep_most(const struct page_table *contexts, size_t most, bool *kept) {
    size_t n = contexts->keys.n - 1;
    double *shares = find_shares(contexts);
    struct ranked *ranked = need_array(n, sizeof *ranked);
    for (size_t i = 0; i < n; i++)
        ranked[i] = (struct ranked){shares[i + 1], (uint32_t)i + 1};
    qsort(ranked, n, sizeof *ranked, compare_ranks);
    for (size_t i = 0; i < most; i++)
        kept[ranked[i].row] = true;
    free(ranked);
    free(shares);
}

/* ---- the tree of what is kept ---- */

/* The nearest context above that is kept, of those that are not; and how many each has so. */
static void find_homes(const struct page_table *contexts, const bool *kept, uint32_t *homes,
                       size_t *n_folded) {
    for (size_t row = 1; row < contexts->keys.n; row++) {
        uint32_t parent = parent_of(contexts, row);
        homes[row] = kept[parent] ? parent : homes[parent];
        n_folded[homes[row]] += !kept[row];
    }
}

static uint32_t append(struct page_tree *tree, struct page_node node) {
    tree->nodes[tree->n] = node;
    return (uint32_t)tree->n++;
}

/* A node behind all contexts for each that has some folded. */
static void add_small(const struct page_table *contexts, const bool *kept, const uint32_t *homes,
                      const size_t *n_folded, const uint32_t *numbers, struct page_tree *tree) {
    const size_t n = contexts->keys.n, width = contexts->n_sides * contexts->n_types;
    wide **sums = need_array(n, sizeof *sums), *next = tree->sums;
    for (size_t row = 0; row < n; row++) {
        if (!n_folded[row])
            continue;
        sums[row] = next;
        next += width;
        append(tree, (struct page_node){numbers[row], PAGE_SMALL, n_folded[row], sums[row]});
        tree->n_folded += n_folded[row];
    }
    for (size_t row = 1; row < n; row++)
        for (size_t i = 0; i < width && !kept[row]; i++)
            sums[homes[row]][i] += page_values(contexts, row, PAGE_SELF, 0)[i];
    free(sums);
}

static void make_nodes(const struct page_table *contexts, bool *kept, struct page_tree *tree) {
    const size_t n = contexts->keys.n, width = contexts->n_sides * contexts->n_types;
    uint32_t *homes = need_array(n, sizeof *homes), *numbers = need_array(n, sizeof *numbers);
    size_t *n_folded = need_array(n, sizeof *n_folded), n_small = 0;
    find_homes(contexts, kept, homes, n_folded);
    /* What is alone takes no more room by itself. */
    for (size_t row = 1; row < n; row++)
        if (!kept[row] && n_folded[homes[row]] == 1) {
            n_folded[homes[row]] = 0;
            kept[row] = true;
        }
    for (size_t row = 0; row < n; row++)
        n_small += n_folded[row] > 0;
    tree->nodes = need_array(n, sizeof *tree->nodes);
    tree->sums = need_array(n_small * width, sizeof *tree->sums);
    for (size_t row = 0; row < n; row++)
        if (kept[row]) {
            const struct key *key = &contexts->keys.all[row];
            uint32_t parent = row ? numbers[key->first] : 0;
            numbers[row] =
                append(tree, (struct page_node){parent, row ? (int64_t)key->second : PAGE_NOBODY, 0,
                                                page_values(contexts, row, PAGE_SELF, 0)});
        }
    add_small(contexts, kept, homes, n_folded, numbers, tree);
    free(homes);
    free(numbers);
    free(n_folded);
}

void page_fold(const struct page_table *contexts, size_t most, struct page_tree *tree) {
    const size_t n = contexts->keys.n;
    bool *kept = need_array(n, sizeof *kept);
    *tree = (struct page_tree){.n_contexts = n - 1};
    if (most == 0 || most >= n - 1) {
        memset(kept, true, n);
    } else {
        kept[PAGE_ROOT] = true;
        keep_most(contexts, most, kept);
    }
    make_nodes(contexts, kept, tree);
    free(kept);
}

void page_tree_free(struct page_tree *tree) {
    free(tree->nodes);
    free(tree->sums);
}
