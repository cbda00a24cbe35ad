/*
 * documents_run.c - see documents_run.h: the rounds, and processing one after the other.
 *
 * Heap captures, if wanted, are taken before and after the last round, when nothing is under way.
 * What is made once and for all, and what a bounded store holds when it is full, is there before it
 * if there were rounds enough: the difference of the two is what a round leaves behind.
 */
#include "program/documents_run.h"

#include "common/heap_capture.h"
#include "common/interruption.h"
#include "common/message.h"
#include "common/monotonic_clock.h"
#include "program/command.h"
#include "program/documents_parallel.h"

#include <stdbool.h>
#include <string.h>

void documents_run_add(struct documents_run *run, const struct document *document) {
    documents_summary_add(&run->summary, document);
    progress_update(&run->progress, run->summary.documents, run->summary.content_bytes);
}

void documents_run_tell_failure(struct documents_run *run, const struct document *document,
                                int error) {
    progress_pause(&run->progress);
    message_print("%s: cannot be processed: %s", document->id, strerror(-error));
    progress_resume();
}

static int process_next(struct documents_run *run, struct document *document) {
    struct processing_result result;
    int error = document_process(run->processor, document, &result);
    if (error == 0) {
        documents_run_add(run, result.document);
    } else {
        documents_run_tell_failure(run, document, error);
    }
    document_release(document);
    return error == 0 ? STATUS_OK : STATUS_FAILED;
}

static int run_round(struct documents_run *run) {
    struct document *document;
    int status = STATUS_OK;
    while (status == STATUS_OK && interruption_signal() == 0 &&
           document_source_next(run->source, &document) > 0) {
        status = run->parallel != NULL ? documents_parallel_submit(run->parallel, document)
                                       : process_next(run, document);
    }
    bool is_whole = status == STATUS_OK && interruption_signal() == 0;
    return run->parallel != NULL && is_whole ? documents_parallel_wait(run->parallel) : status;
}

static int capture_heap(struct documents_run *run, const char *name) {
    const char *directory = run->options->heap_captures;
    int error =
        directory != NULL && interruption_signal() == 0 ? heap_capture_write(directory, name) : 0;
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
    for (uint64_t round = 1; status == STATUS_OK && interruption_signal() == 0 && round <= rounds;
         round++) {
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

static int run_rounds_in_parallel(struct documents_run *run) {
    int status = documents_parallel_start(run, &run->parallel);
    if (status == STATUS_OK) {
        status = run_rounds(run);
        run->summary.pool = documents_parallel_end(run->parallel, status);
        run->parallel = NULL;
    }
    return status;
}

int documents_run_all(struct documents_run *run) {
    uint64_t start_ns = monotonic_now_ns();
    uint64_t total = document_source_count(run->source) * run->options->repeat;
    run->progress = progress_start(!run->options->quiet, "documents", total);
    int status = run->options->workers > 0 ? run_rounds_in_parallel(run) : run_rounds(run);
    progress_clear(&run->progress);
    run->summary.elapsed_ns = monotonic_now_ns() - start_ns;
    return status;
}
