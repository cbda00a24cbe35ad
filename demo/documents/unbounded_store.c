/*
 * unbounded_store.c - the document store's first version, see document_store.h.
 *
 *   lock ──> by_id: entry { document ──> id (the key), … }
 *            content_bytes == sum of content_bytes over the documents
 *
 * FAULT unbounded-store: nothing ever leaves the store. Every document stays in memory with its
 * whole content until the processor is freed, whether or not anybody asks for it again: the
 * program grows with all it has ever seen. lru_store.c is the remedy.
 */
#include "documents/document_store.h"

#include "common/memory.h"
#include "documents/document_store_kind.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define uthash_fatal(message) memory_exhausted()
#include <uthash.h>

struct store_entry {
    struct document *document;
    UT_hash_handle hh;
};

struct unbounded_store {
    struct document_store base;
    pthread_mutex_t lock;
    struct store_entry *by_id;
    size_t content_bytes;
};

static struct store_entry *find_entry(struct unbounded_store *store, const char *id) {
    struct store_entry *entry;
    HASH_FIND(hh, store->by_id, id, strlen(id), entry);
    return entry;
}

static void add_entry(struct unbounded_store *store, struct document *document) {
    struct store_entry *entry = memory_allocate(sizeof(*entry));
    entry->document = document;
    HASH_ADD_KEYPTR(hh, store->by_id, document->id, strlen(document->id), entry);
    store->content_bytes += document->content_bytes;
}

/* The key is the document's own id, so the entry goes with the document. */
static void remove_entry(struct unbounded_store *store, struct store_entry *entry) {
    store->content_bytes -= entry->document->content_bytes;
    HASH_DEL(store->by_id, entry);
    document_release(entry->document);
    free(entry);
}

static void unbounded_put(struct document_store *base, struct document *document) {
    struct unbounded_store *store = (struct unbounded_store *)base;
    pthread_mutex_lock(&store->lock);
    struct store_entry *old = find_entry(store, document->id);
    if (old != NULL) {
        remove_entry(store, old);
    }
    add_entry(store, document);
    pthread_mutex_unlock(&store->lock);
}

static struct document *unbounded_get(struct document_store *base, const char *id) {
    struct unbounded_store *store = (struct unbounded_store *)base;
    pthread_mutex_lock(&store->lock);
    struct store_entry *entry = find_entry(store, id);
    struct document *document = entry != NULL ? document_share(entry->document) : NULL;
    pthread_mutex_unlock(&store->lock);
    return document;
}

static struct document_store_usage unbounded_usage(struct document_store *base) {
    struct unbounded_store *store = (struct unbounded_store *)base;
    pthread_mutex_lock(&store->lock);
    struct document_store_usage usage = {
        .documents = HASH_COUNT(store->by_id),
        .content_bytes = store->content_bytes,
    };
    pthread_mutex_unlock(&store->lock);
    return usage;
}

static void unbounded_free(struct document_store *base) {
    struct unbounded_store *store = (struct unbounded_store *)base;
    struct store_entry *entry, *next;
    HASH_ITER(hh, store->by_id, entry, next) {
        remove_entry(store, entry);
    }
    pthread_mutex_destroy(&store->lock);
    free(store);
}

struct document_store *unbounded_store_new(void) {
    static const struct document_store_kind kind = {unbounded_put, unbounded_get, unbounded_usage,
                                                    unbounded_free};
    struct unbounded_store *store = memory_allocate(sizeof(*store));
    *store = (struct unbounded_store){.base = {&kind}};
    pthread_mutex_init(&store->lock, NULL);
    return &store->base;
}
