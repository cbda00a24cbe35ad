/*
 * document_store.c - see document_store.h: hands each call to the store's own kind.
 */
#include "documents/document_store.h"

#include "documents/document_store_kind.h"

void document_store_put(struct document_store *store, struct document *document) {
    store->kind->put(store, document);
}

struct document *document_store_get(struct document_store *store, const char *id) {
    return store->kind->get(store, id);
}

struct document_store_usage document_store_usage(struct document_store *store) {
    return store->kind->usage(store);
}

void document_store_free(struct document_store *store) {
    if (store != NULL) {
        store->kind->free(store);
    }
}
