/*
 * processor.c - see processor.h: what is the same for all kinds of processors.
 */
#include "documents/processor.h"

#include "common/monotonic_clock.h"
#include "documents/processor_kind.h"

#include <time.h>

int document_process(struct document_processor *processor, struct document *document,
                     struct processing_result *result) {
    uint64_t start_ns = monotonic_now_ns();
    keyword_list_clear(&document->keywords);
    int error = processor->kind->fill_in(processor, document);
    if (error != 0) {
        return error;
    }
    document->processed_at = time(NULL);
    document_store_put(processor->store, document_share(document));
    *result = (struct processing_result){document, monotonic_now_ns() - start_ns};
    return 0;
}

void document_processor_prepare(struct document_processor *processor, size_t threads) {
    if (processor->kind->prepare != NULL) {
        processor->kind->prepare(processor, threads);
    }
}

struct document_store *document_processor_store(struct document_processor *processor) {
    return processor->store;
}

void document_processor_free(struct document_processor *processor) {
    if (processor == NULL) {
        return;
    }
    document_store_free(processor->store);
    processor->kind->free(processor);
}
