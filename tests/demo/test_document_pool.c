/*
 * test_document_pool.c - both document pools: they find what the processor finds by itself; each
 * document is done once, whatever ends the pool; a full queue is told; no thread is left.
 */
#include "common/memory.h"
#include "common/monotonic_clock.h"
#include "documents/document_pool.h"
#include "documents/document_source.h"
#include "documents/processor_kind.h"
#include "documents/results_digest.h"
#include "thread_count.h"

#include <criterion/criterion.h>

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPTIMISED_QUEUE_PER_WORKER = 10 };

struct pool_kind {
    const char *name;
    struct document_processor *(*new_processor)(struct document_store *store);
    int (*start)(const struct document_pool_config *config, struct document_pool **pool);
};

static const struct pool_kind naive = {"naive", naive_processor_new, naive_document_pool_start};
static const struct pool_kind optimised = {"optimised", optimised_processor_new,
                                           optimised_document_pool_start};

static struct document_pool *start(const struct pool_kind *kind,
                                   const struct document_pool_config *config) {
    struct document_pool *pool;
    cr_assert_eq(kind->start(config, &pool), 0);
    return pool;
}

static void with_each_kind(void (*check)(const struct pool_kind *kind)) {
    check(&naive);
    check(&optimised);
}

/* ---- what is found ---- */

struct digests {
    char keywords[RESULTS_DIGEST_TEXT_BYTES], hashes[RESULTS_DIGEST_TEXT_BYTES];
};

static struct digests digest_and_free(struct results_digest *digest) {
    struct digests digests;
    results_digest_print(digest, digests.keywords, digests.hashes);
    results_digest_free(digest);
    return digests;
}

static struct document_source *license_texts(void) {
    const char *roots[] = {"/usr/share/common-licenses"}, *failed_root;
    struct document_source *source = NULL;
    cr_assert_eq(file_source_new(roots, 1, NULL, &source, &failed_root), 0);
    return source;
}

static struct document_source *generated_texts(void) {
    return generated_source_new(60, 9);
}

static struct digests one_after_the_other(struct document_source *source) {
    struct document_processor *processor = naive_processor_new(lru_store_new(1, 0));
    struct results_digest *digest = results_digest_new();
    struct document *document;
    while (document_source_next(source, &document) > 0) {
        struct processing_result result;
        cr_assert_eq(document_process(processor, document, &result), 0);
        results_digest_add(digest, document);
        document_release(document);
    }
    document_source_free(source);
    document_processor_free(processor);
    return digest_and_free(digest);
}

struct collector {
    pthread_mutex_t lock;
    struct results_digest *digest;
};

static void collect(void *context, struct document *document, int error) {
    struct collector *collector = context;
    cr_assert_eq(error, 0);
    pthread_mutex_lock(&collector->lock);
    results_digest_add(collector->digest, document);
    pthread_mutex_unlock(&collector->lock);
    document_release(document);
}

static struct digests by_pool(const struct pool_kind *kind, size_t workers,
                              struct document_source *source) {
    struct collector collector = {PTHREAD_MUTEX_INITIALIZER, results_digest_new()};
    struct document_processor *processor = kind->new_processor(unbounded_store_new());
    struct document_pool_config config = {
        .processor = processor, .workers = workers, .done = collect, .context = &collector};
    struct document_pool *pool = start(kind, &config);
    struct document *document;
    size_t submitted = 0;
    for (; document_source_next(source, &document) > 0; submitted++) {
        cr_assert_eq(document_pool_submit(pool, document, CHANNEL_FOREVER), 0);
    }
    document_pool_stop(pool, WORKER_POOL_DRAIN);
    cr_assert_eq(document_pool_statistics(pool).processed, submitted);
    cr_assert_eq(document_store_usage(document_processor_store(processor)).documents, submitted);
    document_pool_free(pool);
    document_processor_free(processor);
    document_source_free(source);
    return digest_and_free(collector.digest);
}

static void check_agreement(const struct pool_kind *kind, struct document_source *(*texts)(void)) {
    struct digests expected = one_after_the_other(texts());
    static const size_t numbers_of_workers[] = {1, 4, 10};
    for (size_t i = 0; i < 3; i++) {
        struct digests found = by_pool(kind, numbers_of_workers[i], texts());
        cr_assert_str_eq(found.keywords, expected.keywords);
        cr_assert_str_eq(found.hashes, expected.hashes);
    }
}

Test(document_pool, naive_finds_what_one_thread_finds) {
    check_agreement(&naive, generated_texts);
    check_agreement(&naive, license_texts);
}

Test(document_pool, optimised_finds_what_one_thread_finds) {
    check_agreement(&optimised, generated_texts);
    check_agreement(&optimised, license_texts);
}

/* ---- what becomes of each document ---- */

enum { DOCUMENTS = 120, WORKERS = 4 };

