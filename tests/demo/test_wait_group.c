/*
 * test_wait_group.c - waiting ends when all is done, and not before.
 */
#include "common/wait_group.h"

#include <criterion/criterion.h>

#include <stdatomic.h>

enum { THREADS = 4, ROUNDS = 50 };

struct bench {
    struct wait_group group;
    atomic_uint finished;
};

static void *finish_one(void *argument) {
    struct bench *bench = argument;
    atomic_fetch_add(&bench->finished, 1);
    wait_group_done(&bench->group);
    return NULL;
}

Test(wait_group, waits_for_all_round_after_round) {
    struct bench bench = {.finished = 0};
    wait_group_init(&bench.group);
    wait_group_wait(&bench.group); /* for nothing */
    for (unsigned round = 1; round <= ROUNDS; round++) {
        pthread_t threads[THREADS];
        for (size_t i = 0; i < THREADS; i++) {
            wait_group_add(&bench.group);
            cr_assert_eq(pthread_create(&threads[i], NULL, finish_one, &bench), 0);
        }
        wait_group_wait(&bench.group);
        cr_assert_eq(atomic_load(&bench.finished), THREADS * round);
        for (size_t i = 0; i < THREADS; i++) {
            cr_assert_eq(pthread_join(threads[i], NULL), 0);
        }
    }
    wait_group_destroy(&bench.group);
}
