/*
 * bench.c - see bench.h.
 *
 *   for each repetition, for each benchmark:
 *     warm up   counting stopped   what is made once and kept is there
 *     count     counting started   no round, then some: the difference is theirs
 *     time      counting stopped   more and more rounds, until they take long enough
 */
#include "program/bench.h"

#include "common/counts.h"
#include "common/message.h"
#include "common/monotonic_clock.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_COUNTED_OPERATIONS = 100, LARGEST_GROWTH = 100 };

#if defined(__x86_64__)
#define GOARCH "amd64"
#elif defined(__aarch64__)
#define GOARCH "arm64"
#else
#define GOARCH "unknown"
#endif

struct measured {
    uint64_t rounds, elapsed_ns; /* timed */
    uint64_t counted_operations;
    struct counts work; /* of these */
};

static int run_rounds(const struct bench_suite *suite, const struct benchmark *benchmark,
                      uint64_t rounds) {
    for (uint64_t round = 0; round < rounds; round++) {
        for (size_t i = 0; i < suite->operations; i++) {
            int error = benchmark->run(suite->context, i);
            if (error != 0) {
                return error;
            }
        }
    }
    return 0;
}

/* ---- counting ---- */

static struct counts counts_between(const struct counts *from, const struct counts *to) {
    return (struct counts){
        .calls_known = from->calls_known && to->calls_known,
        .allocations_known = from->allocations_known && to->allocations_known,
        .calls = to->calls - from->calls,
        .allocations = to->allocations - from->allocations,
        .allocated_bytes = to->allocated_bytes - from->allocated_bytes,
    };
}

/* What no round takes is not the operations', nor is the call of the benchmark for each of them. */
static int count_rounds(const struct bench_suite *suite, const struct benchmark *benchmark,
                        uint64_t rounds, struct counts *work) {
    struct counts start = counts_now();
    run_rounds(suite, benchmark, 0);
    struct counts middle = counts_now();
    int error = run_rounds(suite, benchmark, rounds);
    struct counts end = counts_now();
    struct counts nothing = counts_between(&start, &middle), all = counts_between(&middle, &end);
    *work = counts_between(&nothing, &all);
    work->calls -= rounds * suite->operations;
    return error;
}

static int count(const struct bench_suite *suite, const struct benchmark *benchmark,
                 struct measured *measured) {
    uint64_t rounds = (LEAST_COUNTED_OPERATIONS + suite->operations - 1) / suite->operations;
    measured->counted_operations = rounds * suite->operations;
    int error = run_rounds(suite, benchmark, 1);
    if (error == 0) {
        counting_start();
        error = count_rounds(suite, benchmark, rounds, &measured->work);
        counting_stop();
    }
    return error;
}

/* ---- timing ---- */

/* A fifth more than should be enough, but no leap: few rounds may have been fast by chance. */
static uint64_t more_rounds(uint64_t rounds, uint64_t elapsed_ns, uint64_t least_ns) {
    uint64_t most = LARGEST_GROWTH * rounds;
    double wanted = 1.2 * (double)least_ns * (double)rounds / (double)(elapsed_ns + 1);
    if (wanted >= (double)most) {
        return most;
    }
    return (uint64_t)wanted > rounds ? (uint64_t)wanted : rounds + 1;
}

static int time_rounds(const struct bench_suite *suite, const struct benchmark *benchmark,
                       uint64_t least_ns, struct measured *measured) {
    for (uint64_t rounds = 1;; rounds = more_rounds(rounds, measured->elapsed_ns, least_ns)) {
        uint64_t start_ns = monotonic_now_ns();
        int error = run_rounds(suite, benchmark, rounds);
        measured->elapsed_ns = monotonic_now_ns() - start_ns;
        measured->rounds = rounds;
        if (error != 0 || measured->elapsed_ns >= least_ns) {
            return error;
        }
    }
}

/* ---- printing ---- */