/* A processor that does nothing, and not before the gate is open. Its documents are numbered from 0
 * by their titles; each `failing`th fails. */
struct gated_processor {
    struct document_processor base;
    sem_t gate;
    atomic_size_t begun;
    size_t failing; /* 0: none */
};

static size_t number_of(const struct document *document) {
    return strtoul(document->title, NULL, 10);
}

static int fill_in(struct document_processor *base, struct document *document) {
    struct gated_processor *processor = (struct gated_processor *)base;
    atomic_fetch_add(&processor->begun, 1);
    sem_wait(&processor->gate);
    sem_post(&processor->gate);
    return processor->failing > 0 && number_of(document) % processor->failing == 0 ? -EINVAL : 0;
}

static void free_processor(struct document_processor *base) {
    free(base);
}

/* A pool, its processor, and how often each document was done, by error. */
struct bench {
    struct gated_processor *processor;
    struct document_pool *pool;
    atomic_uint processed[DOCUMENTS], failed[DOCUMENTS], cancelled[DOCUMENTS];
};

static void note_done(void *context, struct document *document, int error) {
    struct bench *bench = context;
    size_t number = number_of(document);
    atomic_fetch_add(error == 0            ? &bench->processed[number]
                     : error == -ECANCELED ? &bench->cancelled[number]
                                           : &bench->failed[number],
                     1);
    document_release(document);
}

static struct bench *new_bench(const struct pool_kind *kind, size_t workers, size_t failing) {
    static const struct document_processor_kind gated = {fill_in, free_processor, NULL};
    struct bench *bench = calloc(1, sizeof(*bench));
    bench->processor = calloc(1, sizeof(*bench->processor));
    bench->processor->base = (struct document_processor){&gated, lru_store_new(1, 0)};
    bench->processor->failing = failing;
    sem_init(&bench->processor->gate, 0, 0);
    bench->pool = start(kind, &(struct document_pool_config){
                                  .processor = &bench->processor->base,
                                  .workers = workers,
                                  .sleep_ns = 1000,
                                  .done = note_done,
                                  .context = bench,
                              });
    return bench;
}

static void free_bench(struct bench *bench) {
    document_pool_free(bench->pool);
    document_processor_free(&bench->processor->base);
    free(bench);
}

static void open_gate(struct bench *bench) {
    sem_post(&bench->processor->gate);
}

static int submit(struct bench *bench, size_t number, uint64_t timeout_ns) {
    char *title = memory_format("%zu", number);
    struct document *document = document_new(title, title, memory_copy_text("", 0), 0);
    free(title);
    int error = document_pool_submit(bench->pool, document, timeout_ns);
    if (error != 0) {
        document_release(document);
    }
    return error;
}

static void submit_range(struct bench *bench, size_t first, size_t end) {
    for (size_t i = first; i < end; i++) {
        cr_assert_eq(submit(bench, i, CHANNEL_FOREVER), 0);
    }
}

/* Makes all workers begin with a document, 0, 1, …, that they cannot finish yet. */
static void occupy(struct bench *bench, size_t workers) {
    submit_range(bench, 0, workers);
    while (atomic_load(&bench->processor->begun) < workers) {
    }
}

static void assert_each_done_once(const struct bench *bench, size_t submitted, size_t failing) {
    for (size_t i = 0; i < DOCUMENTS; i++) {
        unsigned fails = failing > 0 && i % failing == 0 && i < submitted;
        cr_assert_eq(bench->failed[i], fails);
        cr_assert_eq(bench->processed[i], i < submitted && !fails);
        cr_assert_eq(bench->cancelled[i], 0);
    }
}

static void assert_consistent(struct duration_stats stats, uint64_t count) {
    cr_assert_eq(stats.count, count);
    cr_assert_leq(stats.largest_ns, stats.sum_ns);
    cr_assert_leq(stats.sum_ns, stats.largest_ns * count);
}

static void check_draining(const struct pool_kind *kind) {
    struct bench *bench = new_bench(kind, WORKERS, 0);
    open_gate(bench);
    submit_range(bench, 0, DOCUMENTS);
    document_pool_stop(bench->pool, WORKER_POOL_DRAIN);
    assert_each_done_once(bench, DOCUMENTS, 0);
    struct document_pool_statistics statistics = document_pool_statistics(bench->pool);
    cr_assert_eq(statistics.submitted, DOCUMENTS);
    cr_assert_eq(statistics.processed, DOCUMENTS);
    cr_assert_eq(statistics.rejected + statistics.timed_out + statistics.failed, 0);
    cr_assert_eq(statistics.cancelled, 0);
    cr_assert_eq(statistics.workers_at_work, 0);
    assert_consistent(statistics.blocked, DOCUMENTS);
    assert_consistent(statistics.in_queue, DOCUMENTS);
    assert_consistent(statistics.process, DOCUMENTS);
    cr_assert_gt(statistics.process.largest_ns, 0);

    cr_assert_eq(submit(bench, 0, CHANNEL_FOREVER), -ESHUTDOWN);
    document_pool_stop(bench->pool, WORKER_POOL_DRAIN);
    free_bench(bench);
}

