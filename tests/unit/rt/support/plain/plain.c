/* plain.c - runs the tests that plain/criterion/criterion.h made: see there. */
#include "criterion/criterion.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FAILED = 1, SKIPPED = 77 };

/*
 * The one race that is meant: each thread writes its counts without atomics, because the hot path
 * has no time for more, and a snapshot reads them meanwhile, one at a time. The readers are these.
 */
const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void) {
    return "race:tli_thread_pending\n"
           "race:tli_recorded\n"
           "race:tli_recorded_counter\n"
           "race:tli_recording_switch\n";
}

static struct plain_suite *suites;
static struct plain_test *tests;
static bool failed;

void plain_add_suite(struct plain_suite *suite) {
    suite->next = suites;
    suites = suite;
}

void plain_add_test(struct plain_test *test) {
    test->next = tests;
    tests = test;
}

void plain_failed(bool fatal, const char *file, int line, const char *expression,
                  const char *format, ...) {
    va_list values;
    failed = true;
    fprintf(stderr, "%s:%d: not true: %s  ", file, line, expression);
    va_start(values, format);
    vfprintf(stderr, format, values);
    va_end(values);
    fputc('\n', stderr);
    if (fatal)
        exit(FAILED);
}

void plain_skip(const char *why) {
    fprintf(stderr, "skipped: %s\n", why);
    exit(SKIPPED);
}

static void run(const struct plain_test *test) {
    struct plain_suite *suite = suites;
    while (suite && strcmp(suite->name, test->suite) != 0)
        suite = suite->next;
    if (suite && suite->init)
        suite->init();
    test->run();
    if (suite && suite->fini)
        suite->fini();
    exit(failed ? FAILED : 0);
}

/* Whether the test passed, or was skipped. */
static bool run_in_child(const struct plain_test *test) {
    int status = 0;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0)
        run(test);
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        abort();
    bool passed = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    bool skipped = WIFEXITED(status) && WEXITSTATUS(status) == SKIPPED;
    printf("[%s] %s::%s", passed ? "PASS" : skipped ? "SKIP" : "FAIL", test->suite, test->name);
    if (!passed && !skipped)
        printf(" (wait status %#x)", status);
    putchar('\n');
    return passed || skipped;
}

/* With an argument: only the tests that have it in their name. */
int main(int argc, char **argv) {
    int n_failed = 0;
    for (const struct plain_test *test = tests; test; test = test->next)
        if (argc < 2 || strstr(test->name, argv[1]))
            n_failed += !run_in_child(test);
    return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
