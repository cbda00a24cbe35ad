/*
 * document_source.c - see document_source.h: hands each call to the source's own kind.
 */
#include "documents/document_source.h"

#include "documents/document_source_kind.h"

int document_source_next(struct document_source *source, struct document **document) {
    return source->kind->next(source, document);
}

void document_source_restart(struct document_source *source) {
    source->kind->restart(source);
}

size_t document_source_count(const struct document_source *source) {
    return source->kind->count(source);
}

struct source_skips document_source_skips(const struct document_source *source) {
    return source->skips;
}

void document_source_free(struct document_source *source) {
    if (source != NULL) {
        source->kind->free(source);
    }
}
