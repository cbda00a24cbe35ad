/*
 * pair_alike.c - how alike two functions are, as a score.
 *
 * What tells: who calls them, whom they call, how often, where they stand, how they are spelt. Of
 * callers and callees only those that are paired say anything.
 *
 *   score = sum of weight * agreement / sum of weights, over the parts that are known
 */
#include "pair_neighbours.h"

#include "say.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_SPELT = 64 }; /* of what is different in two names; the rest counts as different */

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
        uint32_t other = neighbour_partner(old, i);
        if (other == PAIR_UNPAIRED)
            continue;
        const struct pair_edge *edge = neighbour_edge(new, other);
        wide before = old->edges[i].calls, after = edge ? edge->calls : 0;
        both += before < after ? before : after;
        either += before < after ? after : before;
        n_both += edge != NULL;
        n_either++;
    }
    for (size_t i = 0; i < new->n; i++) {
        uint32_t other = neighbour_partner(new, i);
        if (other == PAIR_UNPAIRED || neighbour_edge(old, other))
            continue;
        either += new->edges[i].calls;
        n_either++;
    }
    if (either > 0)
        weigh(evidence, weight,
              0.5 * (double)both / (double)either + 0.5 * (double)n_both / (double)n_either);
    return n_both > 0;
}

/* Same file, and the nearer the lines the better. */
static double place_agreement(const struct view_function *a, const struct view_function *b) {
    enum { FAR = 200 };
    if (strcmp(text_base(a->file), text_base(b->file)) != 0)
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
    wide before = neighbours_calls(&old_callers), after = neighbours_calls(&new_callers);
    if (before > 0 && after > 0)
        weigh(&evidence, 20,
              before < after ? (double)before / (double)after : (double)after / (double)before);
    if (*one->file && *other->file)
        weigh(&evidence, 15, place_agreement(one, other));
    weigh(&evidence, 10, spelling_agreement(one->name, other->name));
    return (unsigned)(100 * evidence.agreed / evidence.known + 0.5);
}
