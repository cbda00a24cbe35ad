/*
 * lru_cache.c - see lru_cache.h.
 *
 *   by_key ──> hash table of all entries
 *   by_use ──> entry ⇄ entry ⇄ … ⇄ entry      most recently used first; by_use->prev is the last
 *
 * Each entry is in both, or in neither. Those that leave are strung together by `next` while the
 * cache is locked, and handed to their user and freed when it no longer is.
 */
#include "common/lru_cache.h"

#include "common/memory.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define uthash_fatal(message) memory_exhausted()
#include <uthash.h>
#include <utlist.h>

struct lru_entry {
    void *value;
    uint64_t expires_ns; /* the first moment at which it has expired */
    struct lru_entry *prev, *next;
    UT_hash_handle hh;
    char key[];
};

struct lru_cache {
    struct lru_cache_config config;
    pthread_mutex_t lock;
    struct lru_entry *by_key;
    struct lru_entry *by_use;
    uint64_t evicted, expired;
};

struct lru_cache *lru_cache_new(const struct lru_cache_config *config) {
    struct lru_cache *cache = memory_allocate(sizeof(*cache));
    *cache = (struct lru_cache){.config = *config};
    pthread_mutex_init(&cache->lock, NULL);
    return cache;
}

void lru_cache_free(struct lru_cache *cache) {
    if (cache == NULL) {
        return;
    }
    lru_cache_clear(cache);
    pthread_mutex_destroy(&cache->lock);
    free(cache);
}

/* UINT64_MAX stands for never. */
static uint64_t expiry(uint64_t ttl_ns, uint64_t now_ns) {
    return ttl_ns > 0 && ttl_ns < UINT64_MAX - now_ns ? now_ns + ttl_ns : UINT64_MAX;
}

static struct lru_entry *new_entry(const char *key, void *value, uint64_t expires_ns) {
    size_t key_bytes = strlen(key) + 1;
    struct lru_entry *entry = memory_allocate(sizeof(*entry) + key_bytes);
    entry->value = value;
    entry->expires_ns = expires_ns;
    memcpy(entry->key, key, key_bytes);
    return entry;
}

static struct lru_entry *find_entry(struct lru_cache *cache, const char *key) {
    struct lru_entry *entry;
    HASH_FIND_STR(cache->by_key, key, entry);
    return entry;
}

static void insert_entry(struct lru_cache *cache, struct lru_entry *entry) {
    HASH_ADD_STR(cache->by_key, key, entry);
    DL_PREPEND(cache->by_use, entry);
}

static void take_out(struct lru_cache *cache, struct lru_entry *entry, struct lru_entry **leaving) {
    HASH_DEL(cache->by_key, entry);
    DL_DELETE(cache->by_use, entry);
    LL_PREPEND(*leaving, entry);
}

/* Not to be called with the cache locked. */
static void drop_entries(const struct lru_cache *cache, struct lru_entry *leaving) {
    struct lru_entry *entry, *next;
    LL_FOREACH_SAFE(leaving, entry, next) {
        cache->config.dropped(cache->config.context, entry->value);
        free(entry);
    }
}

/* From the end of the line: what has expired, and what is too many. What is put at `now_ns` stays:
 * it is first in line and has a time to live. */
static void trim(struct lru_cache *cache, uint64_t now_ns, struct lru_entry **leaving) {
    while (cache->by_use != NULL) {
        struct lru_entry *last = cache->by_use->prev;
        if (last->expires_ns <= now_ns) {
            cache->expired++;
        } else if (HASH_COUNT(cache->by_key) > cache->config.capacity) {
            cache->evicted++;
        } else {
            return;
        }
        take_out(cache, last, leaving);
    }
}

void lru_cache_put(struct lru_cache *cache, const char *key, void *value) {
    uint64_t now_ns = cache->config.now_ns();
    struct lru_entry *entry = new_entry(key, value, expiry(cache->config.ttl_ns, now_ns));
    struct lru_entry *leaving = NULL;
    pthread_mutex_lock(&cache->lock);
    struct lru_entry *old = find_entry(cache, key);
    if (old != NULL) {
        take_out(cache, old, &leaving);
    }
    insert_entry(cache, entry);
    trim(cache, now_ns, &leaving);
    pthread_mutex_unlock(&cache->lock);
    drop_entries(cache, leaving);
}

void *lru_cache_get(struct lru_cache *cache, const char *key) {
    struct lru_entry *leaving = NULL;
    void *shared = NULL;
    uint64_t now_ns = cache->config.now_ns();
    pthread_mutex_lock(&cache->lock);
    struct lru_entry *entry = find_entry(cache, key);
    if (entry != NULL && entry->expires_ns <= now_ns) {
        cache->expired++;
        take_out(cache, entry, &leaving);
    } else if (entry != NULL) {
        DL_DELETE(cache->by_use, entry);
        DL_PREPEND(cache->by_use, entry);
        shared = cache->config.share(entry->value);
    }
    pthread_mutex_unlock(&cache->lock);
    drop_entries(cache, leaving);
    return shared;
}

bool lru_cache_remove(struct lru_cache *cache, const char *key) {
    struct lru_entry *leaving = NULL;
    pthread_mutex_lock(&cache->lock);
    struct lru_entry *entry = find_entry(cache, key);
    if (entry != NULL) {
        take_out(cache, entry, &leaving);
    }
    pthread_mutex_unlock(&cache->lock);
    drop_entries(cache, leaving);
    return entry != NULL;
}

void lru_cache_clear(struct lru_cache *cache) {
    pthread_mutex_lock(&cache->lock);
    struct lru_entry *leaving = cache->by_use;
    HASH_CLEAR(hh, cache->by_key);
    cache->by_use = NULL;
    pthread_mutex_unlock(&cache->lock);
    drop_entries(cache, leaving);
}

struct lru_cache_usage lru_cache_usage(struct lru_cache *cache) {
    pthread_mutex_lock(&cache->lock);
    struct lru_cache_usage usage = {HASH_COUNT(cache->by_key), cache->evicted, cache->expired};
    pthread_mutex_unlock(&cache->lock);
    return usage;
}
