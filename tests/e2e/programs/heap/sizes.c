// How large objects are, by powers of two.
// GROUP heap
// EXPECT sizes of_sizes 0=1 1=1 2=1 4=2 8=4 16=1 4096=1 8192=1 1048576=2
// EXPECT heap of_sizes 14 1581103 0 0
// EXPECT sizes of_one_size 32=7
// EXPECT peak of_sizes 1 1048576 >=1048576
// EXPECT peak of_one_size 0 0 210
#include <stdlib.h>

#define NOINLINE __attribute__((noinline))

static void *volatile kept;

NOINLINE static void of_sizes(void) {
    static const size_t sizes[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 4096, 4097};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        kept = malloc(sizes[i]);
        free(kept);
    }
    for (size_t size = (1 << 19) + 1; size <= 1 << 20; size += (1 << 19) - 1) {
        kept = malloc(size);
        free(kept);
    }
}

NOINLINE static void of_one_size(void) {
    kept = malloc(30);
}

int main(void) {
    of_sizes();
    for (int i = 0; i < 7; i++)
        of_one_size();
    return 0;
}
