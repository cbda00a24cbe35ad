/*
 * processor_naive.c - the document processor's first version: one step after the other, each in a
 * file of its own.
 *
 *   fill_in
 *     ├─ normalize_content   normalize_naive.c   faults many-passes, pattern-per-document
 *     ├─ extract_keywords    keywords_naive.c    faults linear-stop-words, formatted-keywords
 *     └─ calculate_hash      hash_naive.c        faults tenfold-hash, copied-content
 */
#include "documents/processor_naive.h"

#include "common/memory.h"
#include "documents/processor_kind.h"

#include <stdlib.h>

static int fill_in(struct document_processor *processor, struct document *document) {
    (void)processor;
    char *normalized;
    int error = normalize_content(document->content, &normalized);
    if (error != 0) {
        return error;
    }
    extract_keywords(normalized, &document->keywords, &document->word_count);
    free(normalized);
    return calculate_hash(document->content, document->hash);
}

static void free_processor(struct document_processor *processor) {
    free(processor);
}

struct document_processor *naive_processor_new(struct document_store *store) {
    static const struct document_processor_kind kind = {fill_in, free_processor, NULL};
    struct document_processor *processor = memory_allocate(sizeof(*processor));
    *processor = (struct document_processor){&kind, store};
    return processor;
}
