/*
 * processor.h - what a document processor does, whichever way it does it.
 *
 *   content ──> normalize ──> extract keywords ──┐
 *      └──────> hash ────────────────────────────┴──> document ──> store
 *
 *   naive_processor       the way a first version takes: right, easy to read and slow in several
 *                         places at once. Each of those places is marked FAULT and has a name;
 *                         docs/demo.md lists them
 *   optimised_processor   the same without the faults; finds the same in the same documents
 *
 * Functions of the two that do the same have the same name, so that their profiles can be compared.
 *
 * Any thread may process documents; one document is processed by one thread.
 */
#ifndef TALLY_DEMO_PROCESSOR_H
#define TALLY_DEMO_PROCESSOR_H

#include "documents/document.h"
#include "documents/document_store.h"

#include <stddef.h>
#include <stdint.h>

struct document_processor;

/* About one call of document_process. */
struct processing_result {
    const struct document *document; /* the caller's; lives as long as its reference */
    uint64_t process_ns;
};

/* These take over the store. */
struct document_processor *naive_processor_new(struct document_store *store);
struct document_processor *optimised_processor_new(struct document_store *store);

void document_processor_free(struct document_processor *processor); /* null is allowed */

/*
 * Fills in the document and stores it; the store makes a reference of its own. 0, or -errno; then
 * it is not stored. -ENOTSUP: libcrypto has no MD5 to offer (FIPS mode); -EINVAL: the pattern
 * matcher refused the content.
 */
int document_process(struct document_processor *processor, struct document *document,
                     struct processing_result *result);

/* Makes beforehand what so many threads need to process documents at once. Without it that is made
 * as they come to need it, at moments that depend on who meets whom. */
void document_processor_prepare(struct document_processor *processor, size_t threads);

struct document_store *document_processor_store(struct document_processor *processor);

#endif
