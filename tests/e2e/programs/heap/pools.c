// What a program's own allocators hand out, and what is not recorded.
// GROUP heap
// EXPECT pool pool pool_get 10 400 4 160
// EXPECT pool pool main 0 0 0 0
// EXPECT pool arena arena_get 3 33 0 0
// EXPECT pool mixed by_turns 5 50 5 50
// EXPECT pool other by_turns 5 100 5 100
// EXPECT heap pool_get 0 0 0 0
// EXPECT heap makes_chunk 2 2000 1 1000
// EXPECT heap by_turns 5 35 5 35
// EXPECT heap while_stopped 0 0 0 0
// EXPECT heap before_stop 10 100 5 50
// EXPECT heap after_start 1 44 1 44
// EXPECT heap_path main;after_start 1 44 1 44
// EXPECT peak pool_get 0 0 0
// EXPECT run heap.frees_unmatched 0
#include "tally/tally.h"

#include <stdio.h>
#include <stdlib.h>

#define NOINLINE __attribute__((noinline))

#ifdef PLAIN
#define tally_alloc(kind, block, size) ((void)(kind), (void)(block), (void)(size), 0)
#define tally_free(block) ((void)(block), 0)
#define tally_start() 0
#define tally_stop() 0
#endif

static void *volatile kept;
static char *chunk, places[10][32];

NOINLINE static void *makes_chunk(void) {
    return kept = malloc(1000);
}
NOINLINE static void *pool_get(int i) {
    void *block = chunk + i * 40;
    tally_alloc("pool", block, 40);
    return block;
}
NOINLINE static void pool_put(void *block) {
    tally_free(block);
}
NOINLINE static void *arena_get(void *block) {
    tally_alloc("arena", block, 11);
    return block;
}
NOINLINE static void by_turns(int i) {
    if (i % 2)
        tally_alloc("mixed", places[i], 10);
    else
        tally_alloc("other", places[i], 20);
    if (i < 5)
        kept = malloc(7);
}
static void *volatile blocks[10];
NOINLINE static void before_stop(void) {
    for (int i = 0; i < 10; i++)
        blocks[i] = malloc(10);
}
NOINLINE static void while_stopped(void) {
    for (int i = 0; i < 5; i++) {
        free(blocks[i]);
        blocks[i] = malloc(15);
    }
}
NOINLINE static void after_start(void) {
    kept = malloc(44);
}

int main(void) {
    chunk = makes_chunk();
    for (int i = 0; i < 10; i++)
        pool_get(i);
    for (int i = 0; i < 6; i++)
        pool_put(chunk + i * 40);
    pool_put(chunk + 900); /* which nobody got */
    for (int i = 0; i < 3; i++)
        arena_get(chunk + 500 + i * 32);
    char *first = chunk;
    void *second = makes_chunk();
    tally_alloc("whole", second, 1000);
    free(second); /* ends that, too */
    for (int i = 0; i < 3; i++)
        pool_put(first + 500 + i * 32);
    for (int i = 0; i < 10; i++)
        by_turns(i);
    before_stop();
    tally_stop();
    while_stopped();
    tally_start();
    after_start();
    for (int i = 0; i < 5; i++)
        free(blocks[i]); /* allocated while nothing was recorded */
    printf("%d\n", tally_free(first + 900));
    return 0;
}
