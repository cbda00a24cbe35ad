/*
 * test_lru_cache.c - the bounded cache: what it finds, what it forgets and in which order, and that
 * each value that leaves is handed over exactly once, by however many threads.
 *
 * Values are strings; those that leave are added to a log, with a space between.
 */
#include "common/lru_cache.h"
#include "common/memory.h"
#include "common/string_buffer.h"

#include <criterion/criterion.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static uint64_t fake_now_ns = 1000;

static uint64_t fake_clock(void) {
    return fake_now_ns;
}

static void *same_value(void *value) {
    return value;
}

static void log_dropped(void *context, void *value) {
    struct string_buffer *log = context;
    string_buffer_append_text(log, log->size_bytes > 0 ? " " : "");
    string_buffer_append_text(log, value);
}

static struct lru_cache *new_cache(size_t capacity, uint64_t ttl_ns, struct string_buffer *log) {
    *log = STRING_BUFFER_EMPTY;
    string_buffer_append_text(log, "");
    struct lru_cache_config config = {.capacity = capacity,
                                      .ttl_ns = ttl_ns,
                                      .now_ns = fake_clock,
                                      .share = same_value,
                                      .dropped = log_dropped,
                                      .context = log};
    return lru_cache_new(&config);
}

/* Each key is put as its own value. */
static void put_all(struct lru_cache *cache, size_t n, char *const keys[]) {
    for (size_t i = 0; i < n; i++) {
        lru_cache_put(cache, keys[i], keys[i]);
    }
}

#define PUT_ALL(cache, ...)                                                                        \
    put_all(cache, sizeof((char *[]){__VA_ARGS__}) / sizeof(char *), (char *[]){__VA_ARGS__})

static void free_cache(struct lru_cache *cache, struct string_buffer *log) {
    lru_cache_free(cache);
    string_buffer_free(log);
}

Test(lru, hits_and_misses) {
    struct string_buffer log;
    struct lru_cache *cache = new_cache(3, 0, &log);
    cr_assert_null(lru_cache_get(cache, "a"));
    PUT_ALL(cache, "a", "");
    cr_assert_str_eq(lru_cache_get(cache, "a"), "a");
    cr_assert_str_eq(lru_cache_get(cache, ""), "");
    cr_assert_null(lru_cache_get(cache, "aa"));
    cr_assert_eq(lru_cache_usage(cache).size, 2);
    cr_assert_str_eq(log.data, "");
    free_cache(cache, &log);
}

Test(lru, keeps_a_key_of_its_own) {
    struct string_buffer log;
    struct lru_cache *cache = new_cache(3, 0, &log);
    char key[] = "a";
    lru_cache_put(cache, key, "value");
    key[0] = 'b';
    cr_assert_str_eq(lru_cache_get(cache, "a"), "value");
    cr_assert_null(lru_cache_get(cache, "b"));
    free_cache(cache, &log);
}

Test(lru, evicts_the_least_recently_put) {
    struct string_buffer log;
    struct lru_cache *cache = new_cache(3, 0, &log);
    PUT_ALL(cache, "a", "b", "c", "d", "e");
    cr_assert_str_eq(log.data, "a b");
    cr_assert_null(lru_cache_get(cache, "a"));
    cr_assert_str_eq(lru_cache_get(cache, "c"), "c");
    struct lru_cache_usage usage = lru_cache_usage(cache);
    cr_assert_eq(usage.size, 3);
    cr_assert_eq(usage.evicted, 2);
    cr_assert_eq(usage.expired, 0);
    free_cache(cache, &log);
}

Test(lru, spares_what_was_asked_for) {
    struct string_buffer log;
    struct lru_cache *cache = new_cache(3, 0, &log);
    PUT_ALL(cache, "a", "b", "c");
    lru_cache_get(cache, "a"); /* from the end of the line */
    lru_cache_get(cache, "c"); /* from its middle */
    lru_cache_get(cache, "c"); /* from its front */
    PUT_ALL(cache, "d", "e", "f");
    cr_assert_str_eq(log.data, "b a c");
    free_cache(cache, &log);
}

Test(lru, update_replaces_the_value_and_makes_it_recent) {
    struct string_buffer log;
    struct lru_cache *cache = new_cache(2, 0, &log);
    PUT_ALL(cache, "a", "b");
    lru_cache_put(cache, "a", "new a");
    cr_assert_str_eq(log.data, "a");
    cr_assert_eq(lru_cache_usage(cache).size, 2);
    cr_assert_eq(lru_cache_usage(cache).evicted, 0);
    PUT_ALL(cache, "c");
    cr_assert_str_eq(log.data, "a b");
    cr_assert_str_eq(lru_cache_get(cache, "a"), "new a");
    free_cache(cache, &log);
}