Test(document_pool, draining_processes_each_document_once) {
    with_each_kind(check_draining);
}

static void check_failures(const struct pool_kind *kind) {
    struct bench *bench = new_bench(kind, WORKERS, 3);
    open_gate(bench);
    submit_range(bench, 0, DOCUMENTS);
    document_pool_stop(bench->pool, WORKER_POOL_DRAIN);
    assert_each_done_once(bench, DOCUMENTS, 3);
    struct document_pool_statistics statistics = document_pool_statistics(bench->pool);
    cr_assert_eq(statistics.failed, DOCUMENTS / 3);
    cr_assert_eq(statistics.processed, DOCUMENTS - DOCUMENTS / 3);
    free_bench(bench);
}

Test(document_pool, failures_are_told_and_counted) {
    with_each_kind(check_failures);
}

/* Lets the workers go on when the pool accepts no more. */
static void *open_gate_of_stopping(void *argument) {
    struct bench *bench = argument;
    while (submit(bench, 0, CHANNEL_NO_WAIT) != -ESHUTDOWN) {
    }
    open_gate(bench);
    return NULL;
}

Test(document_pool, cancelling_finishes_what_is_under_way_and_tells_the_rest) {
    struct bench *bench = new_bench(&optimised, WORKERS, 0);
    size_t accepted = WORKERS * (1 + OPTIMISED_QUEUE_PER_WORKER);
    occupy(bench, WORKERS);
    submit_range(bench, WORKERS, accepted);
    pthread_t thread;
    cr_assert_eq(pthread_create(&thread, NULL, open_gate_of_stopping, bench), 0);
    document_pool_stop(bench->pool, WORKER_POOL_CANCEL);
    cr_assert_eq(pthread_join(thread, NULL), 0);
    for (size_t i = 0; i < DOCUMENTS; i++) {
        cr_assert_eq(bench->processed[i], i < WORKERS);
        cr_assert_eq(bench->cancelled[i], i >= WORKERS && i < accepted);
    }
    struct document_pool_statistics statistics = document_pool_statistics(bench->pool);
    cr_assert_eq(statistics.submitted, accepted);
    cr_assert_eq(statistics.processed, WORKERS);
    cr_assert_eq(statistics.cancelled, accepted - WORKERS);
    free_bench(bench);
}

/* ---- submit ---- */

Test(document_pool, optimised_says_that_its_queue_is_full) {
    struct bench *bench = new_bench(&optimised, 2, 0);
    occupy(bench, 2);
    cr_assert_eq(document_pool_statistics(bench->pool).workers_at_work, 2);
    for (size_t i = 2; i < 2 + 2 * OPTIMISED_QUEUE_PER_WORKER; i++) {
        cr_assert_eq(submit(bench, i, CHANNEL_NO_WAIT), 0);
    }
    cr_assert_eq(submit(bench, DOCUMENTS - 1, CHANNEL_NO_WAIT), -EAGAIN);
    cr_assert_eq(submit(bench, DOCUMENTS - 1, 1000), -ETIMEDOUT);
    cr_assert_eq(submit(bench, DOCUMENTS - 1, CHANNEL_NO_WAIT), -EAGAIN);
    open_gate(bench);
    document_pool_stop(bench->pool, WORKER_POOL_DRAIN);
    struct document_pool_statistics statistics = document_pool_statistics(bench->pool);
    cr_assert_eq(statistics.submitted, 2 + 2 * OPTIMISED_QUEUE_PER_WORKER);
    cr_assert_eq(statistics.rejected, 2);
    cr_assert_eq(statistics.timed_out, 1);
    cr_assert_geq(statistics.blocked.largest_ns, 1000);
    assert_each_done_once(bench, 2 + 2 * OPTIMISED_QUEUE_PER_WORKER, 0);
    free_bench(bench);
}

static void *submit_without_waiting(void *argument) {
    cr_assert_eq(submit(argument, 1, CHANNEL_NO_WAIT), 0);
    return NULL;
}

/* Fault rendezvous. */
Test(document_pool, naive_waits_for_a_worker_though_told_not_to) {
    struct bench *bench = new_bench(&naive, 1, 0);
    occupy(bench, 1);
    pthread_t thread;
    cr_assert_eq(pthread_create(&thread, NULL, submit_without_waiting, bench), 0);
    open_gate(bench);
    cr_assert_eq(pthread_join(thread, NULL), 0);
    document_pool_stop(bench->pool, WORKER_POOL_DRAIN);
    cr_assert_eq(document_pool_statistics(bench->pool).rejected, 0);
    assert_each_done_once(bench, 2, 0);
    free_bench(bench);
}

