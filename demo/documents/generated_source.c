/*
 * generated_source.c - documents made of random words, see document_source.h.
 */
#include "documents/document_source.h"

#include "common/memory.h"
#include "common/random.h"
#include "common/string_buffer.h"
#include "documents/document_source_kind.h"

#include <stdlib.h>

enum { LEAST_WORDS = 1000, WORDS_RANGE = 5000, SENTENCE_WORDS = 10, VOCABULARY_SIZE = 20 };

static const char *const vocabulary[VOCABULARY_SIZE] = {
    "performance", "optimization", "golang",     "profiling", "memory",      "cpu",    "analysis",
    "benchmark",   "concurrent",   "processing", "system",    "application", "server", "client",
    "database",    "network",      "algorithm",  "structure", "function",    "method",
};

struct generated_source {
    struct document_source base;
    struct random_generator generator;
    uint64_t seed;
    size_t count;
    size_t left;      /* in this round */
    size_t generated; /* in all rounds */
};

static char *generate_content(struct random_generator *generator, size_t *content_bytes) {
    struct string_buffer content = STRING_BUFFER_EMPTY;
    uint32_t n_words = random_below(generator, WORDS_RANGE) + LEAST_WORDS;
    for (uint32_t i = 0; i < n_words; i++) {
        string_buffer_append_text(&content, vocabulary[random_below(generator, VOCABULARY_SIZE)]);
        string_buffer_append_text(&content, i % SENTENCE_WORDS == 0 ? " . " : " ");
    }
    *content_bytes = content.size_bytes;
    return string_buffer_detach(&content);
}

static struct document *generate_document(struct generated_source *source) {
    size_t number = ++source->generated;
    size_t content_bytes;
    char *content = generate_content(&source->generator, &content_bytes);
    char *id = memory_format("doc-%zu", number);
    char *title = memory_format("Document %zu", number);
    struct document *document = document_new(id, title, content, content_bytes);
    free(title);
    free(id);
    return document;
}

static int generated_next(struct document_source *base, struct document **document) {
    struct generated_source *source = (struct generated_source *)base;
    if (source->left == 0) {
        return 0;
    }
    source->left--;
    *document = generate_document(source);
    return 1;
}

static void generated_restart(struct document_source *base) {
    struct generated_source *source = (struct generated_source *)base;
    source->generator = random_seeded(source->seed);
    source->left = source->count;
}

static size_t generated_count(const struct document_source *base) {
    return ((const struct generated_source *)base)->count;
}

static void generated_free(struct document_source *base) {
    free(base);
}

static const struct document_source_kind generated_kind = {
    .next = generated_next,
    .restart = generated_restart,
    .count = generated_count,
    .free = generated_free,
};

struct document_source *generated_source_new(size_t count, uint64_t seed) {
    struct generated_source *source = memory_allocate(sizeof(*source));
    *source = (struct generated_source){
        .base = {.kind = &generated_kind},
        .seed = seed,
        .count = count,
    };
    generated_restart(&source->base);
    return &source->base;
}
