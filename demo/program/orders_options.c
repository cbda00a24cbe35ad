/*
 * orders_options.c - see orders_options.h.
 */
#include "program/orders_options.h"

#include "common/message.h"
#include "orders/order_pool.h"

#include <getopt.h>
#include <stdio.h>

enum {
    DEFAULT_COUNT = 10000,
    DEFAULT_BENCH_COUNT = 1000,
    LARGEST_QUEUE = 1000 * 1000,
    LARGEST_SLEEP_MS = 60 * 60 * 1000
};

enum option_code {
    OPTION_NAIVE = FIRST_OPTION_CODE,
    OPTION_OPTIMISED,
    OPTION_WORKERS,
    OPTION_QUEUE,
    OPTION_COUNT,
    OPTION_SEED,
    OPTION_SLEEP_MS,
    OPTION_BENCH,
    OPTION_BENCH_MS,
    OPTION_REPEAT,
    OPTION_JSON
};

static const struct option long_options[] = {
    {"naive", no_argument, NULL, OPTION_NAIVE},
    {"optimised", no_argument, NULL, OPTION_OPTIMISED},
    {"workers", required_argument, NULL, OPTION_WORKERS},
    {"queue", required_argument, NULL, OPTION_QUEUE},
    {"count", required_argument, NULL, OPTION_COUNT},
    {"seed", required_argument, NULL, OPTION_SEED},
    {"sleep-ms", required_argument, NULL, OPTION_SLEEP_MS},
    {"bench", no_argument, NULL, OPTION_BENCH},
    {"bench-ms", required_argument, NULL, OPTION_BENCH_MS},
    {"repeat", required_argument, NULL, OPTION_REPEAT},
    {"json", no_argument, NULL, OPTION_JSON},
    {"quiet", no_argument, NULL, 'q'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

void orders_options_help(void) {
    printf(
        "usage: tally-demo orders [OPTION...]\n"
        "\n"
        "Generates the orders of a shop and lets a pool of workers process them, the urgent\n"
        "ones first: validate, apply the business rules, add up. Its first way of doing so is\n"
        "slow on purpose: build it with Tally, see where the time goes, and compare it with the\n"
        "other way.\n"
        "\n"
        "  --naive          as a first version does it, slow in several places (default)\n"
        "  --optimised      without what makes that one slow; finds the same\n"
        "  --workers N      threads that process orders (default: %d)\n"
        "  --queue N        orders that can wait for a worker (default: %d); 0: each is handed\n"
        "                   to a worker that has nothing to do\n"
        "  --count N        orders to generate (default: %d)\n"
        "  --seed N         seed of the generator (default: %d); the same seed gives the\n"
        "                   same orders\n"
        "  --sleep-ms N     an order waits so long for the payment service: a High one once,\n"
        "                   a Medium one twice, a Low one three times (default: 0)\n"
        "  --bench          instead of all this, measure each step and each rule on the same\n"
        "                   orders, without the pool, and print lines for benchstat: time, and\n"
        "                   in a build with Tally calls and allocations; naive and optimised,\n"
        "                   or the one that is asked for (default --count: %d)\n"
        "  --bench-ms N     time operations that take so long together (default: %d)\n"
        "  --repeat N       print N lines of each benchmark (default: 1)\n"
        "  --json           print the summary as JSON\n"
        "  -q, --quiet      no progress\n"
        "  -h, --help       show this help\n"
        "\n"
        "What is found depends on the orders alone, not on the time or the number of workers:\n"
        "two builds that print the same digest found the same.\n"
        "\n"
        "Ctrl-C (SIGINT) or SIGTERM stops the run in good order: orders that were begun are\n"
        "finished, those that wait are cancelled. A second one ends the program at once.\n"
        "\n"
        "exit status: 0 done, 1 failure of the program, 2 bad options,\n"
        "             128 + N stopped by signal N\n",
        ORDER_POOL_WORKERS, ORDER_POOL_CAPACITY, DEFAULT_COUNT, DEFAULT_SEED, DEFAULT_BENCH_COUNT,
        DEFAULT_BENCH_MS);
}

struct parse_state {
    struct processor_options processor;
    const char *pool_option; /* the last one that is about the pool; null: none was given */
    bool repeat_given;
};

static bool parse_pool_option(int code, struct parse_state *state, struct orders_options *options) {
    switch (code) {
    case OPTION_WORKERS:
        state->pool_option = "--workers";
        return parse_number("--workers", optarg, 1, MOST_WORKERS, &options->workers);
    case OPTION_QUEUE:
        state->pool_option = "--queue";
        return parse_number("--queue", optarg, 0, LARGEST_QUEUE, &options->queue);
    default:
        state->pool_option = "--sleep-ms";
        return parse_number("--sleep-ms", optarg, 0, LARGEST_SLEEP_MS, &options->sleep_ms);
    }
}

static bool apply_option(int code, char **argv, struct parse_state *state,
                         struct orders_options *options) {
    switch (code) {
    case OPTION_NAIVE:
        state->processor.naive = true;
        return true;
    case OPTION_OPTIMISED:
        state->processor.optimised = true;
        return true;
    case OPTION_WORKERS:
    case OPTION_QUEUE:
    case OPTION_SLEEP_MS:
        return parse_pool_option(code, state, options);
    case OPTION_COUNT:
        return parse_number("--count", optarg, 1, LARGEST_COUNT, &options->count);
    case OPTION_SEED:
        return parse_number("--seed", optarg, 0, INT64_MAX, &options->seed);
    case OPTION_BENCH:
        options->bench.wanted = true;
        return true;
    case OPTION_BENCH_MS:
        return parse_number("--bench-ms", optarg, 1, LARGEST_COUNT, &options->bench.least_ms);
    case OPTION_REPEAT:
        state->repeat_given = true;
        return parse_number("--repeat", optarg, 1, LARGEST_COUNT, &options->repeat);
    case OPTION_JSON:
        options->json = true;
        return true;
    case 'q':
        options->quiet = true;
        return true;
    case 'h':
        options->help = true;
        return true;
    default:
        complain_about_option("orders", code, argv);
        return false;
    }
}

/* It has no pool, and prints what it prints. */
static bool check_bench(const struct parse_state *state, const struct orders_options *options) {
    const struct other_option others[] = {
        {state->pool_option, state->pool_option != NULL},
        {"--json", options->json},
    };
    if (state->repeat_given && !options->bench.wanted) {
        message_print("--repeat is for --bench and needs it");
        return false;
    }
    return bench_request_check(&options->bench, others, sizeof(others) / sizeof(others[0]));
}

bool orders_options_parse(int argc, char **argv, struct orders_options *options) {
    *options = (struct orders_options){
        .workers = ORDER_POOL_WORKERS,
        .queue = ORDER_POOL_CAPACITY,
        .seed = DEFAULT_SEED,
        .repeat = 1,
    };
    struct parse_state state = {.pool_option = NULL};
    opterr = 0;
    optind = 0; /* glibc: start afresh, and look at the first character of the option string */
    int code;
    while (!options->help && (code = getopt_long(argc, argv, "+:hq", long_options, NULL)) != -1) {
        if (!apply_option(code, argv, &state, options)) {
            return false;
        }
    }
    if (!options->help && optind < argc) {
        complain_about_argument("orders", argv[optind]);
        return false;
    }
    if (options->help) {
        return true;
    }
    if (!choose_processor(&state.processor, &options->processor) || !check_bench(&state, options)) {
        return false;
    }
    options->bench.versions = state.processor;
    if (options->count == 0) { /* --count was not given */
        options->count = options->bench.wanted ? DEFAULT_BENCH_COUNT : DEFAULT_COUNT;
    }
    return true;
}
