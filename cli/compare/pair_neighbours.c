/*
 * pair_neighbours.c - see pair_neighbours.h. Neighbours are found by halving the edges, which are
 * kept in both orders.
 */
#include "pair_neighbours.h"

#include "say.h"

#include <stdlib.h>
#include <string.h>

static int compare_outward(const void *one, const void *other) {
    const struct pair_edge *a = one, *b = other;
    if (a->caller != b->caller)
        return a->caller < b->caller ? -1 : 1;
    return (a->callee > b->callee) - (a->callee < b->callee);
}

static int compare_inward(const void *one, const void *other) {
    const struct pair_edge *a = one, *b = other;
    if (a->callee != b->callee)
        return a->callee < b->callee ? -1 : 1;
    return (a->caller > b->caller) - (a->caller < b->caller);
}

void pair_order_edges(struct pair_side *side) {
    side->inward = need_array(side->n_edges, sizeof *side->inward);
    if (side->n_edges)
        memcpy(side->inward, side->edges, side->n_edges * sizeof *side->inward);
    qsort(side->edges, side->n_edges, sizeof *side->edges, compare_outward);
    qsort(side->inward, side->n_edges, sizeof *side->inward, compare_inward);
}

uint32_t neighbour(const struct neighbours *all, size_t index) {
    const struct pair_edge *edge = &all->edges[index];
    return all->direction == CALLERS ? edge->caller : edge->callee;
}

struct neighbours neighbours_of(const struct pair_side *side, uint32_t function,
                                enum direction direction) {
    const struct pair_edge *edges = direction == CALLERS ? side->inward : side->edges;
    size_t from = 0, to = side->n_edges;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        uint32_t at = direction == CALLERS ? edges[middle].callee : edges[middle].caller;
        if (at < function)
            from = middle + 1;
        else
            to = middle;
    }
    size_t n = 0;
    while (from + n < side->n_edges &&
           (direction == CALLERS ? edges[from + n].callee : edges[from + n].caller) == function)
        n++;
    return (struct neighbours){side, edges + from, n, direction};
}

uint32_t neighbour_partner(const struct neighbours *all, size_t index) {
    uint32_t function = neighbour(all, index);
    return function == PAIR_UNPAIRED ? PAIR_UNPAIRED : all->side->functions[function].other;
}

const struct pair_edge *neighbour_edge(const struct neighbours *all, uint32_t function) {
    size_t from = 0, to = all->n;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (neighbour(all, middle) < function)
            from = middle + 1;
        else
            to = middle;
    }
    return from < all->n && neighbour(all, from) == function ? &all->edges[from] : NULL;
}

wide neighbours_calls(const struct neighbours *all) {
    wide sum = 0;
    for (size_t i = 0; i < all->n; i++)
        sum += all->edges[i].calls;
    return sum;
}
