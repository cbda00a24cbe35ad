/* What is mapped, and given back in parts, moved, mapped over; see test_mappings. The numbers are
 * pages. With an argument, what a forked child does: it reports what it maps itself. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOINLINE __attribute__((noinline))
#define PAGE 4096ul
enum { ACCESS = PROT_READ | PROT_WRITE, OURS = MAP_PRIVATE | MAP_ANONYMOUS };
enum { THREADS = 4, ROUNDS = 200 };

static void must(int truth) {
    if (!truth)
        abort();
}

NOINLINE static void in_parts(void) {
    char *m = mmap(NULL, 4 * PAGE - 100, ACCESS, OURS, -1, 0); /* in parts */
    must(munmap(m + PAGE, PAGE) == 0);
    must(munmap(m, 4 * PAGE) == 0);
    char *kept = mmap64(NULL, 10 * PAGE, ACCESS, OURS, -1, 0); /* kept in parts */
    must(munmap(kept + 2 * PAGE, PAGE + 1) == 0);
    must(munmap(kept + 100, PAGE) == -1 && munmap(kept, 0) == -1);
    must(munmap(kept + 9 * PAGE, PAGE) == 0);
    kept[0] = kept[1 * PAGE] = kept[4 * PAGE] = kept[8 * PAGE] = 1;
}

NOINLINE static void over_another(void) {
    char *m = mmap(NULL, 16 * PAGE, PROT_NONE, OURS, -1, 0); /* reserved */
    char *fixed = m + 4 * PAGE;
    for (int i = 0; i < 2; i++)
        must(mmap(fixed, 3 * PAGE, ACCESS, OURS | MAP_FIXED, -1, 0) == fixed); /* fixed */
    must(munmap(m + 5 * PAGE, 11 * PAGE) == 0);
}

/* Each is the end of one and the beginning of another. */
NOINLINE static void moved(void) {
    char *m = mmap(NULL, 4 * PAGE, ACCESS, OURS, -1, 0); /* to be moved */
    char *shorter = mremap(m, 4 * PAGE, 3 * PAGE, 0); /* shorter */
    must(shorter == m);
    char *longer = mremap(m, 3 * PAGE, 100 * PAGE, MREMAP_MAYMOVE); /* longer */
    must(mremap(longer, 100 * PAGE, 1ul << 60, MREMAP_MAYMOVE) == MAP_FAILED);
    char *place = mmap(NULL, 5 * PAGE, PROT_NONE, OURS, -1, 0); /* place */
    enum { THERE = MREMAP_MAYMOVE | MREMAP_FIXED };
    char *m2 = mremap(longer + 10 * PAGE, 2 * PAGE, 2 * PAGE, THERE, place + PAGE); /* moved */
    must(m2 == place + PAGE);
    must(mmap(NULL, 0, ACCESS, OURS, -1, 0) == MAP_FAILED);
}

static void *map_often(void *kept) {
    for (int i = 0; i < ROUNDS; i++) {
        char *m = mmap(NULL, 2 * PAGE, ACCESS, OURS, -1, 0); /* by threads */
        must(munmap(m + PAGE, PAGE) == 0);
        if (i)
            must(munmap(m, PAGE) == 0);
        else
            *(char **)kept = m;
    }
    return NULL;
}

NOINLINE static void by_threads(void) {
    pthread_t threads[THREADS];
    char *kept[THREADS];
    for (int i = 0; i < THREADS; i++)
        must(pthread_create(&threads[i], NULL, map_often, &kept[i]) == 0);
    for (int i = 0; i < THREADS; i++)
        must(pthread_join(threads[i], NULL) == 0);
    must(munmap(kept[0], PAGE) == 0);
}

NOINLINE static void in_child(char *inherited) {
    must(munmap(inherited, 4 * PAGE) == 0);
    char *m = mmap(inherited, 2 * PAGE, ACCESS, OURS | MAP_FIXED, -1, 0); /* in the child */
    must(munmap(m, PAGE) == 0);
}

int main(int argc, char **argv) {
    (void)argv;
    if (argc == 1) {
        in_parts();
        over_another();
        moved();
        by_threads();
        return 0;
    }
    char *m = mmap(NULL, 4 * PAGE, ACCESS, OURS, -1, 0); /* inherited */
    pid_t child = fork();
    if (child == 0) {
        in_child(m);
        return 0;
    }
    int status;
    must(waitpid(child, &status, 0) == child && status == 0);
    printf("%d\n", (int)child);
    return 0;
}
