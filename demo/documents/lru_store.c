/*
 * lru_store.c - the document store that stays small, see document_store.h: an lru_cache of
 * documents. What it drops is freed as soon as nobody else has a reference to it.
 *
 * Content is added up before a document goes into the cache and taken off after it has left, by
 * whichever thread made it leave: the sum may run ahead of the cache for a moment, and is never
 * less than what is in it.
 */
#include "documents/document_store.h"

#include "common/lru_cache.h"
#include "common/memory.h"
#include "common/monotonic_clock.h"
#include "documents/document_store_kind.h"

#include <stdatomic.h>
#include <stdlib.h>

struct lru_store {
    struct document_store base;
    struct lru_cache *cache;
    atomic_size_t content_bytes;
};

static void *share_document(void *value) {
    return document_share(value);
}

static void drop_document(void *context, void *value) {
    struct lru_store *store = context;
    struct document *document = value;
    atomic_fetch_sub(&store->content_bytes, document->content_bytes);
    document_release(document);
}

static void lru_put(struct document_store *base, struct document *document) {
    struct lru_store *store = (struct lru_store *)base;
    atomic_fetch_add(&store->content_bytes, document->content_bytes);
    lru_cache_put(store->cache, document->id, document);
}

static struct document *lru_get(struct document_store *base, const char *id) {
    struct lru_store *store = (struct lru_store *)base;
    return lru_cache_get(store->cache, id);
}

static struct document_store_usage lru_usage(struct document_store *base) {
    struct lru_store *store = (struct lru_store *)base;
    struct lru_cache_usage cached = lru_cache_usage(store->cache);
    return (struct document_store_usage){
        .documents = cached.size,
        .content_bytes = atomic_load(&store->content_bytes),
        .evicted = cached.evicted,
        .expired = cached.expired,
    };
}

static void lru_free(struct document_store *base) {
    struct lru_store *store = (struct lru_store *)base;
    lru_cache_free(store->cache);
    free(store);
}

struct document_store *lru_store_new(size_t capacity, uint64_t ttl_ns) {
    static const struct document_store_kind kind = {lru_put, lru_get, lru_usage, lru_free};
    struct lru_store *store = memory_allocate(sizeof(*store));
    store->base.kind = &kind;
    store->cache = lru_cache_new(&(struct lru_cache_config){
        .capacity = capacity,
        .ttl_ns = ttl_ns,
        .now_ns = monotonic_now_ns,
        .share = share_document,
        .dropped = drop_document,
        .context = store,
    });
    atomic_init(&store->content_bytes, 0);
    return &store->base;
}
