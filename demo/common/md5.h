/*
 * md5.h - MD5 by libcrypto. As a fingerprint of content, not for security.
 *
 *   md5_new ──> md5_update, … ──> md5_finish ──> md5_update, … ──> md5_finish … ──> md5_free
 *
 * One digest does for any number of contents, one after the other. It belongs to one thread.
 */
#ifndef TALLY_DEMO_MD5_H
#define TALLY_DEMO_MD5_H

#include <stdbool.h>
#include <stddef.h>

enum { MD5_BYTES = 16, MD5_TEXT_BYTES = 2 * MD5_BYTES + 1 };

struct md5;

/* Null if libcrypto has no MD5 to offer, as in FIPS mode. */
struct md5 *md5_new(void);

void md5_update(struct md5 *digest, const void *bytes, size_t size_bytes);

/* The MD5, in hex, of what came since the last time; then a new content may begin. False if
 * libcrypto failed at any step. */
bool md5_finish(struct md5 *digest, char text[MD5_TEXT_BYTES]);

void md5_free(struct md5 *digest); /* null is allowed */

#endif
