/*
 * processor_optimised.c - the document processor without the faults of the naive one.
 *
 *   fill_in
 *     ├─ normalize_content   normalize_optimised.c   one pass, no pattern, a buffer used again
 *     ├─ extract_keywords    keywords_optimised.c    a hash set of stop words, counts in place
 *     └─ calculate_hash      hash_optimised.c        once, without a copy
 *
 * Nothing is allocated for a document but what it keeps, and a little within libcrypto and qsort.
 */
#include "documents/processor_optimised.h"

#include "common/memory.h"
#include "documents/processor_kind.h"

#include <stdlib.h>

struct optimised_processor {
    struct document_processor base;
    struct stop_word_set stop_words;
    struct workspace_pool workspaces;
};

static int fill_in(struct document_processor *base, struct document *document) {
    struct optimised_processor *processor = (struct optimised_processor *)base;
    struct workspace *workspace = workspace_take(&processor->workspaces);
    optimised_normalize_content(document->content, document->content_bytes, &workspace->normalized);
    optimised_extract_keywords(workspace, &processor->stop_words, &document->keywords,
                               &document->word_count);
    int error = optimised_calculate_hash(workspace->digest, document->content,
                                         document->content_bytes, document->hash);
    workspace_give_back(&processor->workspaces, workspace);
    return error;
}

static void free_processor(struct document_processor *base) {
    struct optimised_processor *processor = (struct optimised_processor *)base;
    workspace_pool_destroy(&processor->workspaces);
    free(processor);
}

static void prepare(struct document_processor *base, size_t threads) {
    workspace_pool_prepare(&((struct optimised_processor *)base)->workspaces, threads);
}

struct document_processor *optimised_processor_new(struct document_store *store) {
    static const struct document_processor_kind kind = {fill_in, free_processor, prepare};
    struct optimised_processor *processor = memory_allocate(sizeof(*processor));
    processor->base = (struct document_processor){&kind, store};
    stop_word_set_fill(&processor->stop_words);
    workspace_pool_init(&processor->workspaces);
    return &processor->base;
}
