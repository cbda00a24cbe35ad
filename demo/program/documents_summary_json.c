/*
 * documents_summary_json.c - the summary of documents_summary.h for programs.
 *
 * Keys are stable; numbers are in the unit that their key names, and plain integers but for the
 * throughput.
 */
#include "program/documents_summary.h"

#include "program/json_values.h"

static json_t *input_value(const struct documents_options *options) {
    json_t *input = json_object();
    if (options->count > 0) {
        json_put_number(input, "generated", options->count);
        json_put_number(input, "seed", options->seed);
    } else {
        json_t *roots = json_array();
        for (size_t i = 0; i < options->n_roots; i++) {
            json_push(roots, json_text(options->roots[i]));
        }
        json_put(input, "files", roots);
    }
    json_put_number(input, "repeat", options->repeat);
    return input;
}

static json_t *store_value(const struct store_options *options) {
    json_t *store = json_object();
    bool bounded = options->kind == STORE_LRU;
    json_put(store, "kind", json_string(bounded ? "lru" : "unbounded"));
    if (bounded) {
        json_put_number(store, "capacity", options->capacity);
        json_put(store, "ttl_ms",
                 options->ttl_ms > 0 ? json_integer((json_int_t)options->ttl_ms) : json_null());
    }
    return store;
}

static json_t *skips_value(const struct source_skips *skips) {
    json_t *value = json_object();
    json_put_number(value, "not_regular", skips->not_regular);
    json_put_number(value, "unreadable", skips->unreadable);
    json_put_number(value, "not_text", skips->not_text);
    return value;
}

static json_t *top_value(const struct documents_summary *summary) {
    const struct word_entry *top[TOP_KEYWORDS];
    size_t n_top = documents_summary_top(summary, top);
    json_t *list = json_array();
    for (size_t i = 0; i < n_top; i++) {
        json_t *keyword = json_object();
        json_put(keyword, "word", json_text(top[i]->word));
        json_put_number(keyword, "count", top[i]->count);
        json_push(list, keyword);
    }
    return list;
}

static json_t *pool_value(const struct documents_summary *summary,
                          const struct documents_options *options) {
    const struct document_pool_statistics *pool = &summary->pool;
    json_t *value = json_object();
    json_put_number(value, "workers", options->workers);
    json_put_number(value, "sleep_ms", options->sleep_ms);
    json_put_number(value, "submitted", pool->submitted);
    json_put_number(value, "rejected", pool->rejected);
    json_put_number(value, "timed_out", pool->timed_out);
    json_put_number(value, "processed", pool->processed);
    json_put_number(value, "failed", pool->failed);
    json_put_number(value, "cancelled", pool->cancelled);
    json_put(value, "documents_per_s", json_real(documents_summary_throughput(summary)));
    json_put_durations(value, "blocked", &pool->blocked);
    json_put_durations(value, "in_queue", &pool->in_queue);
    json_put_durations(value, "process", &pool->process);
    return value;
}

void documents_summary_print_json(const struct documents_summary *summary,
                                  const struct documents_options *options) {
    json_t *root = json_object();
    json_put(root, "processor", json_string(processor_choice_name(options->processor)));
    json_put_signal(root, "stopped_by", summary->stopped_by);
    json_put(root, "input", input_value(options));
    json_put(root, "store", store_value(&options->store));
    json_put_number(root, "documents", summary->documents);
    json_put(root, "left_out", skips_value(&summary->skips));
    json_put_number(root, "content_bytes", summary->content_bytes);
    json_put_number(root, "words", summary->words);
    json_put_number(root, "distinct_keywords", word_table_size(&summary->keyword_uses));
    json_put_number(root, "keywords", summary->keywords);
    json_put(root, "top_keywords", top_value(summary));
    json_put(root, "keywords_digest", json_string(summary->keywords_digest));
    json_put(root, "hashes_digest", json_string(summary->hashes_digest));
    json_put_number(root, "stored_documents", summary->stored.documents);
    json_put_number(root, "stored_bytes", summary->stored.content_bytes);
    json_put_number(root, "evicted_documents", summary->stored.evicted);
    json_put_number(root, "expired_documents", summary->stored.expired);
    json_put_number(root, "elapsed_ns", summary->elapsed_ns);
    json_put(root, "pool", options->workers > 0 ? pool_value(summary, options) : json_null());
    json_print(root);
}
