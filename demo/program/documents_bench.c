/*
 * documents_bench.c - see documents_bench.h.
 *
 * An operation is a step for one document; a round is all documents. They are made or read
 * beforehand, and so is the normalised text that keywords are extracted from. The same ones come
 * again in each round: a processor's store has each of them once, however many rounds there are.
 */
#include "program/documents_bench.h"

#include "common/memory.h"
#include "common/message.h"
#include "common/random.h"
#include "common/string_buffer.h"
#include "documents/processor.h"
#include "documents/processor_naive.h"
#include "documents/processor_optimised.h"
#include "program/bench.h"
#include "program/command.h"
#include "program/documents_input.h"

#include <stdlib.h>
#include <string.h>

struct subject {
    struct document *document;
    struct string_buffer normalized; /* its content */
};

struct documents_bench {
    struct subject *subjects;
    size_t n_subjects;
    size_t content_bytes; /* of all */
    struct document_processor *naive, *optimised;
    /* For the steps of the optimised processor by themselves. */
    struct stop_word_set stop_words;
    struct workspace_pool workspaces;
    struct workspace *workspace;
};

/* ---- what is measured ---- */

static int process(struct document_processor *processor, const struct subject *subject) {
    struct processing_result result;
    return document_process(processor, subject->document, &result);
}

static int process_naive(void *context, size_t i) {
    struct documents_bench *bench = context;
    return process(bench->naive, &bench->subjects[i]);
}

static int process_optimised(void *context, size_t i) {
    struct documents_bench *bench = context;
    return process(bench->optimised, &bench->subjects[i]);
}

static int normalise_naive(void *context, size_t i) {
    struct documents_bench *bench = context;
    char *normalized;
    int error = normalize_content(bench->subjects[i].document->content, &normalized);
    if (error == 0) {
        free(normalized);
    }
    return error;
}

static int normalise_optimised(void *context, size_t i) {
    struct documents_bench *bench = context;
    const struct document *document = bench->subjects[i].document;
    optimised_normalize_content(document->content, document->content_bytes,
                                &bench->workspace->normalized);
    return 0;
}

static int extract_naive(void *context, size_t i) {
    struct documents_bench *bench = context;
    struct keyword_list keywords;
    size_t n_words;
    extract_keywords(bench->subjects[i].normalized.data, &keywords, &n_words);
    keyword_list_clear(&keywords);
    return 0;
}

/* The text is cut into words where it lies: a copy of it, the making of which is measured, too. */
static int extract_optimised(void *context, size_t i) {
    struct documents_bench *bench = context;
    const struct string_buffer *normalized = &bench->subjects[i].normalized;
    struct keyword_list keywords;
    size_t n_words;
    string_buffer_clear(&bench->workspace->normalized);
    string_buffer_append(&bench->workspace->normalized, normalized->data, normalized->size_bytes);
    optimised_extract_keywords(bench->workspace, &bench->stop_words, &keywords, &n_words);
    keyword_list_clear(&keywords);
    return 0;
}

static int hash_naive(void *context, size_t i) {
    struct documents_bench *bench = context;
    char hash[MD5_TEXT_BYTES];
    return calculate_hash(bench->subjects[i].document->content, hash);
}

static int hash_optimised(void *context, size_t i) {
    struct documents_bench *bench = context;
    const struct document *document = bench->subjects[i].document;
    char hash[MD5_TEXT_BYTES];
    return optimised_calculate_hash(bench->workspace->digest, document->content,
                                    document->content_bytes, hash);
}

static const struct benchmark benchmarks[] = {
    {"Process/version=naive", process_naive},
    {"Process/version=optimised", process_optimised},
    {"Normalise/version=naive", normalise_naive},
    {"Normalise/version=optimised", normalise_optimised},
    {"Extract/version=naive", extract_naive},
    {"Extract/version=optimised", extract_optimised},
    {"Hash/version=naive", hash_naive},
    {"Hash/version=optimised", hash_optimised},
};

/* ---- what it is measured on ---- */

