/*
 * documents_run.h - a run of `tally-demo documents`: all documents of all rounds are processed, one
 * after the other or by workers, and added up.
 *
 *   source ──> processor ──────────────────> summary       one thread
 *   source ──> documents_parallel ─────────> summary       with --workers
 *                  └──> processor, on each worker
 *
 * A run ends early when a document cannot be processed, and when SIGINT or SIGTERM asks it to: then
 * what was begun is finished and added up.
 */
#ifndef TALLY_DEMO_DOCUMENTS_RUN_H
#define TALLY_DEMO_DOCUMENTS_RUN_H

#include "documents/document_source.h"
#include "documents/processor.h"
#include "program/documents_options.h"
#include "program/documents_summary.h"
#include "program/progress.h"

struct documents_parallel;

struct documents_run {
    const struct documents_options *options;
    struct document_source *source;
    struct document_processor *processor;
    struct documents_parallel *parallel; /* null: one after the other */
    struct documents_summary summary;    /* and progress: of the thread that adds up */
    struct progress progress;
};

/* Goes through all rounds; returns the exit status, after a message if it is not STATUS_OK. */
int documents_run_all(struct documents_run *run);

/* What became of a document: for whoever processed it. */
void documents_run_add(struct documents_run *run, const struct document *document);
void documents_run_tell_failure(struct documents_run *run, const struct document *document,
                                int error); /* on any thread */

#endif
