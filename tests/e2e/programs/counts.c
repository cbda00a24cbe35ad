/*
 * Asks what it has called and allocated, before and after work that is known. For test_counts.py.
 * Prints of each piece of work what it took; then, of all until then, what it is told and what a
 * profile written now will have: nothing is called or allocated between.
 */
#include "tally/tally.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOINLINE __attribute__((noinline))

NOINLINE static int leaf(int n) {
    return n + 1;
}
static inline int inlined(int n) {
    return n * 3;
}

/* 1 + 2 * 1000 calls. */
NOINLINE static int calls_only(int n) {
    for (int i = 0; i < 1000; i++)
        n = inlined(leaf(n) & 0xFF);
    return n;
}

/* 1 + 3 calls, of which three are in a row with nothing between them. */
NOINLINE static int inlines_only(int n) {
    return inlined(inlined(inlined(n) + 1) + 1);
}

/* A call, and 10 objects of 1 to 10 bytes. */
NOINLINE static int allocates(int n) {
    for (size_t size = 1; size <= 10; size++) {
        char *volatile block = malloc(size); /* volatile, or it may be left out */
        memset(block, n, size);
        n += *block;
        free(block);
    }
    return n;
}

static void *other_thread(void *argument) {
    calls_only(1);
    return allocates(1) ? argument : NULL;
}

/* 2 + 2001 + 1 calls; 10 objects, and what pthread_create allocates the first time. */
NOINLINE static int in_a_thread(int n) {
    pthread_t thread;
    pthread_create(&thread, NULL, other_thread, NULL);
    pthread_join(thread, NULL);
    return n;
}

struct counts {
    uint64_t calls, objects, bytes;
    int status; /* of asking for the latter two */
};

TALLY_SKIP NOINLINE static struct counts counts(void) {
    struct counts counts = {0};
    if (tally_count_calls(&counts.calls) != 0)
        abort();
    counts.status = tally_count_allocated(&counts.objects, &counts.bytes);
    return counts;
}

TALLY_SKIP NOINLINE static void tell(const char *what, struct counts from, struct counts to) {
    printf("%s %" PRIu64 " %" PRIu64 " %" PRIu64 " %d\n", what, to.calls - from.calls,
           to.objects - from.objects, to.bytes - from.bytes, to.status);
}

int main(void) {
    static char buffer[BUFSIZ];
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    struct counts before = counts(), after = counts();
    tell("nothing", before, after);
    int sum = 0;

    before = counts();
    sum += calls_only(1);
    after = counts();
    tell("calls_only", before, after);

    before = counts();
    sum += inlines_only(1);
    after = counts();
    tell("inlines_only", before, after);

    before = counts();
    sum += inlined(1); /* into main */
    after = counts();
    tell("inlined", before, after);

    before = counts();
    sum += allocates(1);
    after = counts();
    tell("allocates", before, after);

    sum += in_a_thread(1); /* libc allocates for the first one */
    before = counts();
    sum += in_a_thread(1);
    after = counts();
    tell("in_a_thread", before, after);

    tell("all", (struct counts){0}, counts());
    tally_write("now.tally");
    return fflush(stdout) || sum == 0;
}
