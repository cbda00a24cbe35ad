/*
 * results_digest.h - one fingerprint of the results of a whole run.
 *
 * Two builds of the program that agree in it found the same in the same documents: that is how an
 * instrumented or an optimised build proves that it changed nothing but the time. SHA-256 over the
 * documents in the order in which they were added.
 *
 *   keywords   over what was found: id, word count, keywords with their counts
 *   hashes     over id and content hash
 *
 * They are separate so that a difference tells which of the two it is in. A digest belongs to one
 * thread.
 */
#ifndef TALLY_DEMO_RESULTS_DIGEST_H
#define TALLY_DEMO_RESULTS_DIGEST_H

#include "documents/document.h"

enum { RESULTS_DIGEST_BYTES = 32, RESULTS_DIGEST_TEXT_BYTES = 2 * RESULTS_DIGEST_BYTES + 1 };

struct results_digest;

/* Null if libcrypto has no SHA-256. */
struct results_digest *results_digest_new(void);
void results_digest_free(struct results_digest *digest);

void results_digest_add(struct results_digest *digest, const struct document *document);

/* Ends the digest: add nothing afterwards. */
void results_digest_finish(struct results_digest *digest, char keywords[RESULTS_DIGEST_TEXT_BYTES],
                           char hashes[RESULTS_DIGEST_TEXT_BYTES]);

#endif
