/*
 * documents_summary_json.c - the summary of documents_summary.h for programs.
 *
 * Keys are stable; numbers are plain integers in the unit that their key names.
 */
#include "program/documents_summary.h"

#include "common/memory.h"
#include "common/text_format.h"

#include <jansson.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* jansson reports a lack of memory by null at every step; it is looked for once, at the end of
 * each value, since its functions pass a null on as a failure. */
static void put(json_t *object, const char *key, json_t *value) {
    if (json_object_set_new(object, key, value) != 0) {
        memory_exhausted();
    }
}

static void push(json_t *array, json_t *value) {
    if (json_array_append_new(array, value) != 0) {
        memory_exhausted();
    }
}

static void put_number(json_t *object, const char *key, uint64_t number) {
    put(object, key, json_integer((json_int_t)number));
}

static json_t *text_value(const char *text) {
    char *printable = format_printable(text, strlen(text));
    json_t *value = json_string(printable);
    free(printable);
    return value;
}

static json_t *input_value(const struct documents_options *options) {
    json_t *input = json_object();
    if (options->count > 0) {
        put_number(input, "generated", options->count);
        put_number(input, "seed", options->seed);
    } else {
        json_t *roots = json_array();
        for (size_t i = 0; i < options->n_roots; i++) {
            push(roots, text_value(options->roots[i]));
        }
        put(input, "files", roots);
    }
    put_number(input, "repeat", options->repeat);
    return input;
}

static json_t *store_value(const struct store_options *options) {
    json_t *store = json_object();
    bool bounded = options->kind == STORE_LRU;
    put(store, "kind", json_string(bounded ? "lru" : "unbounded"));
    if (bounded) {
        put_number(store, "capacity", options->capacity);
        put(store, "ttl_ms",
            options->ttl_ms > 0 ? json_integer((json_int_t)options->ttl_ms) : json_null());
    }
    return store;
}

static json_t *skips_value(const struct source_skips *skips) {
    json_t *value = json_object();
    put_number(value, "not_regular", skips->not_regular);
    put_number(value, "unreadable", skips->unreadable);
    put_number(value, "not_text", skips->not_text);
    return value;
}

static json_t *top_value(const struct documents_summary *summary) {
    const struct word_entry *top[TOP_KEYWORDS];
    size_t n_top = documents_summary_top(summary, top);
    json_t *list = json_array();
    for (size_t i = 0; i < n_top; i++) {
        json_t *keyword = json_object();
        put(keyword, "word", text_value(top[i]->word));
        put_number(keyword, "count", top[i]->count);
        push(list, keyword);
    }
    return list;
}

void documents_summary_print_json(const struct documents_summary *summary,
                                  const struct documents_options *options) {
    json_t *root = json_object();
    put(root, "processor", json_string(processor_choice_name(options->processor)));
    put(root, "input", input_value(options));
    put(root, "store", store_value(&options->store));
    put_number(root, "documents", summary->documents);
    put(root, "left_out", skips_value(&summary->skips));
    put_number(root, "content_bytes", summary->content_bytes);
    put_number(root, "words", summary->words);
    put_number(root, "distinct_keywords", word_table_size(&summary->keyword_uses));
    put_number(root, "keywords", summary->keywords);
    put(root, "top_keywords", top_value(summary));
    put(root, "keywords_digest", json_string(summary->keywords_digest));
    put(root, "hashes_digest", json_string(summary->hashes_digest));
    put_number(root, "stored_documents", summary->stored.documents);
    put_number(root, "stored_bytes", summary->stored.content_bytes);
    put_number(root, "evicted_documents", summary->stored.evicted);
    put_number(root, "expired_documents", summary->stored.expired);
    put_number(root, "elapsed_ns", summary->elapsed_ns);
    /* A write that fails is seen at the end, by finish_output(). */
    json_dumpf(root, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    putchar('\n');
    json_decref(root);
}
