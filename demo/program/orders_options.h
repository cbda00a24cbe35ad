/*
 * orders_options.h - the command line of `tally-demo orders`.
 */
#ifndef TALLY_DEMO_ORDERS_OPTIONS_H
#define TALLY_DEMO_ORDERS_OPTIONS_H

#include "program/bench_options.h"
#include "program/option_values.h"

#include <stdbool.h>
#include <stdint.h>

struct orders_options {
    enum processor_choice processor;
    uint64_t workers, queue; /* queue: of how many orders; 0: none waits but at a worker's hand */
    uint64_t count;          /* orders to generate */
    uint64_t seed;
    uint64_t sleep_ms; /* of payment, times 1, 2 or 3 by priority */
    struct bench_request bench;
    uint64_t repeat; /* lines for each benchmark, at least 1 */
    bool json, quiet, help;
};

/* False after a message on stderr. */
bool orders_options_parse(int argc, char **argv, struct orders_options *options);

void orders_options_help(void);

#endif
