/*
 * test_bench.c - the harness of the benchmarks, with a Tally of the test's own, whose numbers are
 * known.
 */
#include "program/bench.h"

#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* ---- what Tally would say ---- */

static struct {
    uint64_t calls, objects, bytes;
    bool recording;
} tally = {.recording = true};

int tally_count_calls(uint64_t *calls);
int tally_count_allocated(uint64_t *objects, uint64_t *bytes);
int tally_start(void);
int tally_stop(void);

/* As if the harness called something each time. */
int tally_count_calls(uint64_t *calls) {
    tally.calls += 1000;
    *calls = tally.calls;
    return 0;
}

int tally_count_allocated(uint64_t *objects, uint64_t *bytes) {
    *objects = tally.objects;
    *bytes = tally.bytes;
    return 0;
}

int tally_start(void) {
    tally.recording = true;
    return 0;
}

int tally_stop(void) {
    tally.recording = false;
    return 0;
}

/* ---- what is measured ---- */

static struct {
    size_t next, rounds;
    int error; /* of the operation after `good_operations` more */
    size_t good_operations;
} work;

/* The benchmark's own call, `calls` others, an object of 24 bytes in the first operation of each
 * round only. */
static int operate(void *calls, size_t i) {
    cr_assert_eq(i, work.next, "operation %zu comes when %zu should", i, work.next);
    work.next = (i + 1) % 3;
    work.rounds += work.next == 0;
    if (work.error != 0 && work.good_operations-- == 0) {
        return work.error;
    }
    if (tally.recording) {
        tally.calls += 1 + *(uint64_t *)calls;
        tally.objects += i == 0;
        tally.bytes += i == 0 ? 24 : 0;
    }
    return 0;
}

static int run_suite(size_t n_benchmarks, struct bench_options options) {
    static uint64_t calls = 5;
    static const struct benchmark benchmarks[] = {{"First/of=two", operate},
                                                  {"Second/of=two", operate}};
    const struct bench_suite suite = {
        .package = "test",
        .input = "nothing",
        .benchmarks = benchmarks,
        .n_benchmarks = n_benchmarks,
        .context = &calls,
        .operations = 3,
    };
    return bench_run(&suite, &options);
}

static void redirect(void) {
    cr_redirect_stdout();
    cr_redirect_stderr();
}
TestSuite(bench, .init = redirect);

static void expect_printed(const char *counts_of_each_line[], size_t n) {
    fflush(stdout);
    FILE *printed = cr_get_redirected_stdout();
    char line[200];
    size_t found = 0;
    while (fgets(line, sizeof(line), printed) != NULL) {
        if (strncmp(line, "Benchmark", 9) != 0) {
            continue;
        }
        cr_assert_lt(found, n, "one too many: %s", line);
        const char *counts = strstr(line, " ns/op\t");
        cr_assert_not_null(counts, "%s", line);
        cr_expect_str_eq(counts, counts_of_each_line[found], "%s", line);
        found++;
    }
    cr_expect_eq(found, n, "%zu lines", found);
}

/* 102 operations are counted, 34 of which allocate. */
#define COUNTS " ns/op\t         5 calls/op\t         8 B/op\t0.333333333333333 allocs/op\n"

Test(bench, counts_are_of_the_operations_alone) {
    cr_expect_eq(run_suite(1, (struct bench_options){1, 1, NULL}), 0);
    const char *expected[] = {COUNTS};
    expect_printed(expected, 1);
}

Test(bench, each_benchmark_is_repeated) {
    cr_expect_eq(run_suite(2, (struct bench_options){1, 3, NULL}), 0);
    const char *expected[6];
    for (size_t i = 0; i < 6; i++) {
        expected[i] = COUNTS;
    }
    expect_printed(expected, 6);
}

Test(bench, those_that_are_named_so_are_run) {
    cr_expect_eq(run_suite(2, (struct bench_options){1, 1, "Second"}), 0);
    fflush(stdout);
    FILE *printed = cr_get_redirected_stdout();
    char line[200] = "";
    while (strncmp(line, "Benchmark", 9) != 0 && fgets(line, sizeof(line), printed) != NULL) {
    }
    cr_expect_eq(strncmp(line, "BenchmarkSecond", 15), 0, "%s", line);
    cr_expect_null(fgets(line, sizeof(line), printed), "one too many: %s", line);
}

/* One round before, then what is counted, then one at least that is timed. */
Test(bench, rounds_are_whole) {
    cr_expect_eq(run_suite(1, (struct bench_options){1, 1, NULL}), 0);
    cr_expect_eq(work.next, 0);
    cr_expect_geq(work.rounds, 1 + 34 + 1);
    cr_expect(tally.recording, "as before");
}

Test(bench, an_error_ends_all) {
    work.error = -ENOTSUP;
    work.good_operations = 7;
    cr_expect_eq(run_suite(2, (struct bench_options){1, 3, NULL}), -ENOTSUP);
    expect_printed(NULL, 0);
    cr_assert_stderr_eq_str(
        "tally-demo: BenchmarkFirst/of=two: cannot be run: Operation not supported\n");
}

Test(bench, an_error_while_warming_up) {
    work.error = -EINVAL;
    cr_expect_eq(run_suite(1, (struct bench_options){1, 1, NULL}), -EINVAL);
    expect_printed(NULL, 0);
}
