/*
 * processor_kind.h - what a kind of document processor must bring along.
 *
 * A processor begins with a struct document_processor, whose `kind` says which functions are its
 * own. For the implementations of processors only.
 */
#ifndef TALLY_DEMO_PROCESSOR_KIND_H
#define TALLY_DEMO_PROCESSOR_KIND_H

#include "documents/processor.h"

struct document_processor_kind {
    /* Word count, keywords and hash. 0, or -errno as document_process. */
    int (*fill_in)(struct document_processor *processor, struct document *document);
    void (*free)(struct document_processor *processor); /* but for the store */

    /* As document_processor_prepare; null: nothing to be made. */
    void (*prepare)(struct document_processor *processor, size_t threads);
};

struct document_processor {
    const struct document_processor_kind *kind;
    struct document_store *store;
};

#endif
