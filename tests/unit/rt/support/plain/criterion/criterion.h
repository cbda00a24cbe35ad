/*
 * criterion.h - as much of Criterion as these tests use, without its worker processes.
 *
 * Criterion starts each test in a process whose memory it lays out itself, in a way that
 * ThreadSanitizer does not bear. Under that sanitizer this header takes Criterion's place: a test
 * is a forked child of the program, a failed assertion ends it, a failed expectation lets it go on.
 *
 *   exit status of a child: 0 passed, 1 failed, 77 skipped; anything else, or a signal: crashed
 */
#ifndef PLAIN_CRITERION_H
#define PLAIN_CRITERION_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct plain_suite {
    const char *name;
    void (*init)(void), (*fini)(void);
    struct plain_suite *next;
};

struct plain_test {
    const char *suite, *name;
    void (*run)(void);
    struct plain_test *next;
};

void plain_add_suite(struct plain_suite *suite);
void plain_add_test(struct plain_test *test);
/* Says that `expression` does not hold; the rest is an optional format with its values. Ends the
 * test if `fatal`. */
__attribute__((format(printf, 5, 6))) void plain_failed(bool fatal, const char *file, int line,
                                                        const char *expression, const char *format,
                                                        ...);
__attribute__((noreturn)) void plain_skip(const char *why);

#define TestSuite(suite, ...)                                                                      \
    __attribute__((constructor)) static void plain_suite_##suite(void) {                           \
        static struct plain_suite self = {__VA_ARGS__};                                            \
        self.name = #suite;                                                                        \
        plain_add_suite(&self);                                                                    \
    }                                                                                              \
    struct plain_suite

#define Test(suite, name)                                                                          \
    static void suite##_##name(void);                                                              \
    __attribute__((constructor)) static void plain_test_##suite##_##name(void) {                   \
        static struct plain_test self = {#suite, #name, suite##_##name, NULL};                     \
        plain_add_test(&self);                                                                     \
    }                                                                                              \
    static void suite##_##name(void)

#define cr_skip_test(why) plain_skip(why)

#define PLAIN_CHECK(fatal, holds, text, ...)                                                       \
    do {                                                                                           \
        if (!(holds))                                                                              \
            plain_failed(fatal, __FILE__, __LINE__, text, "" __VA_ARGS__);                         \
    } while (0)

#define cr_assert(a, ...) PLAIN_CHECK(true, a, #a, __VA_ARGS__)
#define cr_assert_not(a, ...) PLAIN_CHECK(true, !(a), "not " #a, __VA_ARGS__)
#define cr_assert_eq(a, b, ...) PLAIN_CHECK(true, (a) == (b), #a " == " #b, __VA_ARGS__)
#define cr_assert_neq(a, b, ...) PLAIN_CHECK(true, (a) != (b), #a " != " #b, __VA_ARGS__)
#define cr_assert_lt(a, b, ...) PLAIN_CHECK(true, (a) < (b), #a " < " #b, __VA_ARGS__)
#define cr_assert_leq(a, b, ...) PLAIN_CHECK(true, (a) <= (b), #a " <= " #b, __VA_ARGS__)
#define cr_assert_gt(a, b, ...) PLAIN_CHECK(true, (a) > (b), #a " > " #b, __VA_ARGS__)
#define cr_assert_geq(a, b, ...) PLAIN_CHECK(true, (a) >= (b), #a " >= " #b, __VA_ARGS__)
#define cr_assert_null(a, ...) PLAIN_CHECK(true, !(a), #a " is null", __VA_ARGS__)
#define cr_assert_not_null(a, ...) PLAIN_CHECK(true, a, #a " is not null", __VA_ARGS__)
#define cr_assert_str_eq(a, b, ...)                                                                \
    PLAIN_CHECK(true, strcmp(a, b) == 0, #a " is the text " #b, __VA_ARGS__)

#define cr_expect(a, ...) PLAIN_CHECK(false, a, #a, __VA_ARGS__)
#define cr_expect_not(a, ...) PLAIN_CHECK(false, !(a), "not " #a, __VA_ARGS__)
#define cr_expect_eq(a, b, ...) PLAIN_CHECK(false, (a) == (b), #a " == " #b, __VA_ARGS__)
#define cr_expect_neq(a, b, ...) PLAIN_CHECK(false, (a) != (b), #a " != " #b, __VA_ARGS__)
#define cr_expect_lt(a, b, ...) PLAIN_CHECK(false, (a) < (b), #a " < " #b, __VA_ARGS__)
#define cr_expect_leq(a, b, ...) PLAIN_CHECK(false, (a) <= (b), #a " <= " #b, __VA_ARGS__)
#define cr_expect_gt(a, b, ...) PLAIN_CHECK(false, (a) > (b), #a " > " #b, __VA_ARGS__)
#define cr_expect_geq(a, b, ...) PLAIN_CHECK(false, (a) >= (b), #a " >= " #b, __VA_ARGS__)
#define cr_expect_null(a, ...) PLAIN_CHECK(false, !(a), #a " is null", __VA_ARGS__)
#define cr_expect_not_null(a, ...) PLAIN_CHECK(false, a, #a " is not null", __VA_ARGS__)
#define cr_expect_str_eq(a, b, ...)                                                                \
    PLAIN_CHECK(false, strcmp(a, b) == 0, #a " is the text " #b, __VA_ARGS__)

#endif
