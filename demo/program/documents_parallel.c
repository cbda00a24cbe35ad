/*
 * documents_parallel.c - see documents_parallel.h.
 */
#include "program/documents_parallel.h"

#include "common/channel.h"
#include "common/interruption.h"
#include "common/memory.h"
#include "common/message.h"
#include "common/wait_group.h"
#include "program/command.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct documents_parallel {
    struct documents_run *run;
    struct document_pool *pool;
    struct channel *results; /* of documents that were processed */
    pthread_t consumer;
    struct wait_group under_way; /* submitted, and not yet added up */
    atomic_bool failed;          /* a document, which was told */
};

static void *consume(void *argument) {
    struct documents_parallel *parallel = argument;
    struct document *document;
    while ((document = channel_take(parallel->results, NULL)) != NULL) {
        documents_run_add(parallel->run, document);
        document_release(document);
        wait_group_done(&parallel->under_way);
    }
    return NULL;
}

/* On a worker. */
static void pass_on(void *context, struct document *document, int error) {
    struct documents_parallel *parallel = context;
    if (error == 0) {
        channel_put(parallel->results, document, CHANNEL_FOREVER, NULL);
        return;
    }
    if (error != -ECANCELED && !atomic_exchange(&parallel->failed, true)) {
        documents_run_tell_failure(parallel->run, document, error);
    }
    document_release(document);
    wait_group_done(&parallel->under_way);
}

static int start_pool(struct documents_parallel *parallel) {
    const struct documents_options *options = parallel->run->options;
    struct document_pool_config config = {
        .processor = parallel->run->processor,
        .workers = options->workers,
        .sleep_ns = options->sleep_ms * UINT64_C(1000000),
        .done = pass_on,
        .context = parallel,
    };
    return options->processor == PROCESSOR_OPTIMISED
               ? optimised_document_pool_start(&config, &parallel->pool)
               : naive_document_pool_start(&config, &parallel->pool);
}

static void stop_consumer(struct documents_parallel *parallel) {
    channel_close(parallel->results);
    pthread_join(parallel->consumer, NULL);
}

/* 0, or -errno, and then no thread is left. */
static int start_threads(struct documents_parallel *parallel) {
    int error = -pthread_create(&parallel->consumer, NULL, consume, parallel);
    if (error != 0) {
        return error;
    }
    error = start_pool(parallel);
    if (error != 0) {
        stop_consumer(parallel);
    }
    return error;
}

static void free_parallel(struct documents_parallel *parallel) {
    document_pool_free(parallel->pool);
    channel_free(parallel->results);
    wait_group_destroy(&parallel->under_way);
    free(parallel);
}

int documents_parallel_start(struct documents_run *run, struct documents_parallel **result) {
    size_t workers = run->options->workers;
    struct documents_parallel *parallel = memory_allocate(sizeof(*parallel));
    *parallel = (struct documents_parallel){
        .run = run, .results = channel_new(fifo_queue_new(workers), workers)};
    wait_group_init(&parallel->under_way);
    int error = start_threads(parallel);
    if (error != 0) {
        message_print("--workers %zu: cannot start so many threads: %s", workers, strerror(-error));
        free_parallel(parallel);
        return STATUS_FAILED;
    }
    *result = parallel;
    return STATUS_OK;
}

static int status_of(const struct documents_parallel *parallel) {
    return atomic_load(&parallel->failed) ? STATUS_FAILED : STATUS_OK;
}

int documents_parallel_submit(struct documents_parallel *parallel, struct document *document) {
    wait_group_add(&parallel->under_way);
    if (document_pool_submit(parallel->pool, document, CHANNEL_FOREVER) != 0) {
        document_release(document);
        wait_group_done(&parallel->under_way);
    }
    return status_of(parallel);
}

int documents_parallel_wait(struct documents_parallel *parallel) {
    wait_group_wait(&parallel->under_way);
    return status_of(parallel);
}

struct document_pool_statistics documents_parallel_end(struct documents_parallel *parallel,
                                                       int status) {
    bool is_whole = status == STATUS_OK && interruption_signal() == 0;
    document_pool_stop(parallel->pool, is_whole ? WORKER_POOL_DRAIN : WORKER_POOL_CANCEL);
    stop_consumer(parallel);
    struct document_pool_statistics statistics = document_pool_statistics(parallel->pool);
    free_parallel(parallel);
    return statistics;
}
