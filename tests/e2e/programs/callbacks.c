// Code that is not instrumented calls back: many times, from two places, and nested.
// GROUP calls
// FLAGS -D__NO_INLINE__
// EXPECT calls compare stdout:compared
// EXPECT calls inner_compare stdout:inner
// EXPECT calls search 100
// EXPECT callers compare sort_all search nested
// EXPECT edge sort_all compare stdout:in_sort
// EXPECT edge search compare stdout:in_search
// EXPECT callers inner_compare compare_by_sorting
// EXPECT calls compare_by_sorting stdout:outer
// EXPECT path main;after 2
// EXPECT[plugin] line sort_all compare @sorts
#include <stdio.h>
#include <stdlib.h>

static unsigned compared, inner, outer, in_sort, in_search;
static int items[500];

static int compare(const void *a, const void *b) {
    compared++;
    return (*(const int *)a > *(const int *)b) - (*(const int *)a < *(const int *)b);
}

static int inner_compare(const void *a, const void *b) {
    inner++;
    return *(const int *)b - *(const int *)a;
}

/* A comparator that itself sorts. */
static int compare_by_sorting(const void *a, const void *b) {
    int pair[3] = {*(const int *)a, *(const int *)b, 7};
    outer++;
    qsort(pair, 3, sizeof *pair, inner_compare);
    return (*(const int *)a > *(const int *)b) - (*(const int *)a < *(const int *)b) + pair[0] * 0;
}

__attribute__((noinline)) static void sort_all(void) {
    unsigned before = compared;
    qsort(items, 500, sizeof *items, compare); // @sorts
    in_sort += compared - before;
}

__attribute__((noinline)) static int search(int key) {
    unsigned before = compared;
    const int *found = bsearch(&key, items, 500, sizeof *items, compare);
    in_search += compared - before;
    return found ? *found : -1;
}

__attribute__((noinline)) static int nested(void) {
    int some[] = {5, 3, 9, 1, 4, 8};
    qsort(some, 6, sizeof *some, compare_by_sorting);
    qsort(some, 6, sizeof *some, compare);
    return some[0];
}

__attribute__((noinline)) static void after(void) {
    puts("after");
}

int main(void) {
    unsigned seed = 1;
    for (int i = 0; i < 500; i++)
        items[i] = (int)((seed = seed * 1103515245 + 12345) >> 16);
    sort_all();
    after();
    int sum = 0;
    for (int i = 0; i < 100; i++)
        sum += search(items[i * 5]) == items[i * 5];
    printf("%d %d\n", sum, nested());
    after();
    printf("compared=%u\ninner=%u\nouter=%u\nin_sort=%u\nin_search=%u\n", compared, inner, outer,
           in_sort, in_search);
    return 0;
}
