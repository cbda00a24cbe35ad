// Blocks that are freed elsewhere than they were allocated, and threads that end before.
// GROUP heap
// FLAGS -pthread
// EXPECT heap makes_for_main 1000 16000 500 8000
// EXPECT freed makes_for_main 500 0
// EXPECT heap main_makes 1000 24000 0 0
// EXPECT freed main_makes 1000 0
// EXPECT heap ends_with_blocks 800 80000 400 40000
// EXPECT heap last_of_a_thread 40 200 0 0
// EXPECT freed last_of_a_thread 40 0
// EXPECT heap produces 20000 640000 0 0
// EXPECT freed consumes 0 0
// EXPECT heap at_thread_exit 8 72 0 0
// EXPECT heap grows_elsewhere 100 6400 100 6400
// EXPECT heap to_be_grown 100 800 0 0
// EXPECT run heap.frees_unmatched 0
// EXPECT run heap.blocks_unrecorded 0
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>

#define NOINLINE __attribute__((noinline))

enum { MANY = 1000, THREADS = 8, ITEMS = 5000, QUEUE = 64 };

static void run_all(int n, void *(*work)(void *), void **arguments) {
    pthread_t threads[THREADS];
    for (int i = 0; i < n; i++)
        pthread_create(&threads[i], NULL, work, arguments ? arguments[i] : NULL);
    for (int i = 0; i < n; i++)
        pthread_join(threads[i], NULL);
}

static void *blocks[MANY];

NOINLINE static void *makes_for_main(void *argument) {
    for (int i = 0; i < MANY; i++)
        blocks[i] = malloc(16);
    return argument;
}
NOINLINE static void main_makes(void) {
    for (int i = 0; i < MANY; i++)
        blocks[i] = malloc(24);
}
NOINLINE static void *frees_from_main(void *argument) {
    for (int i = 0; i < MANY; i++)
        free(blocks[i]);
    return argument;
}

/* All are freed by others, after the thread is gone: half of them. */
NOINLINE static void *ends_with_blocks(void *argument) {
    void **mine = argument;
    for (int i = 0; i < 100; i++)
        mine[i] = malloc(100);
    return NULL;
}
static void threads_that_end(void) {
    static void *kept[THREADS][100];
    void *arguments[THREADS];
    for (int i = 0; i < THREADS; i++)
        arguments[i] = kept[i];
    run_all(THREADS, ends_with_blocks, arguments);
    for (int i = 0; i < THREADS; i++)
        for (int k = 0; k < 50; k++)
            free(kept[i][k]);
}

/* The next thread is given what is left of one that ended: its last block is not the other's. */
static void *passed;
NOINLINE static void *last_of_a_thread(void *argument) {
    passed = malloc(5);
    return argument;
}
NOINLINE static void *frees_the_last(void *argument) {
    free(passed);
    return argument;
}
static void one_after_another(void) {
    for (int i = 0; i < 40; i++) {
        run_all(1, last_of_a_thread, NULL);
        run_all(1, frees_the_last, NULL);
    }
}

static struct queue {
    sem_t room, items;
    pthread_mutex_t lock;
    void *places[QUEUE];
    size_t in, out;
} queue = {.lock = PTHREAD_MUTEX_INITIALIZER};
NOINLINE static void *produces(void *argument) {
    for (int i = 0; i < ITEMS; i++) {
        void *item = malloc(32);
        sem_wait(&queue.room);
        pthread_mutex_lock(&queue.lock);
        queue.places[queue.in++ % QUEUE] = item;
        pthread_mutex_unlock(&queue.lock);
        sem_post(&queue.items);
    }
    return argument;
}
NOINLINE static void *consumes(void *argument) {
    for (int i = 0; i < ITEMS; i++) {
        sem_wait(&queue.items);
        pthread_mutex_lock(&queue.lock);
        void *item = queue.places[queue.out++ % QUEUE];
        pthread_mutex_unlock(&queue.lock);
        sem_post(&queue.room);
        free(item);
    }
    return argument;
}
NOINLINE static void *works_at_queue(void *argument) {
    return argument ? produces(NULL) : consumes(NULL);
}
static void pass_through_queue(void) {
    sem_init(&queue.room, 0, QUEUE);
    sem_init(&queue.items, 0, 0);
    void *arguments[THREADS];
    for (int i = 0; i < THREADS; i++)
        arguments[i] = i % 2 ? &queue : NULL;
    run_all(THREADS, works_at_queue, arguments);
}

static pthread_key_t key;
NOINLINE static void at_thread_exit(void *block) {
    free(block);
    void *volatile another = malloc(9);
    pthread_setspecific(key, NULL);
    free(another);
}
NOINLINE static void *leaves_a_key(void *argument) {
    pthread_setspecific(key, &key);
    pthread_setspecific(key, malloc(9)); /* by whom, is not asked */
    return argument;
}

NOINLINE static void to_be_grown(void) {
    for (int i = 0; i < 100; i++)
        blocks[i] = malloc(8);
}
NOINLINE static void *grows_elsewhere(void *argument) {
    for (int i = 0; i < 100; i++)
        blocks[i] = realloc(blocks[i], 64);
    return argument;
}

int main(void) {
    run_all(1, makes_for_main, NULL);
    for (int i = 0; i < MANY; i += 2)
        free(blocks[i]);
    main_makes();
    run_all(1, frees_from_main, NULL);
    threads_that_end();
    one_after_another();
    pass_through_queue();
    pthread_key_create(&key, at_thread_exit);
    run_all(THREADS, leaves_a_key, NULL);
    to_be_grown();
    run_all(1, grows_elsewhere, NULL);
    return 0;
}
