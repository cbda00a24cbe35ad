/*
 * documents_bench.h - `tally-demo documents --bench`: what the steps of a document take, naive and
 * optimised.
 */
#ifndef TALLY_DEMO_DOCUMENTS_BENCH_H
#define TALLY_DEMO_DOCUMENTS_BENCH_H

#include "program/documents_options.h"

/* The exit status, after a message if it is not STATUS_OK. */
int documents_bench(const struct documents_options *options);

#endif
