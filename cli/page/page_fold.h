/*
 * page_fold.h - which contexts a page shows each by itself, and which as sums of many.
 *
 *   all contexts                         the most important ones, with what is below each of them
 *   main ─┬─ work ─┬─ a ─ …     ──>      main ─┬─ work ─── 7 small contexts
 *         │        └─ b ─ …                    └─ 2 small contexts
 *         ├─ x ─── y
 *         …
 *
 * A context is as important as the largest share that it and all below it have in any value of any
 * side, or in what changed between the sides. So a parent is as important as its children, and one
 * that is kept has all its callers. Shares decide what is kept and nothing else: sums stay exact.
 */
#ifndef TALLY_CLI_PAGE_FOLD_H
#define TALLY_CLI_PAGE_FOLD_H

#include "page_sums.h"

struct page_node {
    uint32_t parent;   /* index; a parent stands before its children */
    int64_t function;  /* or PAGE_NOBODY, PAGE_SMALL */
    size_t n_contexts; /* of PAGE_SMALL: how many it stands for; else 0 */
    const wide *self;  /* by side and type, as in the table */
};

enum { PAGE_NOBODY = -1, PAGE_SMALL = -2 };

struct page_tree {
    struct page_node *nodes; /* the root first */
    size_t n;
    size_t n_contexts, n_folded; /* in all; in nodes of several */
    wide *sums;                  /* of the nodes of several */
};

/* Keeps `most` contexts, or as many as cannot be summed up with another; 0: all of them. */
void page_fold(const struct page_table *contexts, size_t most, struct page_tree *tree);
void page_tree_free(struct page_tree *tree);

#endif
