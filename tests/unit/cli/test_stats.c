/*
 * test_stats.c - stats.h against values worked out by hand, and from published tables.
 */
#include "stats.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <math.h>
#include <stdint.h>
#include <string.h>

#define N(array) (sizeof(array) / sizeof *(array))

static void check_range(const wide *values, size_t n, wide least, wide median, wide most) {
    struct range range = stats_range(values, n);
    cr_assert(range.least == least && range.median == median && range.most == most);
}

Test(stats, range) {
    check_range((wide[]){7}, 1, 7, 7, 7);
    check_range((wide[]){9, 1, 5}, 3, 1, 5, 9);
    check_range((wide[]){4, 8, 1, 6}, 4, 1, 5, 8);
}

/* Half-way medians go to the even neighbour, so that nothing is biased. */
Test(stats, median_between_two) {
    check_range((wide[]){1, 2}, 2, 1, 2, 2);
    check_range((wide[]){2, 3}, 2, 2, 2, 3);
    check_range((wide[]){-1, -2}, 2, -2, -2, -1);
    check_range((wide[]){-2, -3}, 2, -3, -2, -2);
    check_range((wide[]){-1, 0}, 2, -1, 0, 0);
}

Test(stats, range_beyond_64_bits) {
    wide large = (wide)INT64_MAX * 1000;
    check_range((wide[]){large + 1, large - 1, large}, 3, large - 1, large, large + 1);
}

static double test_of(const char *one, const char *other) {
    wide values[2][64];
    size_t n[2] = {strlen(one), strlen(other)};
    for (size_t i = 0; i < n[0]; i++)
        values[0][i] = one[i];
    for (size_t i = 0; i < n[1]; i++)
        values[1][i] = other[i];
    return stats_mann_whitney(values[0], n[0], values[1], n[1]);
}

static bool near(double value, double expected) {
    return fabs(value - expected) < 1e-9;
}

/* Of n and m values apart, 2 of all (n + m choose n) orders are as extreme. */
Test(stats, values_apart) {
    cr_assert(near(test_of("abc", "xyz"), 2.0 / 20));
    cr_assert(near(test_of("xyz", "abc"), 2.0 / 20));
    cr_assert(near(test_of("abcd", "wxyz"), 2.0 / 70));
    cr_assert(near(test_of("abcdef", "uvwxyz"), 2.0 / 924));
    cr_assert(near(test_of("a", "z"), 1));
}

/* U = 1 of 3 and 4: orders with U <= 1 are 2 of 35. */
Test(stats, one_value_out_of_order) {
    cr_assert(near(test_of("abd", "cefg"), 2 * 2.0 / 35));
}

Test(stats, equal_values) {
    cr_assert(near(test_of("aaaa", "aaaa"), 1));
    cr_assert(near(test_of("abcd", "abcd"), 1));
    /* Ranks 2, 2, 2 and 4, 5, 6 by hand: sums of three of {2, 2, 2, 4, 5, 6}; 6 is one of 20. */
    cr_assert(near(test_of("aaa", "bcd"), 2.0 / 20));
    /* Of {1.5, 1.5, 3.5, 3.5}: sums of two at most 3 are 1 of 6. */
    cr_assert(near(test_of("aa", "bb"), 2.0 / 6));
}

/* Either way of computing it gives nearly the same where they meet. */
Test(stats, many_values) {
    wide values[2][64];
    for (int i = 0; i < 64; i++) {
        values[0][i] = i * 7 % 64;
        values[1][i] = i * 7 % 64 + 12;
    }
    double exact = stats_mann_whitney(values[0], 20, values[1], 20);
    double approximate = stats_mann_whitney(values[0], 20, values[1], 21);
    cr_assert(fabs(exact - approximate) < 0.05);
    cr_assert(stats_mann_whitney(values[0], 64, values[1], 64) < 0.01);
    cr_assert(stats_mann_whitney(values[0], 64, values[0], 64) > 0.99);
}

/* 2 / 70 is below 0.05, 2 / 35 and 2 / 20 are not. */
Test(stats, how_many_runs_can_tell) {
    cr_assert(stats_can_tell(4, 4));
    cr_assert(stats_can_tell(3, 5));
    cr_assert(not(stats_can_tell(3, 4)));
    cr_assert(not(stats_can_tell(3, 3)));
    cr_assert(not(stats_can_tell(1, 38)));
    cr_assert(stats_can_tell(1, 39));
    cr_assert(stats_can_tell(1000000, 1000000));
}
