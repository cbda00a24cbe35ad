/*
 * processor_naive.c - the document processor's first version: one step after the other, each in a
 * file of its own.
 *
 *   document_process
 *     ├─ normalize_content   normalize_naive.c   faults many-passes, pattern-per-document
 *     ├─ extract_keywords    keywords_naive.c    faults linear-stop-words, formatted-keywords
 *     ├─ calculate_hash      hash_naive.c        faults tenfold-hash, copied-content
 *     └─ document_store_put  document_store.c    fault one-mutex; unbounded_store.c:
 * unbounded-store
 */
#include "documents/processor_naive.h"

#include "common/memory.h"
#include "common/monotonic_clock.h"
#include "documents/processor.h"

#include <stdlib.h>

struct document_processor {
    struct document_store *store;
};

struct document_processor *document_processor_new(struct document_store *store) {
    struct document_processor *processor = memory_allocate(sizeof(*processor));
    processor->store = store;
    return processor;
}

void document_processor_free(struct document_processor *processor) {
    if (processor == NULL) {
        return;
    }
    document_store_free(processor->store);
    free(processor);
}

int document_process(struct document_processor *processor, struct document *document,
                     struct processing_result *result) {
    uint64_t start_ns = monotonic_now_ns();
    char *normalized;
    int error = normalize_content(document->content, &normalized);
    if (error != 0) {
        return error;
    }
    keyword_list_clear(&document->keywords);
    extract_keywords(normalized, &document->keywords, &document->word_count);
    free(normalized);

    error = calculate_hash(document->content, document->hash);
    if (error != 0) {
        return error;
    }
    document->processed_at = time(NULL);
    document_store_put(processor->store, document_share(document));
    *result = (struct processing_result){document, monotonic_now_ns() - start_ns};
    return 0;
}

struct document_store *document_processor_store(struct document_processor *processor) {
    return processor->store;
}
