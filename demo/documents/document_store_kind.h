/*
 * document_store_kind.h - what a kind of document store must bring along.
 *
 * A store begins with a struct document_store, whose `kind` says which functions are its own. For
 * the implementations of stores only.
 */
#ifndef TALLY_DEMO_DOCUMENT_STORE_KIND_H
#define TALLY_DEMO_DOCUMENT_STORE_KIND_H

#include "documents/document_store.h"

struct document_store_kind {
    void (*put)(struct document_store *store, struct document *document);
    struct document *(*get)(struct document_store *store, const char *id);
    struct document_store_usage (*usage)(struct document_store *store);
    void (*free)(struct document_store *store);
};

struct document_store {
    const struct document_store_kind *kind;
};

#endif
