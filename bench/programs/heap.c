/*
 * heap.c - what it costs to look on while a program allocates (see batches.h).
 *
 *   heap pair BATCHES PAIRS     malloc and free of 64 bytes
 *   heap live BATCHES STEPS     a million live blocks; a step frees one of them, and makes another
 *   heap grow BLOCKS            allocates so many and keeps them; prints
 *
 *       bytes asked for <space> bytes resident more than before <space> ns of the longest malloc
 *
 * Blocks have 16 bytes to 4 KiB: half of them at most 16, a quarter at most 32, and so on.
 */
#include "allocate.h"
#include "resident.h"

enum { LIVE_BLOCKS = 1000000, SIZE_CLASSES = 9, SMALLEST_BYTES = 16 };

/* xorshift64: the same sequence in each run. */
static uint64_t state = 0x9E3779B97F4A7C15u;

static inline uint64_t next_random(void) {
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}

/* More than half of the class's size, at most all of it. */
static inline size_t random_size(uint64_t random) {
    int class = __builtin_ctzl(random | 1u << (SIZE_CLASSES - 1));
    size_t largest = (size_t)SMALLEST_BYTES << class;
    return largest - (random >> 32 & (largest / 2 - 1));
}

static inline void *allocate(void) {
    void *block = malloc(random_size(next_random()));
    OPAQUE(block);
    return block;
}

static KEPT long run_live(long steps) {
    static void *live[LIVE_BLOCKS];
    for (int i = 0; i < LIVE_BLOCKS && !live[i]; i++)
        live[i] = allocate();
    for (long i = 0; i < steps; i++) {
        void **one = &live[(next_random() >> 32) * LIVE_BLOCKS >> 32];
        free(*one);
        *one = allocate();
    }
    return steps;
}

static KEPT int grow(long blocks) {
    double longest_ns = 0;
    size_t asked_bytes = 0;
    memory_now();
    struct memory before = memory_now();
    for (long i = 0; i < blocks; i++) {
        size_t size_bytes = random_size(next_random());
        double start = now_ns();
        char *block = malloc(size_bytes);
        OPAQUE(block);
        double took_ns = now_ns() - start;
        if (!block)
            return 1;
        *block = 1; /* so that it is resident */
        longest_ns = took_ns > longest_ns ? took_ns : longest_ns;
        asked_bytes += size_bytes;
    }
    printf("%zu %ld %.0f\n", asked_bytes, memory_now().resident_bytes - before.resident_bytes,
           longest_ns);
    return 0;
}

int main(int argc, char **argv) {
    static const struct workload workloads[] = {{"pair", run_pairs}, {"live", run_live}};
    if (argc == 3 && strcmp(argv[1], "grow") == 0)
        return grow(atol(argv[2]));
    return measure_batches(workloads, sizeof workloads / sizeof *workloads, argc, argv);
}
