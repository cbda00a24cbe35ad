/*
 * hash_optimised.c - a fingerprint of a document's content: once over it, where it lies.
 */
#include "documents/processor_optimised.h"

#include <errno.h>

static int calculate_hash(struct md5 *digest, const char *content, size_t content_bytes,
                          char hash[MD5_TEXT_BYTES]) {
    if (digest == NULL) {
        return -ENOTSUP;
    }
    md5_update(digest, content, content_bytes);
    return md5_finish(digest, hash) ? 0 : -ENOTSUP;
}

int (*const optimised_calculate_hash)(struct md5 *, const char *, size_t,
                                      char[MD5_TEXT_BYTES]) = calculate_hash;