/* ---- statistics and threads ---- */

struct reader {
    struct document_pool *pool;
    atomic_bool stopped;
};

static void *read_statistics(void *argument) {
    struct reader *reader = argument;
    struct document_pool_statistics before = {0}, now;
    do {
        now = document_pool_statistics(reader->pool);
        cr_assert_geq(now.submitted, before.submitted);
        cr_assert_geq(now.processed, before.processed);
        cr_assert_geq(now.process.sum_ns, before.process.sum_ns);
        cr_assert_geq(now.process.largest_ns, before.process.largest_ns);
        cr_assert_leq(now.workers_at_work, WORKERS);
        before = now;
    } while (!atomic_load(&reader->stopped));
    return NULL;
}

static void check_reading(const struct pool_kind *kind) {
    struct bench *bench = new_bench(kind, WORKERS, 0);
    struct reader reader = {.pool = bench->pool};
    pthread_t thread;
    cr_assert_eq(pthread_create(&thread, NULL, read_statistics, &reader), 0);
    open_gate(bench);
    submit_range(bench, 0, DOCUMENTS);
    document_pool_stop(bench->pool, WORKER_POOL_DRAIN);
    atomic_store(&reader.stopped, true);
    cr_assert_eq(pthread_join(thread, NULL), 0);
    free_bench(bench);
}

Test(document_pool, statistics_can_be_read_while_it_runs) {
    with_each_kind(check_reading);
}

static void check_threads(const struct pool_kind *kind) {
    struct bench *bench = new_bench(kind, WORKERS, 0);
    size_t before = threads_of_this_process() - WORKERS;
    open_gate(bench);
    submit_range(bench, 0, 50);
    document_pool_stop(bench->pool, WORKER_POOL_DRAIN);
    cr_assert_eq(threads_once_at_most(before), before);
    free_bench(bench);

    bench = new_bench(kind, WORKERS, 0);
    cr_assert_eq(threads_of_this_process(), before + WORKERS);
    open_gate(bench);
    submit_range(bench, 0, 50);
    document_pool_stop(bench->pool, WORKER_POOL_CANCEL);
    cr_assert_eq(threads_once_at_most(before), before);
    free_bench(bench);
}

Test(document_pool, no_thread_is_left) {
    with_each_kind(check_threads);
}

/* ---- load ---- */

enum { LOAD_WORKERS = 5, LOAD_DOCUMENTS = 10000, LOAD_WORDS = 100 };

static void release_done(void *context, struct document *document, int error) {
    (void)context;
    cr_assert_eq(error, 0);
    document_release(document);
}

static struct document *load_document(size_t number) {
    static const char text[] = "concurrent documents, ";
    size_t content_bytes = LOAD_WORDS / 2 * (sizeof(text) - 1);
    char *content = memory_allocate(content_bytes + 1);
    for (size_t i = 0; i < LOAD_WORDS / 2; i++) {
        memcpy(content + i * (sizeof(text) - 1), text, sizeof(text));
    }
    char *id = memory_format("load-%zu", number);
    struct document *document = document_new(id, "", content, content_bytes);
    free(id);
    return document;
}

Test(document_pool, takes_or_rejects_each_document_of_a_heavy_load) {
    struct document_processor *processor = optimised_processor_new(lru_store_new(100, 0));
    struct document_pool_config config = {
        .processor = processor, .workers = LOAD_WORKERS, .done = release_done};
    struct document_pool *pool = start(&optimised, &config);
    uint64_t rejected = 0, start_ns = monotonic_now_ns();
    for (size_t i = 0; i < LOAD_DOCUMENTS; i++) {
        struct document *document = load_document(i);
        int error = document_pool_submit(pool, document, CHANNEL_NO_WAIT);
        if (error != 0) {
            cr_assert_eq(error, -EAGAIN);
            document_release(document);
            rejected++;
        }
    }
    document_pool_stop(pool, WORKER_POOL_DRAIN);
    double elapsed_s = (double)(monotonic_now_ns() - start_ns) / 1e9;
    struct document_pool_statistics statistics = document_pool_statistics(pool);
    cr_assert_eq(statistics.submitted + statistics.rejected, LOAD_DOCUMENTS);
    cr_assert_eq(statistics.rejected, rejected);
    cr_assert_eq(statistics.processed, statistics.submitted);
    cr_assert_gt(statistics.processed, 0);
    fprintf(stderr, "%" PRIu64 " documents processed, %.0f a second; %" PRIu64 " rejected\n",
            statistics.processed, (double)statistics.processed / elapsed_s, rejected);
    document_pool_free(pool);
    document_processor_free(processor);
}
