/*
 * test_options.c - TALLY_OPTIONS: every type, every way to get it wrong, and what is said then.
 */
#include "run_subject.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const arguments[] = {"options", NULL};

static const struct run *run_with(const char *options) {
    const struct run *run = run_subject(options, arguments);
    cr_assert(WIFEXITED(run->status) && WEXITSTATUS(run->status) == 0, "status %#x, %s",
              run->status, run->errors);
    return run;
}

static bool has_line(const struct run *run, const char *line) {
    char framed[400], text[sizeof run->output + 1];
    snprintf(framed, sizeof framed, "\n%s\n", line);
    snprintf(text, sizeof text, "\n%s", run->output);
    return strstr(text, framed) != NULL;
}

/* With `options`, nothing is said and the settings have these lines. */
static void expect_settings(const char *options, const char *used, const char *as_text) {
    const struct run *run = run_with(options);
    cr_expect_str_eq(run->errors, "", "%s", options);
    cr_expect(has_line(run, used), "%s: no %s in\n%s", options, used, run->output);
    cr_expect(has_line(run, as_text), "%s: no %s in\n%s", options, as_text, run->output);
}

/* With `options`, this one line is said, and the default stays. */
static void expect_complaint(const char *options, const char *complaint, const char *used) {
    char line[500];
    const struct run *run = run_with(options);
    snprintf(line, sizeof line, "tally: TALLY_OPTIONS: %s\n", complaint);
    cr_expect_str_eq(run->errors, line);
    cr_expect(has_line(run, used), "%s: no %s in\n%s", options, used, run->output);
}

#define DEFAULTS                                                                                   \
    "out=%e.tally\n"                                                                               \
    "enabled=1\n"                                                                                  \
    "verbosity=1\n"                                                                                \
    "memory=268435456\n"                                                                           \
    "timing=exact\n"                                                                               \
    "heap=full\n"                                                                                  \
    "sizes=0\n"                                                                                    \
    "mmap=0\n"                                                                                     \
    "clock=auto\n"                                                                                 \
    "symbolizer=\n"                                                                                \
    "out: %e.tally\n"                                                                              \
    "enabled: true\n"                                                                              \
    "verbosity: 1\n"                                                                               \
    "memory: 256M\n"                                                                               \
    "timing: exact\n"                                                                              \
    "heap: full\n"                                                                                 \
    "sizes: false\n"                                                                               \
    "mmap: false\n"                                                                                \
    "clock: auto\n"                                                                                \
    "symbolizer: \n"

Test(options, defaults) {
    const char *const nothing_said[] = {NULL, "", ":", ":::"};
    for (int i = 0; i < 4; i++) {
        const struct run *run = run_with(nothing_said[i]);
        cr_expect_str_eq(run->output, DEFAULTS);
        cr_expect_str_eq(run->errors, "");
    }
}

Test(options, strings) {
    expect_settings("out=/tmp/%e-%p", "out=/tmp/%e-%p", "out: /tmp/%e-%p");
    expect_settings("out=a=b", "out=a=b", "out: a=b");
    expect_settings("out=", "out=", "out: ");
    expect_settings("out=with blanks ", "out=with blanks ", "out: with blanks ");
    expect_settings("symbolizer=none", "symbolizer=none", "symbolizer: none");
}

Test(options, booleans) {
    static const char *const off[] = {"false", "no", "off", "0", "False", "NO", "oFF"};
    static const char *const on[] = {"true", "yes", "on", "1", "TRUE", "Yes", "ON"};
    char option[40], text[40];
    for (int i = 0; i < 14; i++) {
        const char *word = i < 7 ? off[i] : on[i - 7];
        snprintf(option, sizeof option, "enabled=%s", word);
        snprintf(text, sizeof text, "enabled: %s", word);
        expect_settings(option, i < 7 ? "enabled=0" : "enabled=1", text);
    }
}

Test(options, numbers) {
    expect_settings("verbosity=0", "verbosity=0", "verbosity: 0");
    expect_settings("verbosity=002", "verbosity=2", "verbosity: 002");
    expect_settings("verbosity=18446744073709551615", "verbosity=18446744073709551615",
                    "verbosity: 18446744073709551615");
}

Test(options, sizes) {
    expect_settings("memory=12345", "memory=12345", "memory: 12345");
    expect_settings("memory=64K", "memory=65536", "memory: 64K");
    expect_settings("memory=64k", "memory=65536", "memory: 64k");
    expect_settings("memory=3M", "memory=3145728", "memory: 3M");
    expect_settings("memory=2g", "memory=2147483648", "memory: 2g");
    expect_settings("memory=0", "memory=0", "memory: 0");
}

Test(options, several) {
    const struct run *run = run_with("out=x:verbosity=2::memory=1M:clock=monotonic:enabled=no:");
    cr_expect_str_eq(run->errors, "");
    cr_expect(has_line(run, "out=x") && has_line(run, "verbosity=2") &&
              has_line(run, "memory=1048576") && has_line(run, "clock=monotonic") &&
              has_line(run, "enabled=0"));
    expect_settings("memory=1:memory=2:memory=3", "memory=3", "memory: 3");
}

Test(options, what_is_not_a_number) {
    static const char *const bad[] = {"",
                                      "x",
                                      "2x",
                                      "-1",
                                      "+1",
                                      " 1",
                                      "1 ",
                                      "1.5",
                                      "0x10",
                                      "1K",
                                      "18446744073709551616",
                                      "99999999999999999999999"};
    char option[60], complaint[100];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        snprintf(option, sizeof option, "verbosity=%s", bad[i]);
        snprintf(complaint, sizeof complaint, "%s: not a number", option);
        expect_complaint(option, complaint, "verbosity=1");
    }
}

