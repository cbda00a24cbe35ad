// Of threads, which look at one another's heaps now and then only, no peak is less than what is left.
// GROUP heap
// FLAGS -pthread
// EXPECT heap keeps 20 20000 20 20000
// EXPECT peak keeps 20 20000 20000
// EXPECT run heap.peak_bytes >=20000
#include <pthread.h>
#include <stdlib.h>

static void *volatile kept;

__attribute__((noinline)) static void *keeps(void *argument) {
    kept = malloc(1000);
    return argument;
}

int main(void) {
    for (int i = 0; i < 20; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, keeps, NULL);
        pthread_join(thread, NULL);
    }
    return 0;
}
