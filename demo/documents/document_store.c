/*
 * document_store.c - see document_store.h.
 *
 *   lock ──> by_id: entry { document ──> id (the key), … }
 *            content_bytes == sum of content_bytes over the documents
 */
#include "documents/document_store.h"

#include "common/memory.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define uthash_fatal(message) memory_exhausted()
#include <uthash.h>

struct store_entry {
    struct document *document;
    UT_hash_handle hh;
};

struct document_store {
    pthread_mutex_t lock;
    struct store_entry *by_id;
    size_t content_bytes;
};

struct document_store *document_store_new(void) {
    struct document_store *store = memory_allocate(sizeof(*store));
    pthread_mutex_init(&store->lock, NULL);
    store->by_id = NULL;
    store->content_bytes = 0;
    return store;
}

void document_store_free(struct document_store *store) {
    if (store == NULL) {
        return;
    }
    struct store_entry *entry, *next;
    HASH_ITER(hh, store->by_id, entry, next) {
        HASH_DEL(store->by_id, entry);
        document_free(entry->document);
        free(entry);
    }
    pthread_mutex_destroy(&store->lock);
    free(store);
}

static struct store_entry *find_entry(struct document_store *store, const char *id) {
    struct store_entry *entry;
    HASH_FIND(hh, store->by_id, id, strlen(id), entry);
    return entry;
}

/* The key is the document's own id, so the entry goes with the document. */
static void remove_entry(struct document_store *store, struct store_entry *entry) {
    store->content_bytes -= entry->document->content_bytes;
    HASH_DEL(store->by_id, entry);
    document_free(entry->document);
    free(entry);
}

void document_store_put(struct document_store *store, struct document *document) {
    pthread_mutex_lock(&store->lock);
    struct store_entry *entry = find_entry(store, document->id);
    if (entry != NULL && entry->document != document) {
        remove_entry(store, entry);
        entry = NULL;
    }
    if (entry == NULL) {
        entry = memory_allocate(sizeof(*entry));
        entry->document = document;
        HASH_ADD_KEYPTR(hh, store->by_id, document->id, strlen(document->id), entry);
        store->content_bytes += document->content_bytes;
    }
    pthread_mutex_unlock(&store->lock);
}

const struct document *document_store_get(struct document_store *store, const char *id) {
    pthread_mutex_lock(&store->lock);
    struct store_entry *entry = find_entry(store, id);
    const struct document *document = entry != NULL ? entry->document : NULL;
    pthread_mutex_unlock(&store->lock);
    return document;
}

size_t document_store_count(struct document_store *store) {
    pthread_mutex_lock(&store->lock);
    size_t count = HASH_COUNT(store->by_id);
    pthread_mutex_unlock(&store->lock);
    return count;
}

size_t document_store_content_bytes(struct document_store *store) {
    pthread_mutex_lock(&store->lock);
    size_t content_bytes = store->content_bytes;
    pthread_mutex_unlock(&store->lock);
    return content_bytes;
}
