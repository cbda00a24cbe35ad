/*
 * test_documents_run.c - runs with a processor that refuses a document: they end, with a status,
 * and leave neither a thread nor a document behind; and runs that go well add up the same.
 */
#include "program/documents_run.h"

#include "documents/processor_kind.h"
#include "program/command.h"
#include "thread_count.h"

#include <criterion/criterion.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { DOCUMENTS = 60 };

struct refusing_processor {
    struct document_processor base;
    const char *refused_id;
};

static int fill_in(struct document_processor *base, struct document *document) {
    struct refusing_processor *processor = (struct refusing_processor *)base;
    return strcmp(document->id, processor->refused_id) == 0 ? -EINVAL : 0;
}

static void free_processor(struct document_processor *base) {
    free(base);
}

static struct document_processor *new_refusing_processor(const char *refused_id) {
    static const struct document_processor_kind kind = {fill_in, free_processor, NULL};
    struct refusing_processor *processor = calloc(1, sizeof(*processor));
    processor->base = (struct document_processor){&kind, unbounded_store_new()};
    processor->refused_id = refused_id;
    return &processor->base;
}

/* Of two rounds; returns the status. */
static int run_with(enum processor_choice pool, uint64_t workers, const char *refused_id,
                    struct documents_summary *summary) {
    struct documents_options options = {
        .count = DOCUMENTS, .repeat = 2, .processor = pool, .workers = workers};
    struct documents_run run = {
        .options = &options,
        .source = generated_source_new(DOCUMENTS, 1),
        .processor = new_refusing_processor(refused_id),
    };
    cr_assert_eq(documents_summary_start(&run.summary), 0);
    size_t threads = threads_of_this_process();
    int status = documents_run_all(&run);
    /* A sanitizer may start a thread of its own when the first one is made. */
    cr_assert_leq(threads_once_at_most(threads + 1), threads + 1);
    documents_summary_finish(&run.summary);
    *summary = run.summary;
    document_source_free(run.source);
    document_processor_free(run.processor);
    documents_summary_free(&run.summary);
    return status;
}

Test(documents_run, adds_up_the_same_with_and_without_workers) {
    struct documents_summary alone, summary;
    cr_assert_eq(run_with(PROCESSOR_NAIVE, 0, "none", &alone), STATUS_OK);
    cr_assert_eq(alone.documents, 2 * DOCUMENTS);
    for (uint64_t workers = 1; workers <= 10; workers += 3) {
        for (int pool = PROCESSOR_NAIVE; pool <= PROCESSOR_OPTIMISED; pool++) {
            cr_assert_eq(run_with(pool, workers, "none", &summary), STATUS_OK);
            cr_assert_eq(summary.documents, alone.documents);
            cr_assert_eq(summary.content_bytes, alone.content_bytes);
            cr_assert_str_eq(summary.hashes_digest, alone.hashes_digest);
            cr_assert_eq(summary.pool.processed, summary.documents);
        }
    }
}

/* The last document of a round too: then nobody submits another. */
static const char *const refused_ids[] = {"doc-1", "doc-30", "doc-60", "doc-120"};

Test(documents_run, ends_when_a_document_is_refused) {
    struct documents_summary summary;
    for (size_t i = 0; i < sizeof(refused_ids) / sizeof(refused_ids[0]); i++) {
        cr_assert_eq(run_with(PROCESSOR_NAIVE, 0, refused_ids[i], &summary), STATUS_FAILED);
        cr_assert_eq(summary.documents, strtoul(refused_ids[i] + strlen("doc-"), NULL, 10) - 1);
    }
}

Test(documents_run, ends_when_a_worker_is_refused_a_document) {
    struct documents_summary summary;
    for (size_t i = 0; i < sizeof(refused_ids) / sizeof(refused_ids[0]); i++) {
        for (int pool = PROCESSOR_NAIVE; pool <= PROCESSOR_OPTIMISED; pool++) {
            cr_assert_eq(run_with(pool, 3, refused_ids[i], &summary), STATUS_FAILED);
            const struct document_pool_statistics *statistics = &summary.pool;
            cr_assert_eq(statistics->failed, 1);
            cr_assert_eq(statistics->processed, summary.documents);
            cr_assert_eq(statistics->processed + statistics->cancelled + 1, statistics->submitted);
        }
    }
}
