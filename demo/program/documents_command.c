/*
 * documents_command.c - `tally-demo documents`: take each document from the source, process it,
 * add up what came out.
 *
 *   source ──> document_process ──> summary ──> stdout
 *                     └──> the processor's store, which keeps every document, or some
 *
 * Heap captures, if wanted, are taken before and after the last round. What is made once and for
 * all, and what a bounded store holds when it is full, is there before it if there were rounds
 * enough: the difference of the two is what a round leaves behind.
 */
#include "common/heap_capture.h"
#include "common/message.h"
#include "common/monotonic_clock.h"
#include "documents/document_source.h"
#include "documents/processor.h"
#include "program/command.h"
#include "program/documents_bench.h"
#include "program/documents_input.h"
#include "program/documents_options.h"
#include "program/documents_summary.h"
#include "program/progress.h"

#include <string.h>

struct documents_run {
    const struct documents_options *options;
    struct document_source *source;
    struct document_processor *processor;
    struct documents_summary summary;
    struct progress progress;
};

static void note_skipped(void *context, const char *path, const char *cause) {
    struct documents_run *run = context;
    if (!run->options->quiet) {
        progress_clear(&run->progress);
        message_print("%s: %s; left out", path, cause);
    }
}

static struct document_store *new_store(const struct store_options *options) {
    return options->kind == STORE_LRU
               ? lru_store_new(options->capacity, options->ttl_ms * UINT64_C(1000000))
               : unbounded_store_new();
}

static struct document_processor *new_processor(const struct documents_options *options) {
    struct document_store *store = new_store(&options->store);
    return options->processor == PROCESSOR_OPTIMISED ? optimised_processor_new(store)
                                                     : naive_processor_new(store);
}

static int process_next(struct documents_run *run, struct document *document) {
    struct processing_result result;
    int error = document_process(run->processor, document, &result);
    if (error != 0) {
        progress_clear(&run->progress);
        message_print("%s: cannot be processed: %s", document->id, strerror(-error));
        return STATUS_FAILED;
    }
    documents_summary_add(&run->summary, result.document);
    progress_update(&run->progress, run->summary.documents, run->summary.content_bytes);
    return STATUS_OK;
}

static int run_round(struct documents_run *run) {
    struct document *document;
    int status = STATUS_OK;
    while (status == STATUS_OK && document_source_next(run->source, &document) > 0) {
        status = process_next(run, document);
        document_release(document);
    }
    return status;
}

static int capture_heap(struct documents_run *run, const char *name) {
    const char *directory = run->options->heap_captures;
    int error = directory != NULL ? heap_capture_write(directory, name) : 0;
    if (error != 0) {
        progress_clear(&run->progress);
        message_print("%s/%s: cannot be written: %s", directory, name, strerror(-error));
        return STATUS_FAILED;
    }
    return STATUS_OK;
}

/* All rounds start at one line, so that they have the same paths: the captures can be compared. */
static int run_rounds(struct documents_run *run) {
    uint64_t rounds = run->options->repeat;
    int status = STATUS_OK;
    for (uint64_t round = 1; status == STATUS_OK && round <= rounds; round++) {
        if (round > 1) {
            document_source_restart(run->source);
        }
        if (round == rounds) {
            status = capture_heap(run, "before.pb.gz");
        }
        if (status == STATUS_OK) {
            status = run_round(run);
        }
    }
    return status == STATUS_OK ? capture_heap(run, "after.pb.gz") : status;
}

static int run_timed(struct documents_run *run) {
    uint64_t start_ns = monotonic_now_ns();
    uint64_t total = document_source_count(run->source) * run->options->repeat;
    run->progress = progress_start(!run->options->quiet, "documents", total);
    int status = run_rounds(run);
    progress_clear(&run->progress);
    run->summary.elapsed_ns = monotonic_now_ns() - start_ns;
    return status;
}

static int report(struct documents_run *run) {
    if (run->summary.documents == 0) {
        documents_input_complain_of_none(run->options);
        return STATUS_BAD_INPUT;
    }
    run->summary.stored = document_store_usage(document_processor_store(run->processor));
    run->summary.skips = document_source_skips(run->source);
    documents_summary_finish(&run->summary);
    if (run->options->json) {
        documents_summary_print_json(&run->summary, run->options);
    } else {
        documents_summary_print(&run->summary, run->options);
    }
    return finish_output();
}

static int run_documents(const struct documents_options *options) {
    if (options->heap_captures != NULL && !heap_capture_is_available()) {
        message_print("--heap-captures: this build has no heap profiles; use one built with Tally");
        return STATUS_BAD_INPUT;
    }
    struct documents_run run = {.options = options};
    if (documents_summary_start(&run.summary) != 0) {
        message_print("libcrypto offers no SHA-256");
        return STATUS_FAILED;
    }
    run.processor = new_processor(options);
    struct skip_observer observer = {note_skipped, &run};
    int status = documents_input_open(options, &observer, &run.source);
    if (status == STATUS_OK) {
        status = run_timed(&run);
    }
    if (status == STATUS_OK) {
        status = report(&run);
    }
    document_source_free(run.source);
    document_processor_free(run.processor);
    documents_summary_free(&run.summary);
    return status;
}

int documents_command(int argc, char **argv) {
    struct documents_options options;
    if (!documents_options_parse(argc, argv, &options)) {
        return STATUS_BAD_INPUT;
    }
    int status;
    if (options.help) {
        documents_options_help();
        status = finish_output();
    } else {
        status = options.bench ? documents_bench(&options) : run_documents(&options);
    }
    documents_options_free(&options);
    return status;
}
