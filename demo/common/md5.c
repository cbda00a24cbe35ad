/*
 * md5.c - see md5.h. A failure is remembered and told once, at the end.
 */
#include "common/md5.h"

#include "common/memory.h"
#include "common/text_format.h"

#include <openssl/evp.h>

#include <stdlib.h>

struct md5 {
    EVP_MD_CTX *context;
    bool failed;
};

static void free_digest(struct md5 *digest) {
    EVP_MD_CTX_free(digest->context);
    free(digest);
}

struct md5 *md5_new(void) {
    struct md5 *digest = memory_allocate(sizeof(*digest));
    *digest = (struct md5){.context = EVP_MD_CTX_new()};
    if (digest->context == NULL) {
        memory_exhausted();
    }
    if (EVP_DigestInit_ex(digest->context, EVP_md5(), NULL) != 1) {
        free_digest(digest);
        return NULL;
    }
    return digest;
}

void md5_update(struct md5 *digest, const void *bytes, size_t size_bytes) {
    if (EVP_DigestUpdate(digest->context, bytes, size_bytes) != 1) {
        digest->failed = true;
    }
}

bool md5_finish(struct md5 *digest, char text[MD5_TEXT_BYTES]) {
    unsigned char bytes[MD5_BYTES];
    bool finished = EVP_DigestFinal_ex(digest->context, bytes, NULL) == 1 && !digest->failed;
    free_digest(digest);
    if (finished) {
        format_hex(bytes, sizeof(bytes), text);
    }
    return finished;
}
