/*
 * multiset_digest.c - see multiset_digest.h.
 *
 * Hashes are read as numbers whose first byte is the most significant one.
 */
#include "common/multiset_digest.h"

#include "common/memory.h"
#include "common/text_format.h"

#include <openssl/evp.h>

#include <stdlib.h>
#include <string.h>

struct multiset_digest {
    EVP_MD_CTX *element; /* the one that is being put together */
    unsigned char sum[MULTISET_DIGEST_BYTES];
};

struct multiset_digest *multiset_digest_new(void) {
    struct multiset_digest *digest = memory_allocate(sizeof(*digest));
    *digest = (struct multiset_digest){.element = EVP_MD_CTX_new()};
    if (digest->element == NULL) {
        memory_exhausted();
    }
    if (EVP_DigestInit_ex(digest->element, EVP_sha256(), NULL) != 1) {
        multiset_digest_free(digest);
        return NULL;
    }
    return digest;
}

void multiset_digest_free(struct multiset_digest *digest) {
    if (digest != NULL) {
        EVP_MD_CTX_free(digest->element);
        free(digest);
    }
}

void multiset_digest_put_text(struct multiset_digest *digest, const char *text) {
    EVP_DigestUpdate(digest->element, text, strlen(text) + 1);
}

void multiset_digest_put_number(struct multiset_digest *digest, uint64_t number) {
    unsigned char bytes[8];
    for (int i = 0; i < 8; i++) {
        bytes[i] = (unsigned char)(number >> (8 * i));
    }
    EVP_DigestUpdate(digest->element, bytes, sizeof(bytes));
}

void multiset_digest_end_element(struct multiset_digest *digest) {
    unsigned char hash[MULTISET_DIGEST_BYTES];
    EVP_DigestFinal_ex(digest->element, hash, NULL);
    /* Without naming the algorithm, which would look it up anew. */
    EVP_DigestInit_ex(digest->element, NULL, NULL);
    unsigned carry = 0;
    for (int i = MULTISET_DIGEST_BYTES - 1; i >= 0; i--) {
        carry += digest->sum[i] + hash[i];
        digest->sum[i] = (unsigned char)carry;
        carry >>= 8;
    }
}

void multiset_digest_print(const struct multiset_digest *digest,
                           char text[MULTISET_DIGEST_TEXT_BYTES]) {
    format_hex(digest->sum, sizeof(digest->sum), text);
}