Test(options, what_is_not_a_size) {
    static const char *const bad[] = {"",
                                      "M",
                                      "16 ",
                                      "16 M",
                                      "16MB",
                                      "16MM",
                                      "16Q",
                                      "1.5G",
                                      "-1M",
                                      "16777216T",
                                      "18446744073709551615K"};
    char option[60];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        snprintf(option, sizeof option, "memory=%s", bad[i]);
        const struct run *run = run_with(option);
        cr_expect(strncmp(run->errors, "tally: TALLY_OPTIONS: ", 22) == 0 &&
                      strstr(run->errors, option),
                  "%s: %s", option, run->errors);
        cr_expect(has_line(run, "memory=268435456"), "%s", run->output);
        cr_expect(has_line(run, "memory: 256M"), "%s", run->output);
    }
}

Test(options, what_is_not_a_boolean) {
    expect_complaint("enabled=maybe", "enabled=maybe: not a boolean", "enabled=1");
    expect_complaint("enabled=", "enabled=: not a boolean", "enabled=1");
    expect_complaint("enabled=2", "enabled=2: not a boolean", "enabled=1");
}

Test(options, clocks) {
    expect_settings("clock=tsc", "clock=tsc", "clock: tsc");
    const struct run *run = run_with("clock=hpet");
    cr_expect_str_eq(run->errors,
                     "tally: TALLY_OPTIONS: clock=hpet: not one of auto, tsc, monotonic\n");
}

Test(options, not_of_the_form) {
    expect_complaint("nonsense", "'nonsense' is not of the form name=value", "out=%e.tally");
    expect_complaint("verbosity", "'verbosity' is not of the form name=value", "verbosity=1");
}

Test(options, unknown_names_with_a_suggestion) {
    expect_complaint("ou=x", "unknown option 'ou'; did you mean 'out'?", "out=%e.tally");
    expect_complaint("verbose=2", "unknown option 'verbose'; did you mean 'verbosity'?",
                     "verbosity=1");
    expect_complaint("eanbled=0", "unknown option 'eanbled'; did you mean 'enabled'?", "enabled=1");
    expect_complaint("Clock=tsc", "unknown option 'Clock'; did you mean 'clock'?", "clock=auto");
    expect_complaint("symboliser=x", "unknown option 'symboliser'; did you mean 'symbolizer'?",
                     "symbolizer=");
}

/* Letters left out or typed twice: the most common slips. */
Test(options, unknown_names_one_letter_longer_or_shorter) {
    expect_complaint("memmory=1", "unknown option 'memmory'; did you mean 'memory'?",
                     "memory=268435456");
    expect_complaint("nabled=0", "unknown option 'nabled'; did you mean 'enabled'?", "enabled=1");
    expect_complaint("vrbosity=2", "unknown option 'vrbosity'; did you mean 'verbosity'?",
                     "verbosity=1");
}

Test(options, unknown_names_like_no_other) {
    expect_complaint("zebra=1", "unknown option 'zebra'; see tally help options", "out=%e.tally");
    expect_complaint("=1", "unknown option ''; see tally help options", "out=%e.tally");
}

Test(options, one_bad_word_does_not_spoil_the_others) {
    const struct run *run = run_with("zebra=1:memory=1M:nonsense:enabled=no");
    cr_expect(has_line(run, "memory=1048576") && has_line(run, "enabled=0"));
    int lines = 0;
    for (const char *p = run->errors; *p; p++)
        lines += *p == '\n';
    cr_expect_eq(lines, 2, "%s", run->errors);
}

Test(options, quiet_when_asked) {
    const struct run *run = run_with("verbosity=0:zebra=1:memory=x:nonsense:clock=hpet");
    cr_expect_str_eq(run->errors, "");
}

Test(options, far_too_long) {
    static char value[5000];
    memset(value, 'x', sizeof value - 1);
    memcpy(value, "out=", 4);
    expect_complaint(value, "longer than 4095 bytes, ignored", "out=%e.tally");
    value[4095] = '\0';
    const struct run *run = run_with(value);
    cr_expect_str_eq(run->errors, "");
}

/* A message that is longer than a line of ours is cut; it stays one line. */
Test(options, a_long_complaint_is_one_line) {
    static char value[3000];
    memset(value, 'x', sizeof value - 1);
    const struct run *run = run_with(value);
    size_t length = strlen(run->errors);
    cr_expect_leq(length, 1024);
    cr_assert_gt(length, 0);
    cr_expect_eq(strchr(run->errors, '\n'), run->errors + length - 1);
}

static void copy_file(const char *from, const char *to) {
    int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_EXCL, 0700);
    struct stat status;
    cr_assert(in >= 0 && out >= 0 && fstat(in, &status) == 0);
    cr_assert_eq(sendfile(out, in, NULL, (size_t)status.st_size), status.st_size);
    close(in);
    close(out);
}

/* Somebody else's rights, our environment: it is not read, nor is anything said about it. */
Test(options, privileged_programs_do_not_read_them) {
    if (geteuid() != 0)
        cr_skip_test("only root can make a setuid program of another user's");
    char path[] = "/tmp/tally-setuid-XXXXXX";
    int fd = mkstemp(path);
    close(fd);
    unlink(path);
    copy_file(SUBJECT, path);
    cr_assert_eq(chown(path, 65534, 65534), 0);
    cr_assert_eq(chmod(path, 04755), 0);
    const struct run *run = run_program(path, "verbosity=2:zebra=1:memory=1M", arguments);
    unlink(path);
    if (!WIFEXITED(run->status) || WEXITSTATUS(run->status) != 0)
        cr_skip_test("this system runs no setuid program from /tmp");
    cr_expect_str_eq(run->output, DEFAULTS);
    cr_expect_str_eq(run->errors, "");
}