static struct document *random_document(uint64_t seed) {
    static const char *const vocabulary[] = {
        "performance", "optimization", "golang", "profiling", "memory", "the",  "and",
        "for",         "with",         "that",   "have",      "from",   "this",
    };
    enum { WORDS = 1000, SENTENCE_WORDS = 10, N = sizeof(vocabulary) / sizeof(vocabulary[0]) };
    struct random_generator generator = random_seeded(seed);
    struct string_buffer content = STRING_BUFFER_EMPTY;
    for (uint32_t i = 0; i < WORDS; i++) {
        string_buffer_append_text(&content, vocabulary[random_below(&generator, N)]);
        string_buffer_append_text(&content, i % SENTENCE_WORDS == 0 ? " . " : " ");
    }
    size_t content_bytes = content.size_bytes;
    return document_new("doc-1000", "Document of 1000 words", string_buffer_detach(&content),
                        content_bytes);
}

static void add_subject(struct documents_bench *bench, struct document *document) {
    bench->subjects =
        memory_resize(bench->subjects, bench->n_subjects + 1, sizeof(bench->subjects[0]));
    struct subject *subject = &bench->subjects[bench->n_subjects++];
    *subject = (struct subject){document, STRING_BUFFER_EMPTY};
    optimised_normalize_content(document->content, document->content_bytes, &subject->normalized);
    bench->content_bytes += document->content_bytes;
}

static void note_skipped(void *context, const char *path, const char *cause) {
    const struct documents_options *options = context;
    if (!options->quiet) {
        message_print("%s: %s; left out", path, cause);
    }
}

static int read_subjects(struct documents_bench *bench, const struct documents_options *options) {
    struct skip_observer observer = {note_skipped, (void *)options};
    struct document_source *source;
    struct document *document;
    int status = documents_input_open(options, &observer, &source);
    if (status != STATUS_OK) {
        return status;
    }
    while (document_source_next(source, &document) > 0) {
        add_subject(bench, document);
    }
    document_source_free(source);
    if (bench->n_subjects == 0) {
        documents_input_complain_of_none(options);
        return STATUS_BAD_INPUT;
    }
    return STATUS_OK;
}

static int make_subjects(struct documents_bench *bench, const struct documents_options *options) {
    if (options->count > 0 || options->n_roots > 0) {
        return read_subjects(bench, options);
    }
    add_subject(bench, random_document(options->seed));
    return STATUS_OK;
}

/* ---- all ---- */

static int run(struct documents_bench *bench, const struct documents_options *options) {
    char *input = memory_format("%zu document%s, %zu bytes", bench->n_subjects,
                                bench->n_subjects == 1 ? "" : "s", bench->content_bytes);
    const struct bench_suite suite = {
        .package = "tally-demo/documents",
        .input = input,
        .benchmarks = benchmarks,
        .n_benchmarks = sizeof(benchmarks) / sizeof(benchmarks[0]),
        .context = bench,
        .operations = bench->n_subjects,
    };
    const struct bench_options how = bench_request_options(&options->bench, options->repeat);
    int error = bench_run(&suite, &how);
    free(input);
    return error == 0 ? finish_output() : STATUS_FAILED;
}

static void start(struct documents_bench *bench) {
    *bench = (struct documents_bench){
        .naive = naive_processor_new(unbounded_store_new()),
        .optimised = optimised_processor_new(unbounded_store_new()),
    };
    stop_word_set_fill(&bench->stop_words);
    workspace_pool_init(&bench->workspaces);
    bench->workspace = workspace_take(&bench->workspaces);
}

static void finish(struct documents_bench *bench) {
    for (size_t i = 0; i < bench->n_subjects; i++) {
        document_release(bench->subjects[i].document);
        string_buffer_free(&bench->subjects[i].normalized);
    }
    free(bench->subjects);
    workspace_give_back(&bench->workspaces, bench->workspace);
    workspace_pool_destroy(&bench->workspaces);
    document_processor_free(bench->optimised);
    document_processor_free(bench->naive);
}

int documents_bench(const struct documents_options *options) {
    struct documents_bench bench;
    start(&bench);
    int status = make_subjects(&bench, options);
    if (status == STATUS_OK) {
        status = run(&bench, options);
    }
    finish(&bench);
    return status;
}
