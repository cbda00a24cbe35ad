/*
 * multiset_digest.h - one fingerprint of many results, whatever order they come in.
 *
 * Each element gets a SHA-256 of its own, and the digest is their sum modulo 2^256. So workers
 * may finish in any order, and an element that is there twice counts twice. Not for secrets: sums
 * can be forged where hashes cannot.
 *
 * An element is the sequence of its texts and numbers. A text ends with its zero and a number has
 * eight bytes, least significant first, so that elements of one shape are equal only if all their
 * parts are.
 *
 * A digest belongs to one thread at a time.
 */
#ifndef TALLY_DEMO_MULTISET_DIGEST_H
#define TALLY_DEMO_MULTISET_DIGEST_H

#include <stdint.h>

enum { MULTISET_DIGEST_BYTES = 32, MULTISET_DIGEST_TEXT_BYTES = 2 * MULTISET_DIGEST_BYTES + 1 };

struct multiset_digest;

/* Null if libcrypto has no SHA-256. */
struct multiset_digest *multiset_digest_new(void);
void multiset_digest_free(struct multiset_digest *digest); /* null is allowed */

void multiset_digest_put_text(struct multiset_digest *digest, const char *text);
void multiset_digest_put_number(struct multiset_digest *digest, uint64_t number);
void multiset_digest_end_element(struct multiset_digest *digest);

/* Of the elements that were ended so far, in hex, most significant byte first. */
void multiset_digest_print(const struct multiset_digest *digest,
                           char text[MULTISET_DIGEST_TEXT_BYTES]);

#endif
