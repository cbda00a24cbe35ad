// What was live when most was, to the byte; what lived shortly.
// GROUP heap
// EXPECT peak early 1 500 1500
// EXPECT peak base 1 1000 1000
// EXPECT peak hill 10 10000 10000
// EXPECT peak late 0 0 9000
// EXPECT run heap.peak_bytes 11500
// EXPECT freed temporaries 100 50
// EXPECT freed base 0 0
// EXPECT run heap.blocks_unrecorded 0
#include <stdlib.h>

#define NOINLINE __attribute__((noinline))

static void *volatile kept;

NOINLINE static void *early(size_t size) {
    return kept = malloc(size);
}
NOINLINE static void *base(void) {
    return kept = malloc(1000);
}
NOINLINE static void *hill(void) {
    return kept = malloc(1000);
}
NOINLINE static void *late(void) {
    return kept = malloc(9000);
}
/* The first of two is not temporary: another is allocated before it is freed. */
NOINLINE static void temporaries(void) {
    for (int i = 0; i < 50; i++) {
        kept = malloc(8);
        void *first = kept;
        kept = malloc(8);
        free(kept);
        free(first);
    }
}
int main(void) {
    base();
    void *large = early(1000), *small = early(500);
    free(large);
    void *hills[10];
    for (int i = 0; i < 10; i++)
        hills[i] = hill();
    for (int i = 0; i < 10; i++)
        free(hills[i]);
    void *second = late();
    free(second);
    temporaries();
    (void)small;
    return 0;
}