Test(lru, holds_one_with_capacity_1) {
    struct string_buffer log;
    struct lru_cache *cache = new_cache(1, 0, &log);
    PUT_ALL(cache, "a", "b");
    lru_cache_put(cache, "b", "new b");
    cr_assert_str_eq(log.data, "a b");
    cr_assert_str_eq(lru_cache_get(cache, "b"), "new b");
    cr_assert_eq(lru_cache_usage(cache).size, 1);
    cr_assert_eq(lru_cache_usage(cache).evicted, 1);
    free_cache(cache, &log);
}

Test(lru, removes_by_key) {
    struct string_buffer log;
    struct lru_cache *cache = new_cache(3, 0, &log);
    PUT_ALL(cache, "a", "b", "c");
    cr_assert(lru_cache_remove(cache, "b"));
    cr_assert(!lru_cache_remove(cache, "b"));
    cr_assert_str_eq(log.data, "b");
    cr_assert_null(lru_cache_get(cache, "b"));
    PUT_ALL(cache, "d");
    cr_assert_eq(lru_cache_usage(cache).size, 3);
    cr_assert_eq(lru_cache_usage(cache).evicted, 0);
    free_cache(cache, &log);
}

Test(lru, clears_all_and_goes_on) {
    struct string_buffer log;
    struct lru_cache *cache = new_cache(2, 0, &log);
    lru_cache_clear(cache);
    PUT_ALL(cache, "a", "b");
    lru_cache_clear(cache);
    cr_assert_str_eq(log.data, "b a");
    cr_assert_eq(lru_cache_usage(cache).size, 0);
    cr_assert_null(lru_cache_get(cache, "a"));
    PUT_ALL(cache, "c", "d", "e");
    cr_assert_str_eq(log.data, "b a c");
    cr_assert_str_eq(lru_cache_get(cache, "e"), "e");
    free_cache(cache, &log);
}

Test(lru, hands_over_what_is_left_when_freed) {
    struct string_buffer log;
    struct lru_cache *cache = new_cache(2, 0, &log);
    PUT_ALL(cache, "a", "b");
    lru_cache_free(cache);
    lru_cache_free(NULL);
    cr_assert_str_eq(log.data, "b a");
    string_buffer_free(&log);
}

Test(lru, forgets_what_has_expired) {
    struct string_buffer log;
    struct lru_cache *cache = new_cache(3, 100, &log);
    PUT_ALL(cache, "a");
    fake_now_ns += 99;
    cr_assert_str_eq(lru_cache_get(cache, "a"), "a");
    fake_now_ns += 1; /* the get has not made it younger */
    cr_assert_null(lru_cache_get(cache, "a"));
    cr_assert_str_eq(log.data, "a");
    struct lru_cache_usage usage = lru_cache_usage(cache);
    cr_assert_eq(usage.size, 0);
    cr_assert_eq(usage.evicted, 0);
    cr_assert_eq(usage.expired, 1);
    free_cache(cache, &log);
}

Test(lru, update_starts_a_new_life) {
    struct string_buffer log;
    struct lru_cache *cache = new_cache(3, 100, &log);
    PUT_ALL(cache, "a");
    fake_now_ns += 60;
    lru_cache_put(cache, "a", "new a");
    fake_now_ns += 60;
    cr_assert_str_eq(lru_cache_get(cache, "a"), "new a");
    fake_now_ns += 40;
    cr_assert_null(lru_cache_get(cache, "a"));
    free_cache(cache, &log);
}

Test(lru, put_drops_what_expired_at_the_end_of_the_line) {
    struct string_buffer log;
    struct lru_cache *cache = new_cache(9, 100, &log);
    PUT_ALL(cache, "a", "b");
    fake_now_ns += 50;
    PUT_ALL(cache, "c");
    cr_assert_str_eq(lru_cache_get(cache, "a"), "a"); /* now the most recently used */
    fake_now_ns += 50;
    PUT_ALL(cache, "d");
    cr_assert_str_eq(log.data, "b"); /* c shields a, which has expired too */
    cr_assert_eq(lru_cache_usage(cache).size, 3);
    cr_assert_null(lru_cache_get(cache, "a"));
    cr_assert_str_eq(lru_cache_get(cache, "c"), "c");
    cr_assert_eq(lru_cache_usage(cache).expired, 2);
    free_cache(cache, &log);
}

