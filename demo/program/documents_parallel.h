/*
 * documents_parallel.h - documents go through a pool of workers, and what comes out is added up by
 * one thread.
 *
 *   submit ──> document pool: worker 1 … worker n ──> results channel ──> consumer: summary
 *
 * The thread that started it reads the documents, submits them and ends it. Statuses are those of
 * command.h.
 */
#ifndef TALLY_DEMO_DOCUMENTS_PARALLEL_H
#define TALLY_DEMO_DOCUMENTS_PARALLEL_H

#include "documents/document_pool.h"
#include "program/documents_run.h"

struct documents_parallel;

/* The summary and the progress of the run are the consumer's until the end. */
int documents_parallel_start(struct documents_run *run, struct documents_parallel **parallel);

/* Takes over the reference, and waits while the pool has no room, unless the run is interrupted.
 * STATUS_FAILED if a document could not be processed. */
int documents_parallel_submit(struct documents_parallel *parallel, struct document *document);

/* For all that was submitted to be added up: then nothing is under way. As submit. */
int documents_parallel_wait(struct documents_parallel *parallel);

/* Finishes what was submitted, or drops it unless `status` is STATUS_OK; no thread is left. */
struct document_pool_statistics documents_parallel_end(struct documents_parallel *parallel,
                                                       int status);

#endif
