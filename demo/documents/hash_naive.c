/*
 * hash_naive.c - a fingerprint of a document's content.
 *
 * FAULT tenfold-hash: the content is hashed ten times over, each time from nothing and with the
 * same result. Once would do.
 *
 * FAULT copied-content: each time, the content is first copied into fresh memory, only to be read
 * and thrown away.
 */
#include "documents/processor_naive.h"

#include "common/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { HASH_ROUNDS = 10 };

static int hash_copy(const char *content, char hash[MD5_TEXT_BYTES]) {
    struct md5 *digest = md5_new();
    if (digest == NULL) {
        return -ENOTSUP;
    }
    size_t length = strlen(content);
    char *copy = memory_copy_text(content, length);
    md5_update(digest, copy, length);
    free(copy);
    int error = md5_finish(digest, hash) ? 0 : -ENOTSUP;
    md5_free(digest);
    return error;
}

int calculate_hash(const char *content, char hash[MD5_TEXT_BYTES]) {
    int error = 0;
    for (int round = 0; error == 0 && round < HASH_ROUNDS; round++) {
        error = hash_copy(content, hash);
    }
    return error;
}
