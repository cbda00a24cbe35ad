/*
 * pair_similar.c - functions that may be one under another name.
 *
 * What tells: who calls them, whom they call, how often, where they stand, how they are spelt. Of
 * callers and callees only those that are paired say anything, so that each round of pairs lets the
 * next see more; the rounds end when nothing is added.
 *
 *   score = sum of weight * agreement / sum of weights, over the parts that are known
 *
 * A pair needs a score of at least SCORE_LEAST, and that no other possible partner of either comes
 * within SCORE_MARGIN: what cannot be told apart is left as vanished and added.
 */
#include "pair.h"

#include "say.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

enum {
    SCORE_LEAST = 60,
    SCORE_MARGIN = 5,
    MOST_ROUNDS = 10,
    MOST_CANDIDATES = 1000000, /* of a round; beyond that the builds have little in common */
    MOST_SPELT = 200,          /* of longer names the beginning is compared */
};

/* ---- neighbours ---- */

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

enum direction { CALLERS, CALLEES };

/* The edges to callers, or callees, of one function: neighbours in the order of one direction. */
struct neighbours {
    const struct pair_side *side;
    const struct pair_edge *edges;
    size_t n;
    enum direction direction;
};

static uint32_t neighbour(const struct neighbours *all, size_t index) {
    const struct pair_edge *edge = &all->edges[index];
    return all->direction == CALLERS ? edge->caller : edge->callee;
}

static struct neighbours neighbours_of(const struct pair_side *side, uint32_t function,
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

/* The partner of a neighbour, or PAIR_UNPAIRED. */
static uint32_t partner(const struct neighbours *all, size_t index) {
    uint32_t function = neighbour(all, index);
    return function == PAIR_UNPAIRED ? PAIR_UNPAIRED : all->side->functions[function].other;
}

/* Calls from, or to, a function; 0 where there is none. */
static wide calls_with(const struct neighbours *all, uint32_t function) {
    size_t from = 0, to = all->n;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (neighbour(all, middle) < function)
            from = middle + 1;
        else
            to = middle;
    }
    return from < all->n && neighbour(all, from) == function ? all->edges[from].calls : 0;
}

/* ---- how alike ---- */

struct evidence {
    double agreed, known; /* sums of weights */
};

static void weigh(struct evidence *evidence, double weight, double agreement) {
    evidence->agreed += weight * agreement;
    evidence->known += weight;
}

/* What both have over what either has (Jaccard's index), of paired neighbours: half of it by who
 * they are, half by how often they call. */
static bool weigh_neighbours(struct evidence *evidence, double weight, const struct neighbours *old,
                             const struct neighbours *new) {
    wide both = 0, either = 0;
    size_t n_both = 0, n_either = 0;
    for (size_t i = 0; i < old->n; i++) {
        uint32_t other = partner(old, i);
        if (other == PAIR_UNPAIRED)
            continue;
        wide before = old->edges[i].calls, after = calls_with(new, other);
        both += before < after ? before : after;
        either += before < after ? after : before;
        n_both += after != 0;
        n_either++;
    }
    for (size_t i = 0; i < new->n; i++) {
        uint32_t other = partner(new, i);
        if (other == PAIR_UNPAIRED || calls_with(old, other) != 0)
            continue;
        either += new->edges[i].calls;
        n_either++;
    }
    if (either > 0)
        weigh(evidence, weight,
              0.5 * (double)both / (double)either + 0.5 * (double)n_both / (double)n_either);
    return n_both > 0;
}

static wide sum_of(const struct neighbours *all) {
    wide sum = 0;
    for (size_t i = 0; i < all->n; i++)
        sum += all->edges[i].calls;
    return sum;
}

