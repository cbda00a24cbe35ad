/*
 * lru_cache.h - a map from strings to values that forgets: at most so many, each for so long.
 *
 *   put, get ──> most recently used ── … ── least recently used ──> dropped when there are too many
 *
 * A value leaves the cache when it is the least recently used of more than `capacity` (evicted),
 * when its time to live is over (expired), when another one is put under its key, and when it is
 * removed. Its time starts with its put; a get makes it recently used, not younger. Expired values
 * are dropped when they are asked for or come to the end of the line, so that no call walks through
 * all of them: until then they count as one of `size`, but get never returns them.
 *
 * Values are the user's: what becomes of them is said by two functions.
 *   share     makes a reference for the caller of get. Called with the cache locked, since the
 *             cache's own may be gone the moment after: it must be quick and not call the cache.
 *   dropped   is handed each value that leaves, once; it usually releases the cache's reference.
 *             Called unlocked: it may take its time, and call the cache.
 *
 * Any thread may call any function but new and free.
 */
#ifndef TALLY_DEMO_LRU_CACHE_H
#define TALLY_DEMO_LRU_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lru_cache;

struct lru_cache_config {
    size_t capacity; /* values; at least 1 */
    uint64_t ttl_ns; /* 0: values do not expire */
    uint64_t (*now_ns)(void);
    void *(*share)(void *value);
    void (*dropped)(void *context, void *value);
    void *context;
};

struct lru_cache_usage {
    size_t size;
    uint64_t evicted, expired; /* since the cache was made */
};

struct lru_cache *lru_cache_new(const struct lru_cache_config *config);
void lru_cache_free(struct lru_cache *cache); /* clears it first; null is allowed */

/* Takes over the value, which must not be null; the key is copied. */
void lru_cache_put(struct lru_cache *cache, const char *key, void *value);

/* What share() made of the value, or null if there is none. */
void *lru_cache_get(struct lru_cache *cache, const char *key);

bool lru_cache_remove(struct lru_cache *cache, const char *key); /* false: there was none */
void lru_cache_clear(struct lru_cache *cache);

struct lru_cache_usage lru_cache_usage(struct lru_cache *cache);

#endif
