/*
 * stats.c - see stats.h.
 *
 * The exact distribution of the rank sum is counted: of all ways to choose n of the n + m values,
 * how many have which sum of ranks. Values that are equal share the mean of their ranks; ranks are
 * doubled to stay integers. (Mann and Whitney 1947; with ties: the permutation distribution, as in
 * Hollander and Wolfe, Nonparametric Statistical Methods.)
 */
#include "stats.h"

#include "say.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_EXACT = 40 };

static int compare_values(const void *one, const void *other) {
    wide a = *(const wide *)one, b = *(const wide *)other;
    return (a > b) - (a < b);
}

struct range stats_range(const wide *values, size_t n) {
    wide *sorted = need_array(n, sizeof *sorted);
    memcpy(sorted, values, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, compare_values);
    wide low = sorted[(n - 1) / 2], high = sorted[n / 2], sum = low + high;
    bool is_between = sum % 2 != 0;
    wide median = sum / 2;
    if (is_between && median % 2 != 0)
        median += sum < 0 ? -1 : 1;
    struct range range = {sorted[0], median, sorted[n - 1]};
    free(sorted);
    return range;
}

/* ---- ranks ---- */

struct ranked {
    wide value;
    bool is_first; /* of the first sample */
    size_t rank;   /* doubled, from 2 */
};

static int compare_ranked(const void *one, const void *other) {
    const struct ranked *a = one, *b = other;
    return (a->value > b->value) - (a->value < b->value);
}

/* Returns the sum of t^3 - t over groups of t equal values. */
static double rank(struct ranked *all, size_t n) {
    double ties = 0;
    qsort(all, n, sizeof *all, compare_ranked);
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from; to < n && all[to].value == all[from].value; to++)
            ;
        for (size_t i = from; i < to; i++)
            all[i].rank = from + to + 1;
        double t = (double)(to - from);
        ties += t * t * t - t;
    }
    return ties;
}

/* ---- tests ---- */

/* ways[k][s]: of how many choices of k values the doubled ranks add up to s. */
static double exact(const struct ranked *all, size_t n_all, size_t n, size_t sum) {
    size_t width = n_all * (n_all + 1) + 1;
    double *ways = need_array((n + 1) * width, sizeof *ways);
    ways[0] = 1;
    for (size_t i = 0; i < n_all; i++)
        for (size_t k = i < n ? i + 1 : n; k > 0; k--)
            for (size_t s = width; s-- > all[i].rank;)
                ways[k * width + s] += ways[(k - 1) * width + s - all[i].rank];
    double total = 0, low = 0, high = 0;
    for (size_t s = 0; s < width; s++) {
        double count = ways[n * width + s];
        total += count;
        low += s <= sum ? count : 0;
        high += s >= sum ? count : 0;
    }
    free(ways);
    double p = 2 * (low < high ? low : high) / total;
    return p < 1 ? p : 1;
}

/* With the correction for ties and for continuity. */
static double approximate(size_t n, size_t m, size_t sum, double ties) {
    double first = (double)n, second = (double)m, all = first + second;
    double mean = first * (all + 1) / 2;
    double variance = first * second / 12 * (all + 1 - ties / (all * (all - 1)));
    if (variance <= 0)
        return 1;
    double distance = fabs((double)sum / 2 - mean) - 0.5;
    return distance <= 0 ? 1 : erfc(distance / sqrt(2 * variance));
}

double stats_mann_whitney(const wide *one, size_t n, const wide *other, size_t m) {
    struct ranked *all = need_array(n + m, sizeof *all);
    size_t sum = 0;
    for (size_t i = 0; i < n + m; i++)
        all[i] = (struct ranked){i < n ? one[i] : other[i - n], i < n, 0};
    double ties = rank(all, n + m);
    for (size_t i = 0; i < n + m; i++)
        sum += all[i].is_first ? all[i].rank : 0;
    double p = n + m <= MOST_EXACT ? exact(all, n + m, n, sum) : approximate(n, m, sum, ties);
    free(all);
    return p;
}

/* Two of the n + m over n ways to rank them are as far apart as can be. */
bool stats_can_tell(size_t n, size_t m) {
    double ways = 1;
    for (size_t i = 1; i <= n && ways < 1000; i++)
        ways *= (double)(m + i) / (double)i;
    return 2 / ways <= STATS_NOISE;
}
