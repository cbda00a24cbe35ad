/*
 * document_store.h - the documents that were processed, by id.
 *
 * FAULT unbounded-store: nothing ever leaves the store. Every document stays in memory with its
 * whole content until the processor is freed, whether or not anybody asks for it again: the
 * program grows with all it has ever seen.
 *
 * FAULT one-mutex: a single mutex guards the whole store, for readers of a count as well as for
 * writers, so that workers take turns.
 *
 * Any thread may call any function but new and free.
 */
#ifndef TALLY_DEMO_DOCUMENT_STORE_H
#define TALLY_DEMO_DOCUMENT_STORE_H

#include "documents/document.h"

#include <stddef.h>

struct document_store;

struct document_store *document_store_new(void);
void document_store_free(struct document_store *store); /* and the documents in it */

/* Takes over the document. One of the same id that was there is freed. */
void document_store_put(struct document_store *store, struct document *document);

/* Null if there is none. The document stays the store's, and lives until its id is put again. */
const struct document *document_store_get(struct document_store *store, const char *id);

size_t document_store_count(struct document_store *store);
size_t document_store_content_bytes(struct document_store *store);

#endif
