/*
 * pair_neighbours.h - the callers and callees of a function, for the rules that look at them.
 */
#ifndef TALLY_CLI_PAIR_NEIGHBOURS_H
#define TALLY_CLI_PAIR_NEIGHBOURS_H

#include "pair.h"

enum direction { CALLERS, CALLEES };

/* The edges to callers, or callees, of one function: in the order of these neighbours. */
struct neighbours {
    const struct pair_side *side;
    const struct pair_edge *edges;
    size_t n;
    enum direction direction;
};

struct neighbours neighbours_of(const struct pair_side *side, uint32_t function,
                                enum direction direction);

/* One of them, and its partner; or PAIR_UNPAIRED. */
uint32_t neighbour(const struct neighbours *all, size_t index);
uint32_t neighbour_partner(const struct neighbours *all, size_t index);

/* The edge from, or to, a function; or null. It may be of no calls, in the middle of paths. */
const struct pair_edge *neighbour_edge(const struct neighbours *all, uint32_t function);

wide neighbours_calls(const struct neighbours *all);

#endif
