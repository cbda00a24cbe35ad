/*
 * documents_options.c - see documents_options.h.
 *
 * `--files` takes every word up to the next option. getopt_long does not know options with many
 * values; with "-" in front of the option string it hands words that are no option over one by
 * one, and those that follow `--files` are its own.
 */
#include "program/documents_options.h"

#include "common/memory.h"
#include "common/message.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_ROOT "/usr/share/common-licenses"

enum { DEFAULT_CAPACITY = 1000 };
enum { LONGEST_SLEEP_MS = 60 * 1000, DEFAULT_NAIVE_SLEEP_MS = 75 };

enum option_code {
    OPTION_WORD = 1,
    OPTION_FILES = FIRST_OPTION_CODE,
    OPTION_COUNT,
    OPTION_SEED,
    OPTION_REPEAT,
    OPTION_NAIVE,
    OPTION_OPTIMISED,
    OPTION_WORKERS,
    OPTION_SLEEP_MS,
    OPTION_STORE,
    OPTION_CAPACITY,
    OPTION_TTL_MS,
    OPTION_HEAP_CAPTURES,
    OPTION_BENCH,
    OPTION_BENCH_MS,
    OPTION_JSON
};

static const struct option long_options[] = {
    {"files", required_argument, NULL, OPTION_FILES},
    {"count", required_argument, NULL, OPTION_COUNT},
    {"seed", required_argument, NULL, OPTION_SEED},
    {"repeat", required_argument, NULL, OPTION_REPEAT},
    {"naive", no_argument, NULL, OPTION_NAIVE},
    {"optimised", no_argument, NULL, OPTION_OPTIMISED},
    {"workers", required_argument, NULL, OPTION_WORKERS},
    {"sleep-ms", required_argument, NULL, OPTION_SLEEP_MS},
    {"store", required_argument, NULL, OPTION_STORE},
    {"capacity", required_argument, NULL, OPTION_CAPACITY},
    {"ttl-ms", required_argument, NULL, OPTION_TTL_MS},
    {"heap-captures", required_argument, NULL, OPTION_HEAP_CAPTURES},
    {"bench", no_argument, NULL, OPTION_BENCH},
    {"bench-ms", required_argument, NULL, OPTION_BENCH_MS},
    {"json", no_argument, NULL, OPTION_JSON},
    {"quiet", no_argument, NULL, 'q'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

void documents_options_help(void) {
    printf("usage: tally-demo documents [--files DIR...] [OPTION...]\n"
           "       tally-demo documents --count N [--seed N] [OPTION...]\n"
           "\n"
           "Normalises text documents, finds their keywords, hashes and stores them, one after\n"
           "the other or by several workers, and prints what was found. Its first way of doing\n"
           "so is slow on purpose: build it with Tally, see where the time goes, and compare it\n"
           "with the other way.\n"
           "\n"
           "  --files DIR...   read the text files below these directories, or these files\n"
           "                   (default: " DEFAULT_ROOT ")\n"
           "  --count N        generate N documents instead of reading files\n"
           "  --seed N         seed of the generator (default: %d); the same seed gives the\n"
           "                   same documents\n"
           "  --repeat N       go through all documents N times (default: 1)\n"
           "  --naive          as a first version does it, slow in several places (default)\n"
           "  --optimised      without what makes that one slow; finds the same\n"
           "  --workers N      process documents by N threads (at most %d), through a pool of\n"
           "                   the processor's kind; prints what the pool did as well\n"
           "  --sleep-ms N     each worker sleeps so long after each document (default: %d for\n"
           "                   the naive pool, 0 for the optimised one)\n"
           "  --store KIND     unbounded (default): keep every document until the end;\n"
           "                   lru: keep the most recently used ones\n"
           "  --capacity N     how many documents an lru store keeps (default: %d)\n"
           "  --ttl-ms N       how long it keeps one, in milliseconds (default: no limit)\n"
           "  --heap-captures DIR\n"
           "                   write heap profiles, DIR/before.pb.gz before the last round and\n"
           "                   DIR/after.pb.gz after it; needs a build with Tally\n"
           "  --bench          instead of all this, measure each step on the same documents and\n"
           "                   print lines for benchstat: time, and in a build with Tally calls\n"
           "                   and allocations; --repeat N lines of each; naive and optimised,\n"
           "                   or the one that is asked for (default documents: one of 1000\n"
           "                   words)\n"
           "  --bench-ms N     time operations that take so long together (default: %d)\n"
           "  --json           print the summary as JSON\n"
           "  -q, --quiet      no progress and no notes about files left out\n"
           "  -h, --help       show this help\n"
           "\n"
           "Files that are no regular files (symbolic links too), cannot be read or are not text\n"
           "are left out and counted. Two builds that print the same digests found the same.\n"
           "\n"
           "Ctrl-C (SIGINT) or SIGTERM stops the run in good order: documents that were begun are\n"
           "finished and summed up, those that wait are not. A second one ends the program at\n"
           "once.\n"
           "\n"
           "exit status: 0 done, 1 failure of the program, 2 bad options or input,\n"
           "             128 + N stopped by signal N\n",
           DEFAULT_SEED, MOST_WORKERS, DEFAULT_NAIVE_SLEEP_MS, DEFAULT_CAPACITY, DEFAULT_BENCH_MS);
}

static void add_root(struct documents_options *options, const char *root) {
    options->roots = memory_resize(options->roots, options->n_roots + 1, sizeof(options->roots[0]));
    options->roots[options->n_roots++] = root;
}

static bool parse_store_kind(const char *text, enum store_kind *kind) {
    if (strcmp(text, "unbounded") == 0) {
        *kind = STORE_UNBOUNDED;
    } else if (strcmp(text, "lru") == 0) {
        *kind = STORE_LRU;
    } else {
        message_print("--store: '%s' is neither unbounded nor lru", text);
        return false;
    }
    return true;
}

static bool parse_bound(int code, const char *text, struct store_options *store) {
    return code == OPTION_CAPACITY
               ? parse_number("--capacity", text, 1, LARGEST_COUNT, &store->capacity)
               : parse_number("--ttl-ms", text, 1, LARGEST_COUNT, &store->ttl_ms);
}

struct parse_state {
    struct processor_options processor;
    bool in_files; /* words that are no option belong to --files */
    bool seed_given;
    bool store_given;
    bool sleep_given;
    bool bound_given; /* --capacity or --ttl-ms */
};

static bool apply_option(int code, char **argv, struct parse_state *state,
                         struct documents_options *options) {
    bool word_of_files = code == OPTION_WORD && state->in_files;
    state->in_files = code == OPTION_FILES || word_of_files;
    switch (code) {
    case OPTION_WORD:
        if (!word_of_files) {
            complain_about_argument("documents", optarg);
            return false;
        }
        add_root(options, optarg);
        return true;
    case OPTION_FILES:
        add_root(options, optarg);
        return true;
    case OPTION_COUNT:
        return parse_number("--count", optarg, 1, LARGEST_COUNT, &options->count);
    case OPTION_SEED:
        state->seed_given = true;
        return parse_number("--seed", optarg, 0, INT64_MAX, &options->seed);
    case OPTION_REPEAT:
        return parse_number("--repeat", optarg, 1, LARGEST_COUNT, &options->repeat);
    case OPTION_NAIVE:
        state->processor.naive = true;
        return true;
    case OPTION_OPTIMISED:
        state->processor.optimised = true;
        return true;
    case OPTION_WORKERS:
        return parse_number("--workers", optarg, 1, MOST_WORKERS, &options->workers);
    case OPTION_SLEEP_MS:
        state->sleep_given = true;
        return parse_number("--sleep-ms", optarg, 0, LONGEST_SLEEP_MS, &options->sleep_ms);
    case OPTION_STORE:
        state->store_given = true;
        return parse_store_kind(optarg, &options->store.kind);
    case OPTION_CAPACITY:
    case OPTION_TTL_MS:
        state->bound_given = true;
        return parse_bound(code, optarg, &options->store);
    case OPTION_HEAP_CAPTURES:
        options->heap_captures = optarg;
        return true;
    case OPTION_BENCH:
        options->bench.wanted = true;
        return true;
    case OPTION_BENCH_MS:
        return parse_number("--bench-ms", optarg, 1, LARGEST_COUNT, &options->bench.least_ms);
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
        complain_about_option("documents", code, argv);
        return false;
    }
}

/* It keeps documents as it likes, and prints what it prints. */
static bool check_bench(const struct parse_state *state, const struct documents_options *options) {
    const struct other_option others[] = {
        {"--workers", options->workers > 0},
        {"--store", state->store_given},
        {"--capacity and --ttl-ms", state->bound_given},
        {"--heap-captures", options->heap_captures != NULL},
        {"--json", options->json},
    };
    return bench_request_check(&options->bench, others, sizeof(others) / sizeof(others[0]));
}

static bool check_combination(const struct parse_state *state,
                              const struct documents_options *options) {
    if (options->count > 0 && options->n_roots > 0) {
        message_print("--files and --count exclude each other");
        return false;
    }
    bool is_generated = options->count > 0 || (options->bench.wanted && options->n_roots == 0);
    if (state->seed_given && !is_generated) {
        message_print("--seed is for generated documents and needs --count");
        return false;
    }
    if (!check_bench(state, options)) {
        return false;
    }
    if (state->sleep_given && options->workers == 0) {
        message_print("--sleep-ms is for workers and needs --workers");
        return false;
    }
    if (state->bound_given && options->store.kind != STORE_LRU) {
        message_print("--capacity and --ttl-ms are bounds of --store lru and need it");
        return false;
    }
    return true;
}

bool documents_options_parse(int argc, char **argv, struct documents_options *options) {
    *options = (struct documents_options){
        .seed = DEFAULT_SEED,
        .repeat = 1,
        .store = {STORE_UNBOUNDED, DEFAULT_CAPACITY, 0},
    };
    struct parse_state state = {.in_files = false};
    bool valid = true;
    opterr = 0;
    optind = 0; /* glibc: start afresh, and look at the first character of the option string */
    while (valid && !options->help) {
        int code = getopt_long(argc, argv, "-:hq", long_options, NULL);
        if (code == -1) {
            break;
        }
        valid = apply_option(code, argv, &state, options);
    }
    for (; valid && !options->help && optind < argc; optind++) { /* after a "--" */
        optarg = argv[optind];
        valid = apply_option(OPTION_WORD, argv, &state, options);
    }
    if (!valid || (!options->help && (!choose_processor(&state.processor, &options->processor) ||
                                      !check_combination(&state, options)))) {
        documents_options_free(options);
        return false;
    }
    if (options->workers > 0 && !state.sleep_given && options->processor == PROCESSOR_NAIVE) {
        options->sleep_ms = DEFAULT_NAIVE_SLEEP_MS;
    }
    options->bench.versions = state.processor;
    if (options->count == 0 && options->n_roots == 0 && !options->bench.wanted) {
        add_root(options, DEFAULT_ROOT);
    }
    return true;
}

void documents_options_free(struct documents_options *options) {
    free(options->roots);
    options->roots = NULL;
    options->n_roots = 0;
}
