/*
 * documents_command.c - `tally-demo documents`: makes what the options ask for, has all documents
 * processed, and reports.
 */
#include "common/heap_capture.h"
#include "common/interruption.h"
#include "common/message.h"
#include "program/command.h"
#include "program/documents_bench.h"
#include "program/documents_input.h"
#include "program/documents_options.h"
#include "program/documents_run.h"

#include <string.h>

static void note_skipped(void *context, const char *path, const char *cause) {
    struct documents_run *run = context;
    if (!run->options->quiet) {
        progress_pause(&run->progress);
        message_print("%s: %s; left out", path, cause);
        progress_resume();
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

static int report(struct documents_run *run) {
    run->summary.stopped_by = interruption_signal();
    if (run->summary.documents == 0 && run->summary.stopped_by == 0) {
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
    int status = finish_output();
    return status == STATUS_OK && run->summary.stopped_by != 0
               ? interruption_status(run->summary.stopped_by)
               : status;
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
        interruption_watch();
        status = documents_run_all(&run);
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
        status = options.bench.wanted ? documents_bench(&options) : run_documents(&options);
    }
    documents_options_free(&options);
    return status;
}
