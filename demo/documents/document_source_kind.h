/*
 * document_source_kind.h - what a kind of document source must bring along.
 *
 * A source begins with a struct document_source, whose `kind` says which functions are its own.
 * For the implementations of sources only.
 */
#ifndef TALLY_DEMO_DOCUMENT_SOURCE_KIND_H
#define TALLY_DEMO_DOCUMENT_SOURCE_KIND_H

#include "documents/document_source.h"

struct document_source_kind {
    int (*next)(struct document_source *source, struct document **document);
    void (*restart)(struct document_source *source);
    size_t (*count)(const struct document_source *source);
    void (*free)(struct document_source *source);
};

struct document_source {
    const struct document_source_kind *kind;
    struct source_skips skips;
};

#endif