static const char *base_of(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* Same file, and the nearer the lines the better. */
static double place_agreement(const struct view_function *a, const struct view_function *b) {
    enum { FAR = 200 };
    if (strcmp(base_of(a->file), base_of(b->file)) != 0)
        return 0;
    int64_t one = a->start_line, other = b->start_line;
    uint64_t distance =
        one > other ? (uint64_t)one - (uint64_t)other : (uint64_t)other - (uint64_t)one;
    return distance < FAR ? 1 - 0.5 * (double)distance / FAR : 0.5;
}

static double spelling_agreement(const char *a, const char *b) {
    char *one = need_print("%.*s", MOST_SPELT, a), *other = need_print("%.*s", MOST_SPELT, b);
    size_t n = strlen(one), m = strlen(other), longer = n > m ? n : m;
    double agreement = longer ? 1 - (double)text_distance(one, other) / (double)longer : 0;
    free(one);
    free(other);
    return agreement;
}

unsigned pair_similarity(const struct pair_side *old, uint32_t a, const struct pair_side *new,
                         uint32_t b) {
    struct evidence evidence = {0};
    const struct view_function *one = old->functions[a].function;
    const struct view_function *other = new->functions[b].function;
    struct neighbours old_callers = neighbours_of(old, a, CALLERS);
    struct neighbours new_callers = neighbours_of(new, b, CALLERS);
    struct neighbours old_callees = neighbours_of(old, a, CALLEES);
    struct neighbours new_callees = neighbours_of(new, b, CALLEES);
    bool has_common = weigh_neighbours(&evidence, 30, &old_callers, &new_callers);
    has_common = weigh_neighbours(&evidence, 25, &old_callees, &new_callees) || has_common;
    if (!has_common)
        return 0;
    wide before = sum_of(&old_callers), after = sum_of(&new_callers);
    if (before > 0 && after > 0)
        weigh(&evidence, 20,
              before < after ? (double)before / (double)after : (double)after / (double)before);
    if (*one->file && *other->file)
        weigh(&evidence, 15, place_agreement(one, other));
    weigh(&evidence, 10, spelling_agreement(one->name, other->name));
    return (unsigned)(100 * evidence.agreed / evidence.known + 0.5);
}

/* ---- pairs ---- */

struct candidate {
    uint32_t a, b;
    unsigned score;
};

struct candidates {
    struct candidate *all;
    size_t n, capacity, n_tried;
    uint32_t *tried_for; /* by new function: the old one + 1 it was last tried for */
};

static bool is_free(const struct pair_side *side, uint32_t function) {
    return function != PAIR_UNPAIRED && side->functions[function].other == PAIR_UNPAIRED;
}

static void try_pair(struct candidates *candidates, const struct pair_side *old, uint32_t a,
                     const struct pair_side *new, uint32_t b) {
    if (!is_free(new, b) || candidates->tried_for[b] == a + 1 ||
        candidates->n_tried >= MOST_CANDIDATES)
        return;
    candidates->tried_for[b] = a + 1;
    candidates->n_tried++;
    unsigned score = pair_similarity(old, a, new, b);
    /* Those just below count as doubt. */
    if (score + SCORE_MARGIN < SCORE_LEAST)
        return;
    candidates->all =
        need_room(candidates->all, &candidates->capacity, candidates->n, sizeof *candidates->all);
    candidates->all[candidates->n++] = (struct candidate){a, b, score};
}

/* Tries what is called by the partners of a's callers, or calls those of its callees. */
static void try_along(struct candidates *candidates, const struct pair_side *old, uint32_t a,
                      const struct pair_side *new, enum direction direction) {
    struct neighbours around = neighbours_of(old, a, direction);
    for (size_t i = 0; i < around.n; i++) {
        uint32_t other = partner(&around, i);
        if (other == PAIR_UNPAIRED)
            continue;
        struct neighbours back =
            neighbours_of(new, other, direction == CALLERS ? CALLEES : CALLERS);
        for (size_t j = 0; j < back.n; j++)
            try_pair(candidates, old, a, new, neighbour(&back, j));
    }
}

static int compare_candidates(const void *one, const void *other) {
    const struct candidate *x = one, *y = other;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

/* Whether another that is still free comes close to this one, which none is better than. */
static bool is_doubtful(const struct candidates *candidates, const struct candidate *pair,
                        const struct pair_side *old, const struct pair_side *new) {
    for (size_t i = 0; i < candidates->n; i++) {
        const struct candidate *rival = &candidates->all[i];
        if (rival->score + SCORE_MARGIN <= pair->score)
            break;
        if (rival != pair && (rival->a == pair->a || rival->b == pair->b) &&
            is_free(old, rival->a) && is_free(new, rival->b))
            return true;
    }
    return false;
}

static bool accept(const struct candidates *candidates, struct pair_side *old,
                   struct pair_side *new) {
    bool found = false;
    for (size_t i = 0; i < candidates->n && candidates->all[i].score >= SCORE_LEAST; i++) {
        const struct candidate *pair = &candidates->all[i];
        struct pair_function *one = &old->functions[pair->a], *other = &new->functions[pair->b];
        if (one->other != PAIR_UNPAIRED || other->other != PAIR_UNPAIRED ||
            is_doubtful(candidates, pair, old, new))
            continue;
        one->other = pair->b;
        other->other = pair->a;
        one->rule = other->rule = PAIR_SIMILAR;
        one->score = other->score = pair->score;
        found = true;
    }
    return found;
}

static bool pair_round(struct pair_side *old, struct pair_side *new) {
    struct candidates candidates = {
        .tried_for = need_array(new->n, sizeof *candidates.tried_for),
    };
    for (uint32_t a = 0; a < old->n; a++)
        if (is_free(old, a)) {
            try_along(&candidates, old, a, new, CALLERS);
            try_along(&candidates, old, a, new, CALLEES);
        }
    if (candidates.n)
        qsort(candidates.all, candidates.n, sizeof *candidates.all, compare_candidates);
    bool found = accept(&candidates, old, new);
    free(candidates.all);
    free(candidates.tried_for);
    return found;
}

void pair_by_similarity(struct pair_side *old, struct pair_side *new) {
    for (int i = 0; i < MOST_ROUNDS && pair_round(old, new); i++)
        ;
}
