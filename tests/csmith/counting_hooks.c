// Counts calls by -finstrument-functions with nothing of Tally's, for Tally's counts to be compared
// with: one number for each pair of caller and callee. When the program ends, each pair becomes a
// line "caller callee calls" of counted.txt, addresses in hexadecimal, 0 for no known caller.
//
// For programs of one thread that leave each function by returning from it.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { PAIRS = 1 << 16, DEPTH = 1 << 16 };

struct pair {
    void *caller, *callee;
    uint64_t calls;
};

static struct pair pairs[PAIRS];
static void *open_calls[DEPTH]; // [0] is nobody
static unsigned depth;

static void require(int truth, const char *what) {
    if (truth)
        return;
    fprintf(stderr, "counting_hooks: %s\n", what);
    abort();
}

static struct pair *find(void *caller, void *callee) {
    uintptr_t hash = ((uintptr_t)caller * 31 + (uintptr_t)callee) * UINT64_C(0x9e3779b97f4a7c15);
    for (unsigned tried = 0; tried < PAIRS; tried++) {
        struct pair *pair = &pairs[((hash >> 40) + tried) % PAIRS];
        if (!pair->callee)
            *pair = (struct pair){caller, callee, 0};
        if (pair->caller == caller && pair->callee == callee)
            return pair;
    }
    require(0, "more pairs of functions than there is room for");
    return NULL;
}

void __cyg_profile_func_enter(void *function, void *call_site) {
    (void)call_site;
    find(open_calls[depth], function)->calls++;
    require(++depth < DEPTH, "calls nest deeper than there is room for");
    open_calls[depth] = function;
}

void __cyg_profile_func_exit(void *function, void *call_site) {
    (void)call_site;
    require(open_calls[depth] == function, "a function ends that is not the innermost");
    depth--;
}

__attribute__((destructor)) static void write_counts(void) {
    FILE *file = fopen("counted.txt", "w");
    require(file != NULL, "counted.txt cannot be written");
    for (struct pair *pair = pairs; pair < pairs + PAIRS; pair++) {
        if (pair->callee)
            fprintf(file, "%jx %jx %ju\n", (uintmax_t)(uintptr_t)pair->caller,
                    (uintmax_t)(uintptr_t)pair->callee, (uintmax_t)pair->calls);
    }
    require(fclose(file) == 0, "counted.txt cannot be written");
}
