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
    return document;
}

void document_free(struct document *document) {
    if (document == NULL) {
        return;
    }
    keyword_list_clear(&document->keywords);
    free(document->content);
    free(document->title);
    free(document->id);
    free(document);
}

void keyword_list_clear(struct keyword_list *list) {
    for (size_t i = 0; i < list->count; i++) {
        free(list->keywords[i].word);
    }
    free(list->keywords);
    *list = (struct keyword_list){NULL, 0};
}
