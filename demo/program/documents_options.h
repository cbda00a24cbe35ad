/*
 * documents_options.h - the command line of `tally-demo documents`.
 */
#ifndef TALLY_DEMO_DOCUMENTS_OPTIONS_H
#define TALLY_DEMO_DOCUMENTS_OPTIONS_H

#include "program/bench_options.h"
#include "program/option_values.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum store_kind { STORE_UNBOUNDED, STORE_LRU };

struct store_options {
    enum store_kind kind;
    uint64_t capacity; /* of an lru store: documents, at least 1 */
    uint64_t ttl_ms;   /* of an lru store; 0: documents do not expire */
};

struct documents_options {
    const char **roots; /* directories or files to read; null when documents are generated */
    size_t n_roots;
    uint64_t count; /* documents to generate; 0: read files */
    uint64_t seed;
    uint64_t repeat; /* rounds, or lines for each benchmark; at least 1 */
    enum processor_choice processor;
    uint64_t workers;  /* 0: documents are processed one after the other */
    uint64_t sleep_ms; /* of a worker, after each document */
    struct store_options store;
    const char *heap_captures;  /* directory to write them into, or null */
    struct bench_request bench; /* if wanted, there may be neither roots nor a count */
    bool json, quiet, help;
};

/* False after a message on stderr. On success, documents_options_free() is due. */
bool documents_options_parse(int argc, char **argv, struct documents_options *options);
void documents_options_free(struct documents_options *options);

void documents_options_help(void);

#endif
