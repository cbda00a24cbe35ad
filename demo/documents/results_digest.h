/*
 * results_digest.h - one fingerprint of the results of a whole run.
 *
 * Two builds of the program that agree in it found the same in the same documents: that is how an
 * instrumented or an optimised build proves that it changed nothing but the time.
 *
 *   keywords   of what was found: id, word count, keywords with their counts
 *   hashes     of id and content hash
 *
 * They are separate so that a difference tells which of the two it is in. Both are hashes of a
 * multiset, see multiset_digest.h: the sum, modulo 2^256, of the SHA-256 of each document's
 * results. They do not depend on the order in which documents are added, so workers may finish them
 * in any. A digest belongs to one thread.
 */
#ifndef TALLY_DEMO_RESULTS_DIGEST_H
#define TALLY_DEMO_RESULTS_DIGEST_H

#include "common/multiset_digest.h"
#include "documents/document.h"

enum { RESULTS_DIGEST_TEXT_BYTES = MULTISET_DIGEST_TEXT_BYTES };

struct results_digest;

/* Null if libcrypto has no SHA-256. */
struct results_digest *results_digest_new(void);
void results_digest_free(struct results_digest *digest); /* null is allowed */

void results_digest_add(struct results_digest *digest, const struct document *document);

/* Of what was added so far. */
void results_digest_print(const struct results_digest *digest,
                          char keywords[RESULTS_DIGEST_TEXT_BYTES],
                          char hashes[RESULTS_DIGEST_TEXT_BYTES]);

#endif
