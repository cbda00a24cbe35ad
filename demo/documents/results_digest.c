/*
 * results_digest.c - see results_digest.h.
 *
 * Each value is followed by a zero byte or is a number of fixed width, so that no two different
 * results make the same sequence of bytes.
 */
#include "documents/results_digest.h"

#include "common/memory.h"
#include "common/text_format.h"

#include <openssl/evp.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct results_digest {
    EVP_MD_CTX *keywords;
    EVP_MD_CTX *hashes;
};

struct results_digest *results_digest_new(void) {
    struct results_digest *digest = memory_allocate(sizeof(*digest));
    *digest = (struct results_digest){EVP_MD_CTX_new(), EVP_MD_CTX_new()};
    if (digest->keywords == NULL || digest->hashes == NULL) {
        memory_exhausted();
    }
    if (EVP_DigestInit_ex(digest->keywords, EVP_sha256(), NULL) != 1 ||
        EVP_DigestInit_ex(digest->hashes, EVP_sha256(), NULL) != 1) {
        results_digest_free(digest);
        return NULL;
    }
    return digest;
}

void results_digest_free(struct results_digest *digest) {
    if (digest == NULL) {
        return;
    }
    EVP_MD_CTX_free(digest->keywords);
    EVP_MD_CTX_free(digest->hashes);
    free(digest);
}

static void feed_text(EVP_MD_CTX *context, const char *text) {
    EVP_DigestUpdate(context, text, strlen(text) + 1);
}

static void feed_number(EVP_MD_CTX *context, uint64_t number) {
    unsigned char bytes[8];
    for (int i = 0; i < 8; i++) {
        bytes[i] = (unsigned char)(number >> (8 * i));
    }
    EVP_DigestUpdate(context, bytes, sizeof(bytes));
}

void results_digest_add(struct results_digest *digest, const struct document *document) {
    feed_text(digest->keywords, document->id);
    feed_number(digest->keywords, document->word_count);
    feed_number(digest->keywords, document->keywords.count);
    for (size_t i = 0; i < document->keywords.count; i++) {
        feed_text(digest->keywords, document->keywords.keywords[i].word);
        feed_number(digest->keywords, document->keywords.keywords[i].count);
    }
    feed_text(digest->hashes, document->id);
    feed_text(digest->hashes, document->hash);
}

static void finish(EVP_MD_CTX *context, char text[RESULTS_DIGEST_TEXT_BYTES]) {
    unsigned char bytes[RESULTS_DIGEST_BYTES];
    EVP_DigestFinal_ex(context, bytes, NULL);
    format_hex(bytes, sizeof(bytes), text);
}

void results_digest_finish(struct results_digest *digest, char keywords[RESULTS_DIGEST_TEXT_BYTES],
                           char hashes[RESULTS_DIGEST_TEXT_BYTES]) {
    finish(digest->keywords, keywords);
    finish(digest->hashes, hashes);
}
