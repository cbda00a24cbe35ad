/*
 * aggregate.h - sums over a view: per function, per line of chosen functions, per call path, and as
 * a tree.
 *
 * Nothing here prints. All sums are exact (format.h: wide).
 *
 *   self   of a function: values of the samples whose innermost frame it is
 *   variance of that self; of cum none is known: times moved between caller and callee cancel there
 *   cum    of a function: values of the samples that have it anywhere, once each (recursion!)
 *   count  of a function: the calls, or objects, of the samples whose innermost frame it is
 */
#ifndef TALLY_CLI_AGGREGATE_H
#define TALLY_CLI_AGGREGATE_H

#include "view.h"

struct function_sum {
    uint32_t function; /* index into view->functions */
    wide count, self, cum;
    wide variance;
};

enum sort_key { SORT_SELF, SORT_CUM, SORT_COUNT, SORT_AVERAGE, SORT_NAME };

/* One row for each function that the filters leave; release with free(). */
struct function_sum *aggregate_functions(struct view *view, size_t *n);

/* The standard error whose square the variance is, rounded to the nearest integer. */
wide aggregate_error(wide variance);

/* What a function's count counts: calls, all that happened in them; objects, what self sums up. */
wide aggregate_averaged(const struct view *view, const struct function_sum *sum);

/* Largest first (by size, whatever the sign); ties by the other keys, last by name. */
void aggregate_sort(const struct view *view, struct function_sum *sums, size_t n,
                    enum sort_key key);

struct line_sum {
    uint32_t function;
    int64_t line;
    wide count; /* of calls made from this line, or of the objects that self sums up */
    wide self, cum;
};

/* For functions with chosen[function], what their lines did; by function, then line. */
struct line_sum *aggregate_lines(struct view *view, const bool *chosen, size_t *n);

struct path_frame {
    uint32_t function;
    int64_t line;           /* the first of several */
    bool has_several_lines; /* calls from several lines of the function are one path here */
};

/* What samples of one site (a line of a function) and path sum up to. */
struct path_sum {
    struct path_frame *frames; /* leaf first */
    size_t n;
    wide value, count;
};

struct paths {
    struct path_sum *sums; /* the largest value first; none is 0 */
    size_t n;
    struct path_frame *frames; /* of all sums */
};

/* `by_line` keeps paths apart that differ in the lines of calls only. */
void aggregate_paths(struct view *view, bool by_line, struct paths *paths);
void paths_free(struct paths *paths);

/* A node of the calling-context tree, top-down; or of the callers' tree, bottom-up. */
struct tree_node {
    uint32_t function;
    uint32_t parent; /* index; the root is node 0 and its own parent */
    int64_t line;    /* of the call in the parent's function, when asked for; else 0 */
    uint32_t depth;  /* root 0 */
    uint32_t first_child, n_children; /* children are neighbours, the largest first */
    wide count; /* top-down: of this context; bottom-up: of the root of the chain */
    wide self;  /* top-down only */
    wide total;
    wide variance;    /* of self; bottom-up: of total, which is the root's self */
    wide count_below; /* the counts of this context and all below */
    wide weight;      /* total with each value's size: what shows where total cancels */
};

struct tree {
    struct tree_node *nodes; /* a parent stands before its children; nodes[0] is nobody's */
    size_t n;
};

void tree_build(struct view *view, bool bottom_up, bool by_line, struct tree *tree);
void tree_free(struct tree *tree);

#endif
