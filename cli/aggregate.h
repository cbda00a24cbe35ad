/*
 * aggregate.h - sums over a view: per function, per line of chosen functions, and as a tree.
 *
 * Nothing here prints. All sums are exact (format.h: wide).
 *
 *   self   of a function: values of the samples whose innermost frame it is
 *   variance of that self; of cum none is known: times moved between caller and callee cancel there
 *   cum    of a function: values of the samples that have it anywhere, once each (recursion!)
 *   calls  of a function: the calls values of the samples whose innermost frame it is
 */
#ifndef TALLY_CLI_AGGREGATE_H
#define TALLY_CLI_AGGREGATE_H

#include "view.h"

struct function_sum {
    uint32_t function; /* index into view->functions */
    wide calls, self, cum;
    wide variance;
};

enum sort_key { SORT_SELF, SORT_CUM, SORT_CALLS, SORT_AVERAGE, SORT_NAME };

/* One row for each function that the filters leave; release with free(). */
struct function_sum *aggregate_functions(struct view *view, size_t *n);

/* The standard error whose square the variance is, rounded to the nearest integer. */
wide aggregate_error(wide variance);

/* Largest first (by size, whatever the sign); ties by the other keys, last by name. */
void aggregate_sort(struct function_sum *sums, size_t n, enum sort_key key);

struct line_sum {
    uint32_t function;
    int64_t line;
    wide calls; /* made from this line */
    wide self, cum;
};

/* For functions with chosen[function], what their lines did; by function, then line. */
struct line_sum *aggregate_lines(struct view *view, const bool *chosen, size_t *n);

/* A node of the calling-context tree, top-down; or of the callers' tree, bottom-up. */
struct tree_node {
    uint32_t function;
    uint32_t parent; /* index; the root is node 0 and its own parent */
    int64_t line;    /* of the call in the parent's function, when asked for; else 0 */
    uint32_t depth;  /* root 0 */
    uint32_t first_child, n_children; /* children are neighbours, the largest first */
    wide calls; /* top-down: of this context; bottom-up: of the root of the chain */
    wide self;  /* top-down only */
    wide total;
    wide variance;    /* of self; bottom-up: of total, which is the root's self */
    wide calls_below; /* calls in this context and all below */
};

struct tree {
    struct tree_node *nodes; /* a parent stands before its children; nodes[0] is nobody's */
    size_t n;
};

void tree_build(struct view *view, bool bottom_up, bool by_line, struct tree *tree);
void tree_free(struct tree *tree);

#endif
