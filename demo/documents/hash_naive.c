/*
 * hash_naive.c - a fingerprint of a document's content.
 *
 * FAULT tenfold-hash: the content is fed to MD5 ten times over. Once tells two contents apart just
 * as well.
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

static void hash_copy(struct md5 *digest, const char *content) {
    size_t length = strlen(content);
    char *copy = memory_copy_text(content, length);
    md5_update(digest, copy, length);
    free(copy);
}

int calculate_hash(const char *content, char hash[MD5_TEXT_BYTES]) {
    struct md5 *digest = md5_new();
    if (digest == NULL) {
        return -ENOTSUP;
    }
    for (int round = 0; round < HASH_ROUNDS; round++) {
        hash_copy(digest, content);
    }
    return md5_finish(digest, hash) ? 0 : -ENOTSUP;
}