Test(lru, lives_as_long_as_the_clock_can_tell) {
    struct string_buffer log;
    struct lru_cache *cache = new_cache(3, UINT64_MAX - 1, &log);
    PUT_ALL(cache, "a");
    fake_now_ns = UINT64_MAX - 1;
    cr_assert_str_eq(lru_cache_get(cache, "a"), "a");
    free_cache(cache, &log);
}

/* What `dropped` may do: it is called unlocked. */
static void put_back_under_other_key(void *context, void *value) {
    struct lru_cache **cache = context;
    if (*cache != NULL) {
        struct lru_cache *once = *cache;
        *cache = NULL;
        lru_cache_put(once, "again", value);
    }
}

Test(lru, may_be_called_when_a_value_leaves) {
    struct lru_cache *context = NULL;
    struct lru_cache_config config = {.capacity = 1,
                                      .now_ns = fake_clock,
                                      .share = same_value,
                                      .dropped = put_back_under_other_key,
                                      .context = &context};
    struct lru_cache *cache = lru_cache_new(&config);
    lru_cache_put(cache, "a", "a");
    context = cache;
    lru_cache_put(cache, "b", "b");
    cr_assert_str_eq(lru_cache_get(cache, "again"), "a");
    cr_assert_null(lru_cache_get(cache, "b"));
    lru_cache_free(cache);
}

/* ---- many threads ---- */

enum { THREADS = 4, STEPS_PER_THREAD = 5000, KEYS = 64, CAPACITY = 16 };

struct counted_value {
    atomic_int references;
    int key;
};

static atomic_int live_values;

static struct counted_value *new_value(int key) {
    struct counted_value *value = memory_allocate(sizeof(*value));
    atomic_init(&value->references, 1);
    value->key = key;
    atomic_fetch_add(&live_values, 1);
    return value;
}

static void release_value(struct counted_value *value) {
    if (atomic_fetch_sub(&value->references, 1) == 1) {
        free(value);
        atomic_fetch_sub(&live_values, 1);
    }
}

static void *share_value(void *value) {
    atomic_fetch_add(&((struct counted_value *)value)->references, 1);
    return value;
}

static void release_dropped(void *context, void *value) {
    (void)context;
    release_value(value);
}

/* A clock that all threads push forward. */
static atomic_uint_least64_t shared_now_ns;

static uint64_t shared_clock(void) {
    return atomic_fetch_add(&shared_now_ns, 1);
}

struct worker {
    struct lru_cache *cache;
    int number;
    int wrong_values;
};

static void take_step(struct worker *worker, int step) {
    int key = (step * 7 + worker->number * 13) % KEYS;
    char *name = memory_format("%d", key);
    if (step % 3 == 0) {
        lru_cache_put(worker->cache, name, new_value(key));
    } else if (step % 100 == 1) {
        lru_cache_remove(worker->cache, name);
    } else if (step % 1000 == 2) {
        lru_cache_clear(worker->cache);
    } else {
        struct counted_value *value = lru_cache_get(worker->cache, name);
        if (value != NULL) {
            worker->wrong_values += value->key != key;
            release_value(value);
        }
    }
    worker->wrong_values += lru_cache_usage(worker->cache).size > CAPACITY;
    free(name);
}

static void *use_cache(void *argument) {
    struct worker *worker = argument;
    for (int step = 0; step < STEPS_PER_THREAD; step++) {
        take_step(worker, step);
    }
    return NULL;
}

Test(lru, is_shared_by_threads) {
    struct lru_cache_config config = {.capacity = CAPACITY,
                                      .ttl_ns = 500,
                                      .now_ns = shared_clock,
                                      .share = share_value,
                                      .dropped = release_dropped};
    struct lru_cache *cache = lru_cache_new(&config);
    pthread_t threads[THREADS];
    struct worker workers[THREADS];
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){cache, i, 0};
        cr_assert_eq(pthread_create(&threads[i], NULL, use_cache, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        cr_assert_eq(workers[i].wrong_values, 0);
    }
    cr_assert_eq((size_t)atomic_load(&live_values), lru_cache_usage(cache).size);
    lru_cache_free(cache);
    cr_assert_eq(atomic_load(&live_values), 0);
}
