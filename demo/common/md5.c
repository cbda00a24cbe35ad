/*
 * md5.c - see md5.h. A failure is remembered and told once, by md5_finish().
 */
#include "common/md5.h"

#include "common/memory.h"
#include "common/text_format.h"

#include <openssl/evp.h>

#include <stdlib.h>

struct md5 {
    EVP_MD_CTX *context;
    bool finished; /* and not begun anew */
    bool failed;
};

struct md5 *md5_new(void) {
    struct md5 *digest = memory_allocate(sizeof(*digest));
    *digest = (struct md5){.context = EVP_MD_CTX_new()};
    if (digest->context == NULL) {
        memory_exhausted();
    }
    if (EVP_DigestInit_ex(digest->context, EVP_md5(), NULL) != 1) {
        md5_free(digest);
        return NULL;
    }
    return digest;
}

/* Without naming the algorithm: the context has it, and looking it up costs as much as hashing a
 * page of text. */
static void begin_anew(struct md5 *digest) {
    digest->failed = EVP_DigestInit_ex(digest->context, NULL, NULL) != 1;
    digest->finished = false;
}

void md5_update(struct md5 *digest, const void *bytes, size_t size_bytes) {
    if (digest->finished) {
        begin_anew(digest);
    }
    if (EVP_DigestUpdate(digest->context, bytes, size_bytes) != 1) {
        digest->failed = true;
    }
}

bool md5_finish(struct md5 *digest, char text[MD5_TEXT_BYTES]) {
    unsigned char bytes[MD5_BYTES];
    if (digest->finished) {
        begin_anew(digest);
    }
    bool succeeded = EVP_DigestFinal_ex(digest->context, bytes, NULL) == 1 && !digest->failed;
    digest->finished = true;
    if (succeeded) {
        format_hex(bytes, sizeof(bytes), text);
    }
    return succeeded;
}

void md5_free(struct md5 *digest) {
    if (digest == NULL) {
        return;
    }
    EVP_MD_CTX_free(digest->context);
    free(digest);
}