/* Four digits that count, as Go has it: 1234567, 123.4, 0.01234. */
static void print_value(double value, const char *unit) {
    int decimals = 0;
    for (double limit = 999.95; value > 0 && value < limit && decimals < 7; limit /= 10) {
        decimals++;
    }
    printf("\t%10.*f %s", decimals, value, unit);
}

/* Digits enough to tell any two sums apart. */
static void print_count(uint64_t sum, uint64_t operations, const char *unit) {
    printf("\t%10.15g %s", (double)sum / (double)operations, unit);
}

/* "-1" is what Go calls GOMAXPROCS: one thread. */
static void print_result(const struct bench_suite *suite, const struct benchmark *benchmark,
                         const struct measured *measured) {
    uint64_t timed_operations = measured->rounds * suite->operations;
    printf("Benchmark%s-1\t%8" PRIu64, benchmark->name, timed_operations);
    print_value((double)measured->elapsed_ns / (double)timed_operations, "ns/op");
    if (measured->work.calls_known) {
        print_count(measured->work.calls, measured->counted_operations, "calls/op");
    }
    if (measured->work.allocations_known) {
        print_count(measured->work.allocated_bytes, measured->counted_operations, "B/op");
        print_count(measured->work.allocations, measured->counted_operations, "allocs/op");
    }
    putchar('\n');
    fflush(stdout); /* a line may be all there is to see for a while */
}

static void print_processor(void) {
    static const char key[] = "model name";
    FILE *file = fopen("/proc/cpuinfo", "r");
    char *line = NULL;
    size_t capacity = 0;
    while (file != NULL && getline(&line, &capacity, file) > 0) {
        const char *colon = strchr(line, ':');
        if (colon != NULL && strncmp(line, key, sizeof(key) - 1) == 0) {
            printf("cpu%s", colon);
            break;
        }
    }
    free(line);
    if (file != NULL) {
        fclose(file);
    }
}

/* Of a unit that is said to be exact, benchstat wants one sample and allows no other value. */
static void print_exact_unit(const char *unit) {
    printf("Unit %s assume=exact better=lower\n", unit);
}

static void print_head(const struct bench_suite *suite) {
    struct counts now = counts_now();
    printf("goos: linux\ngoarch: " GOARCH "\npkg: %s\n", suite->package);
    print_processor();
    printf("build: %s\n", now.calls_known ? "instrumented" : "plain");
    printf("input: %s\n", suite->input);
    if (now.calls_known) {
        print_exact_unit("calls/op");
    }
    if (now.allocations_known) {
        print_exact_unit("B/op");
        print_exact_unit("allocs/op");
    }
}

/* ---- all ---- */

static bool is_chosen(const struct benchmark *benchmark, const struct bench_options *options) {
    return options->only == NULL || strstr(benchmark->name, options->only) != NULL;
}

static int run_benchmark(const struct bench_suite *suite, const struct benchmark *benchmark,
                         uint64_t least_ns) {
    struct measured measured;
    int error = count(suite, benchmark, &measured);
    if (error == 0) {
        error = time_rounds(suite, benchmark, least_ns, &measured);
    }
    if (error != 0) {
        message_print("Benchmark%s: cannot be run: %s", benchmark->name, strerror(-error));
        return error;
    }
    print_result(suite, benchmark, &measured);
    return 0;
}

/* Repetitions of a benchmark are apart from each other, so that what slows the machine down for a
 * moment is not in all of them. */
int bench_run(const struct bench_suite *suite, const struct bench_options *options) {
    int error = 0;
    print_head(suite);
    counting_stop();
    for (uint64_t done = 0; error == 0 && done < options->repeat; done++) {
        for (size_t i = 0; error == 0 && i < suite->n_benchmarks; i++) {
            if (is_chosen(&suite->benchmarks[i], options)) {
                error = run_benchmark(suite, &suite->benchmarks[i], options->least_ns);
            }
        }
    }
    counting_start();
    return error;
}
