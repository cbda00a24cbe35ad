/*
 * document.c - see document.h.
 */
#include "documents/document.h"

#include "common/memory.h"

#include <stdlib.h>
#include <string.h>

struct document *document_new(const char *id, const char *title, char *content,
                              size_t content_bytes) {
    struct document *document = memory_allocate(sizeof(*document));
    *document = (struct document){
        .id = memory_copy_text(id, strlen(id)),
        .title = memory_copy_text(title, strlen(title)),
        .content = content,
        .content_bytes = content_bytes,
    };
    atomic_init(&document->references, 1);
    return document;
}

struct document *document_share(struct document *document) {
    atomic_fetch_add(&document->references, 1);
    return document;
}

void document_release(struct document *document) {
    if (document == NULL || atomic_fetch_sub(&document->references, 1) > 1) {
        return;
    }
    keyword_list_clear(&document->keywords);
    free(document->content);
    free(document->title);
    free(document->id);
    free(document);
}

static size_t words_size_bytes(const struct keyword *keywords, size_t count) {
    size_t size_bytes = 0;
    for (size_t i = 0; i < count; i++) {
        size_bytes += strlen(keywords[i].word) + 1;
    }
    return size_bytes;
}

struct keyword_list keyword_list_new(const struct keyword *keywords, size_t count) {
    size_t keywords_bytes = count * sizeof(*keywords);
    struct keyword *copies = memory_allocate(keywords_bytes + words_size_bytes(keywords, count));
    char *word = (char *)(copies + count);
    for (size_t i = 0; i < count; i++) {
        copies[i] = (struct keyword){word, keywords[i].count};
        word = stpcpy(word, keywords[i].word) + 1;
    }
    return (struct keyword_list){copies, count};
}

void keyword_list_clear(struct keyword_list *list) {
    free(list->keywords);
    *list = (struct keyword_list){NULL, 0};
}
