/*
 * threads.c - as known.c, in threads: each allocates, and frees what another one has allocated.
 *
 *   threads all
 *
 * All threads are alive at once, so that no stack is used twice. For each one ld.so allocates a
 * table of 16 bytes for each module with thread-local storage, and for 16 more; it stays live with
 * the thread's stack. How many modules there are depends on who looks on, and is printed.
 */
#define _GNU_SOURCE
#include <link.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { THREADS = 4, BLOCKS = 1000, BLOCK_BYTES = 48, KEPT_BYTES = 24 };

static pthread_barrier_t all_have_allocated;
static void *handed_over[THREADS][BLOCKS];

static void *work(void *number) {
    size_t mine = (size_t)number, other = (mine + 1) % THREADS;
    for (int i = 0; i < BLOCKS; i++)
        handed_over[mine][i] = malloc(BLOCK_BYTES);
    pthread_barrier_wait(&all_have_allocated);
    for (int i = 0; i < BLOCKS; i++)
        free(handed_over[other][i]);
    pthread_barrier_wait(&all_have_allocated);
    handed_over[mine][0] = malloc(KEPT_BYTES);
    return NULL;
}

static int count_module(struct dl_phdr_info *info, size_t size, void *count) {
    (void)size;
    *(int *)count += info->dlpi_tls_modid != 0;
    return 0;
}

int main(void) {
    pthread_t threads[THREADS];
    char line[32];
    int modules = 0;
    dl_iterate_phdr(count_module, &modules);
    /* Not by stdio, which would allocate. */
    int length = snprintf(line, sizeof line, "modules with TLS: %d\n", modules);
    if (write(STDOUT_FILENO, line, (size_t)length) != length)
        return 1;
    pthread_barrier_init(&all_have_allocated, NULL, THREADS);
    for (size_t i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, work, (void *)i) != 0)
            return 1;
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    return 0;
}
