/*
 * pair_similar.c - functions that may be one under another name.
 *
 * Candidates are what the two versions of a paired function call, or are called by, and are scored
 * by pair_alike.c, for which each round of pairs tells more: the rounds end when nothing is added.
 *
 * A pair needs a score of at least SCORE_LEAST, and that no other possible partner of either comes
 * within SCORE_MARGIN: what cannot be told apart is left as vanished and added.
 */
#include "pair_neighbours.h"

#include "say.h"

#include <stdlib.h>

enum {
    SCORE_LEAST = 60,
    SCORE_MARGIN = 5,
    MOST_ROUNDS = 10,
    MOST_AROUND = 100000, /* candidates for having one neighbour: more are not told apart by it */
    MOST_CANDIDATES = 1000000, /* in all; beyond that the builds have little in common */
};

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
