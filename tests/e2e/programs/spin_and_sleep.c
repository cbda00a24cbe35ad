/* One thread spins, one sleeps, both for 300 ms and alive at the same time. */
#include <pthread.h>
#include <time.h>

enum { MS = 1000000 };

/* Not counted: it would have its share of the time. */
__attribute__((no_instrument_function)) static long now(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec * 1000L * MS + t.tv_nsec;
}

__attribute__((noinline)) static void *spin(void *unused) {
    for (long end = now(CLOCK_THREAD_CPUTIME_ID) + 300 * MS; now(CLOCK_THREAD_CPUTIME_ID) < end;)
        ;
    return unused;
}

__attribute__((noinline)) static void *sleep_on(void *unused) {
    struct timespec t = {0, 300 * MS};
    while (nanosleep(&t, &t) != 0)
        ;
    return unused;
}

int main(void) {
    pthread_t threads[2];
    pthread_create(&threads[0], NULL, spin, NULL);
    pthread_create(&threads[1], NULL, sleep_on, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    return 0;
}
