/*
 * results_digest.c - see results_digest.h. A document is an element of both digests.
 */
#include "documents/results_digest.h"

#include "common/memory.h"

#include <stdlib.h>

struct results_digest {
    struct multiset_digest *keywords, *hashes;
};

struct results_digest *results_digest_new(void) {
    struct results_digest *digest = memory_allocate(sizeof(*digest));
    *digest = (struct results_digest){multiset_digest_new(), multiset_digest_new()};
    if (digest->keywords == NULL || digest->hashes == NULL) {
        results_digest_free(digest);
        return NULL;
    }
    return digest;
}

void results_digest_free(struct results_digest *digest) {
    if (digest != NULL) {
        multiset_digest_free(digest->keywords);
        multiset_digest_free(digest->hashes);
        free(digest);
    }
}

void results_digest_add(struct results_digest *digest, const struct document *document) {
    multiset_digest_put_text(digest->keywords, document->id);
    multiset_digest_put_number(digest->keywords, document->word_count);
    multiset_digest_put_number(digest->keywords, document->keywords.count);
    for (size_t i = 0; i < document->keywords.count; i++) {
        const struct keyword *keyword = &document->keywords.keywords[i];
        multiset_digest_put_text(digest->keywords, keyword->word);
        multiset_digest_put_number(digest->keywords, keyword->count);
    }
    multiset_digest_end_element(digest->keywords);

    multiset_digest_put_text(digest->hashes, document->id);
    multiset_digest_put_text(digest->hashes, document->hash);
    multiset_digest_end_element(digest->hashes);
}

void results_digest_print(const struct results_digest *digest,
                          char keywords[RESULTS_DIGEST_TEXT_BYTES],
                          char hashes[RESULTS_DIGEST_TEXT_BYTES]) {
    multiset_digest_print(digest->keywords, keywords);
    multiset_digest_print(digest->hashes, hashes);
}
