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
    MOST_AROUND = 100000, /* candidates for having one neighbour: more are not told apart by it */
    MOST_CANDIDATES = 1000000, /* in all; beyond that the builds have little in common */
    MOST_SPELT = 64,           /* of what is different in two names; the rest counts as different */
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

/* The edge from, or to, a function; or null. It may be of no calls, in the middle of paths. */
static const struct pair_edge *edge_with(const struct neighbours *all, uint32_t function) {
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
        const struct pair_edge *edge = edge_with(new, other);
        wide before = old->edges[i].calls, after = edge ? edge->calls : 0;
        both += before < after ? before : after;
        either += before < after ? after : before;
        n_both += edge != NULL;
        n_either++;
    }
    for (size_t i = 0; i < new->n; i++) {
        uint32_t other = partner(new, i);
        if (other == PAIR_UNPAIRED || edge_with(old, other))
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

/* What is equal at both ends need not be aligned, and is most of two long names. */
static double spelling_agreement(const char *a, const char *b) {
    size_t n = strlen(a), m = strlen(b), longer = n > m ? n : m;
    for (; n && m && *a == *b; n--, m--) {
        a++;
        b++;
    }
    while (n && m && a[n - 1] == b[m - 1]) {
        n--;
        m--;
    }
    size_t rest = n > m ? n : m, spelt = rest < MOST_SPELT ? rest : MOST_SPELT;
    char *one = need_print("%.*s", (int)(n < spelt ? n : spelt), a);
    char *other = need_print("%.*s", (int)(m < spelt ? m : spelt), b);
    size_t distance = text_distance(one, other) + rest - spelt;
    free(one);
    free(other);
    return longer ? 1 - (double)distance / (double)longer : 0;
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

/* ---- candidates ---- */

enum { NO_CANDIDATE = 0 }; /* the first one has the number 1 */

struct candidate {
    uint32_t of[N_SIDES];
    unsigned score;
    uint32_t next[N_SIDES]; /* number of the next lower one of the same function, by side */
};

struct round {
    struct pair_side *sides[N_SIDES];
    struct candidate *all; /* the highest score first */
    size_t n, capacity;
    size_t *n_left;               /* how many more may be tried, in this round and later ones */
    uint32_t *first[N_SIDES];     /* by function: number of its highest candidate */
    uint32_t *free_ones[N_SIDES]; /* scratch of add_around */
};

static bool is_free(const struct round *round, enum side side, uint32_t function) {
    return round->sides[side]->functions[function].other == PAIR_UNPAIRED;
}

/* Lists the callers, or callees, of a function that are not paired. */
static size_t list_free(struct round *round, enum side side, uint32_t function,
                        enum direction direction) {
    struct neighbours around = neighbours_of(round->sides[side], function, direction);
    size_t n = 0;
    for (size_t i = 0; i < around.n; i++) {
        uint32_t other = neighbour(&around, i);
        if (other != PAIR_UNPAIRED && is_free(round, side, other))
            round->free_ones[side][n++] = other;
    }
    return n;
}

/* What either version of a paired function calls, or is called by, may be one. */
static void add_around(struct round *round, uint32_t old, enum direction direction) {
    uint32_t new = round->sides[SIDE_OLD]->functions[old].other;
    size_t n = list_free(round, SIDE_OLD, old, direction);
    size_t m = n ? list_free(round, SIDE_NEW, new, direction) : 0;
    if (n * m > MOST_AROUND || *round->n_left == 0)
        return;
    *round->n_left -= n * m < *round->n_left ? n * m : *round->n_left;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < m; j++) {
            round->all = need_room(round->all, &round->capacity, round->n, sizeof *round->all);
            round->all[round->n++] = (struct candidate){
                .of = {round->free_ones[SIDE_OLD][i], round->free_ones[SIDE_NEW][j]}};
        }
}

/* The higher score first; those of equal scores, and before there are any, by function. */
static int compare_candidates(const void *one, const void *other) {
    const struct candidate *x = one, *y = other;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    if (x->of[SIDE_OLD] != y->of[SIDE_OLD])
        return x->of[SIDE_OLD] < y->of[SIDE_OLD] ? -1 : 1;
    return (x->of[SIDE_NEW] > y->of[SIDE_NEW]) - (x->of[SIDE_NEW] < y->of[SIDE_NEW]);
}

static void sort_candidates(struct round *round) {
    if (round->n)
        qsort(round->all, round->n, sizeof *round->all, compare_candidates);
}

/* Keeps each candidate once, with its score, and those alone that are pairs or make them doubtful.
 */
static void score_candidates(struct round *round) {
    struct candidate last = {.of = {PAIR_UNPAIRED, PAIR_UNPAIRED}};
    size_t n = 0;
    sort_candidates(round);
    for (size_t i = 0; i < round->n; i++) {
        struct candidate at = round->all[i];
        if (compare_candidates(&last, &at) == 0)
            continue;
        last = at;
        at.score = pair_similarity(round->sides[SIDE_OLD], at.of[SIDE_OLD], round->sides[SIDE_NEW],
                                   at.of[SIDE_NEW]);
        if (at.score + SCORE_MARGIN > SCORE_LEAST)
            round->all[n++] = at;
    }
    round->n = n;
    sort_candidates(round);
    for (size_t i = n; i > 0; i--)
        for (int side = 0; side < N_SIDES; side++) {
            struct candidate *at = &round->all[i - 1];
            uint32_t *first = &round->first[side][at->of[side]];
            at->next[side] = *first;
            *first = (uint32_t)i;
        }
}

/* ---- pairs ---- */

/* Whether another that is still free comes close to this one, which none is better than. */
static bool is_doubtful(const struct round *round, const struct candidate *pair) {
    for (int side = 0; side < N_SIDES; side++)
        for (uint32_t i = round->first[side][pair->of[side]]; i != NO_CANDIDATE;) {
            const struct candidate *rival = &round->all[i - 1];
            if (rival->score + SCORE_MARGIN <= pair->score)
                break;
            if (rival != pair && is_free(round, SIDE_OLD, rival->of[SIDE_OLD]) &&
                is_free(round, SIDE_NEW, rival->of[SIDE_NEW]))
                return true;
            i = rival->next[side];
        }
    return false;
}

static bool accept(const struct round *round) {
    bool found = false;
    for (size_t i = 0; i < round->n && round->all[i].score >= SCORE_LEAST; i++) {
        const struct candidate *pair = &round->all[i];
        if (!is_free(round, SIDE_OLD, pair->of[SIDE_OLD]) ||
            !is_free(round, SIDE_NEW, pair->of[SIDE_NEW]) || is_doubtful(round, pair))
            continue;
        for (int side = 0; side < N_SIDES; side++) {
            struct pair_function *function = &round->sides[side]->functions[pair->of[side]];
            function->other = pair->of[1 - side];
            function->rule = PAIR_SIMILAR;
            function->score = pair->score;
        }
        found = true;
    }
    return found;
}

static bool pair_round(struct pair_side *old, struct pair_side *new, size_t *n_left) {
    struct round round = {.sides = {old, new}, .n_left = n_left};
    for (int side = 0; side < N_SIDES; side++) {
        round.first[side] = need_array(round.sides[side]->n, sizeof **round.first);
        round.free_ones[side] = need_array(round.sides[side]->n, sizeof **round.free_ones);
    }
    for (uint32_t a = 0; a < old->n; a++)
        if (!is_free(&round, SIDE_OLD, a)) {
            add_around(&round, a, CALLERS);
            add_around(&round, a, CALLEES);
        }
    /* Where some were not tried, what looks sure may not be. */
    bool found = false;
    if (*n_left > 0) {
        score_candidates(&round);
        found = accept(&round);
    }
    for (int side = 0; side < N_SIDES; side++) {
        free(round.first[side]);
        free(round.free_ones[side]);
    }
    free(round.all);
    return found;
}

void pair_by_similarity(struct pair_side *old, struct pair_side *new) {
    size_t n_left = MOST_CANDIDATES;
    for (int i = 0; i < MOST_ROUNDS && pair_round(old, new, &n_left); i++)
        ;
}
