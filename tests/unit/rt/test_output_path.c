/*
 * test_output_path.c - where a profile goes: the pattern of the option `out`.
 */
#include "clock.h"
#include "options.h"
#include "output.h"
#include "program.h"

#include <criterion/criterion.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

static char path[TLI_PATH_SIZE], expected[TLI_PATH_SIZE];

/* Takes the place of libc's for the whole program: the time of day is what a test says. */
static int64_t pretended_seconds = -1;

int clock_gettime(clockid_t clock, struct timespec *time) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real)
        real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int status = real(clock, time);
    if (clock == CLOCK_REALTIME && pretended_seconds >= 0)
        *time = (struct timespec){pretended_seconds, 999999999};
    return status;
}

static void begin(void) {
    tli_program.name = "app";
    tli_program.working_directory = "/home/me";
    tli_program.pid = 1234;
    tli_program.forked = false;
    tli_options.out = "%e.tally";
}

TestSuite(output_path, .init = begin);

static const char *expand(const char *pattern) {
    cr_assert_eq(tli_output_path(pattern, path), 0, "%s", pattern);
    return path;
}

Test(output_path, beside_the_program_by_default) {
    cr_expect_str_eq(expand(NULL), "/home/me/app.tally");
}

Test(output_path, a_path_given_is_no_option) {
    tli_options.out = "/not/this";
    cr_expect_str_eq(expand("%e-two"), "/home/me/app-two");
    cr_expect_str_eq(expand(NULL), "/not/this");
}

Test(output_path, absolute_ones_stay) {
    cr_expect_str_eq(expand("/tmp/x.tally"), "/tmp/x.tally");
    cr_expect_str_eq(expand("/tmp/%e/%p.tally"), "/tmp/app/1234.tally");
}

Test(output_path, percent_signs) {
    cr_expect_str_eq(expand("/%%e"), "/%e");
    cr_expect_str_eq(expand("/100%"), "/100%");
    cr_expect_str_eq(expand("/%z-%"), "/%z-%");
    cr_expect_str_eq(expand("/%%%p%%"), "/%1234%");
}

Test(output_path, host) {
    struct utsname host;
    uname(&host);
    snprintf(expected, sizeof expected, "/tmp/%s.tally", host.nodename);
    cr_expect_str_eq(expand("/tmp/%h.tally"), expected);
}

static void expect_time(int64_t seconds) {
    struct tm tm;
    time_t time = seconds;
    pretended_seconds = seconds;
    tli_clock_start();
    gmtime_r(&time, &tm);
    strftime(expected, sizeof expected, "/%Y%m%d-%H%M%S", &tm);
    cr_expect_str_eq(expand("/%t"), expected, "%s is not %s", path, expected);
}

/* Each day of 130 years, at different times of it; and the days around odd leap years. */
Test(output_path, start_time) {
    for (int64_t day = 0; day < 130 * 366; day++)
        expect_time(day * 86400 + day * 12345 % 86400);
    static const int64_t edges[] = {0,          68169600,   951782399,  951782400, 951868799,
                                    1709164800, 4107542399, 4107542400, 9214646400};
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++)
        expect_time(edges[i]);
}

Test(output_path, trailing_slashes_go) {
    cr_expect_str_eq(expand("/tmp/x.tally/"), "/tmp/x.tally");
    cr_expect_str_eq(expand("x///"), "/home/me/x");
    cr_expect_str_eq(expand("///"), "/");
    cr_expect_str_eq(expand(""), "/home/me");
}

Test(output_path, forked_children_have_their_own) {
    tli_program.forked = true;
    cr_expect_str_eq(expand(NULL), "/home/me/app.1234.tally");
    cr_expect_str_eq(expand("/tmp/profile"), "/tmp/profile.1234");
    cr_expect_str_eq(expand("/tmp/x.tally/"), "/tmp/x.1234.tally");
    cr_expect_str_eq(expand("/tmp/x-%p"), "/tmp/x-1234");
    cr_expect_str_eq(expand("/tmp/x-%p.tally"), "/tmp/x-1234.tally");
    cr_expect_str_eq(expand("/tmp/%%p"), "/tmp/%p.1234");
}

static void expect_too_long(const char *pattern) {
    cr_expect_eq(tli_output_path(pattern, path), -ENAMETOOLONG);
    cr_expect_lt(strlen(path), TLI_PATH_SIZE);
}

Test(output_path, too_long) {
    static char pattern[3 * TLI_PATH_SIZE];
    memset(pattern, 'x', sizeof pattern - 1);
    pattern[0] = '/';
    expect_too_long(pattern);
    tli_program.forked = true;
    expect_too_long(pattern);
    tli_program.forked = false;
    tli_program.name = pattern;
    expect_too_long("%e.tally");
    pattern[TLI_PATH_SIZE / 2] = '\0';
    expect_too_long("/%e%e.tally");
    expand("/%e"); /* this one fits */
}

/* Cut where nobody sees it, the profile would go somewhere else. */
Test(output_path, too_long_with_slashes_where_it_is_cut) {
    static char pattern[2 * TLI_PATH_SIZE];
    memset(pattern, '/', sizeof pattern - 1);
    memcpy(pattern, "/tmp/a", 6);
    pattern[sizeof pattern - 2] = 'b';
    expect_too_long(pattern);
}
