// Functions within functions, which see their variables, go where pointers to them go, and leave
// by a jump to their home's label. Only gcc knows them.
// GROUP calls
// MODES hooks
// COMPILERS gcc
// LOSSES exits_unmatched
// EXPECT[named] calls add 100
// EXPECT[named] edge sum_of add 100
// EXPECT[named] declared add nested.c @add
// EXPECT[named] calls by_key stdout:compared
// EXPECT[named] callers by_key sorted
// EXPECT[named] calls found 20
// EXPECT[named] edge each found 20
// EXPECT calls each 10
// EXPECT calls after 10
// EXPECT callers after search
// EXPECT path main;search;after 10
#include <stdio.h>
#include <stdlib.h>

#define NOINLINE __attribute__((noinline))

static unsigned compared;

NOINLINE static int sum_of(int n) {
    int sum = 0;
    void add(int k) { // @add
        sum += k;
    }
    for (int i = 0; i < n; i++)
        add(i);
    return sum;
}

/* A pointer to it is a piece of code on the stack. */
NOINLINE static int sorted(int key) {
    int items[] = {5, 2, 9, 4, 7, 1, 8};
    int by_key(const void *a, const void *b) {
        compared++;
        return (*(const int *)a ^ key) - (*(const int *)b ^ key);
    }
    qsort(items, 7, sizeof *items, by_key);
    return items[0];
}

NOINLINE static void each(int n, void (*function)(int)) {
    for (int i = n; i < n + 100; i++)
        function(i);
}

NOINLINE static int after(int n) {
    return n + 1;
}

NOINLINE static int search(int n) {
    __label__ out;
    volatile int value = 0;
    void found(int k) {
        value = k;
        if (k > n)
            goto out;
    }
    each(n, found);
out:
    return after(value);
}

int main(void) {
    int sum = 0;
    for (int i = 0; i < 10; i++)
        sum += sum_of(10) + sorted(i) + search(i);
    printf("%d\ncompared=%u\n", sum, compared);
    return 0;
}
