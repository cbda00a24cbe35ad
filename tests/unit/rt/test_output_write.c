/*
 * test_output_write.c - a profile's directory is there whole or not at all, and what was there
 * before is kept, or left alone when it is not ours.
 */
#include "output.h"

#include "options.h"
#include "program.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char directory[64], target[96], old[100];

static void begin(void) {
    strcpy(directory, "/tmp/tally-output-XXXXXX");
    cr_assert_not_null(mkdtemp(directory));
    snprintf(target, sizeof target, "%s/app.tally", directory);
    snprintf(old, sizeof old, "%s.old", target);
}

static int remove_one(const char *path, const struct stat *status, int flag, struct FTW *walk) {
    (void)status, (void)flag, (void)walk;
    return remove(path);
}

static void end(void) {
    chmod(directory, 0700);
    nftw(directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

TestSuite(output_write, .init = begin, .fini = end);

static void write_file(int directory_fd, const char *name, const char *text) {
    int fd = openat(directory_fd, name, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    cr_assert_geq(fd, 0);
    cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static void make_file(const char *in, const char *name, const char *text) {
    int fd = open(in, O_RDONLY | O_DIRECTORY);
    cr_assert_geq(fd, 0);
    write_file(fd, name, text);
    close(fd);
}

static int profile(int directory_fd, void *text) {
    write_file(directory_fd, "calls.pb.gz", text);
    write_file(directory_fd, "run.json", "{}");
    return 0;
}

static int fail_half_way(int directory_fd, void *status) {
    write_file(directory_fd, "calls.pb.gz", "half of it");
    return *(int *)status;
}

static const char *contents(const char *in, const char *name) {
    static char text[100];
    char path[200];
    snprintf(path, sizeof path, "%s/%s", in, name);
    int fd = open(path, O_RDONLY);
    ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    close(fd);
    text[got < 0 ? 0 : got] = '\0';
    return got < 0 ? "(no such file)" : text;
}

static int count_entries(void) {
    char command[200];
    snprintf(command, sizeof command, "ls -A %s | wc -l", directory);
    FILE *pipe = popen(command, "r");
    int n = -1;
    cr_assert_eq(fscanf(pipe, "%d", &n), 1);
    pclose(pipe);
    return n;
}

static int write_profile(const char *text) {
    return tli_output_write(target, profile, (void *)(uintptr_t)text);
}

/* As a process did that is no more: in a copy of this one. */
static void write_in_earlier_run(const char *text) {
    int status = -1;
    pid_t child = fork();
    if (child == 0)
        syscall(SYS_exit_group, write_profile(text) != 0);
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert_eq(status, 0);
}

Test(output_write, makes_the_directory) {
    cr_expect_eq(write_profile("one"), 0);
    cr_expect_str_eq(contents(target, "calls.pb.gz"), "one");
    cr_expect_str_eq(contents(target, "run.json"), "{}");
    cr_expect_eq(count_entries(), 1, "and nothing beside it");
}

Test(output_write, the_last_one_is_kept) {
    write_in_earlier_run("one");
    write_in_earlier_run("two");
    cr_expect_str_eq(contents(target, "calls.pb.gz"), "two");
    cr_expect_str_eq(contents(old, "calls.pb.gz"), "one");
    cr_expect_eq(write_profile("three"), 0);
    cr_expect_str_eq(contents(target, "calls.pb.gz"), "three");
    cr_expect_str_eq(contents(old, "calls.pb.gz"), "two");
    cr_expect_eq(count_entries(), 2);
}

/* The old one is what an earlier run left, however often this one writes. */
Test(output_write, its_own_is_replaced) {
    write_in_earlier_run("one");
    for (int i = 0; i < 5; i++)
        cr_expect_eq(write_profile(i < 4 ? "again" : "last"), 0);
    cr_expect_str_eq(contents(target, "calls.pb.gz"), "last");
    cr_expect_str_eq(contents(target, "run.json"), "{}");
    cr_expect_str_eq(contents(old, "calls.pb.gz"), "one");
    cr_expect_eq(count_entries(), 2, "and nothing beside them");
}

Test(output_write, its_own_with_files_of_others_in_it_moves_aside) {
    cr_expect_eq(write_profile("one"), 0);
    make_file(target, "thesis.tex", "ten years");
    cr_expect_eq(write_profile("two"), 0);
    cr_expect_str_eq(contents(target, "calls.pb.gz"), "two");
    cr_expect_str_eq(contents(old, "thesis.tex"), "ten years");
}

/* Another process wrote to the same path since: that is not this one's to remove. */
Test(output_write, anothers_in_its_place_moves_aside) {
    cr_expect_eq(write_profile("one"), 0);
    write_in_earlier_run("two");
    cr_expect_eq(write_profile("three"), 0);
    cr_expect_str_eq(contents(target, "calls.pb.gz"), "three");
    cr_expect_str_eq(contents(old, "calls.pb.gz"), "two");
}

Test(output_write, an_empty_directory_is_in_nobodys_way) {
    mkdir(target, 0777);
    cr_expect_eq(write_profile("one"), 0);
    cr_expect_str_eq(contents(target, "calls.pb.gz"), "one");
}

Test(output_write, what_is_not_ours_is_not_touched) {
    mkdir(target, 0777);
    make_file(target, "thesis.tex", "ten years");
    cr_expect_eq(write_profile("one"), -EEXIST);
    cr_expect_str_eq(contents(target, "thesis.tex"), "ten years");
    cr_expect_eq(count_entries(), 1);
}

Test(output_write, a_file_of_that_name_is_not_touched) {
    make_file(directory, "app.tally", "a file");
    cr_expect_eq(write_profile("one"), -EEXIST);
    cr_expect_str_eq(contents(directory, "app.tally"), "a file");
    cr_expect_eq(count_entries(), 1);
}

Test(output_write, an_old_one_that_is_not_ours_is_not_touched) {
    write_in_earlier_run("one");
    mkdir(old, 0777);
    make_file(old, "thesis.tex", "ten years");
    cr_expect_eq(write_profile("two"), -EEXIST);
    cr_expect_str_eq(contents(target, "calls.pb.gz"), "one");
    cr_expect_str_eq(contents(old, "thesis.tex"), "ten years");
    cr_expect_eq(count_entries(), 2);
}

/* Somebody keeps notes of his own beside a run.json: no reason to delete them. */
Test(output_write, files_of_others_beside_ours_survive) {
    write_in_earlier_run("one");
    write_in_earlier_run("two");
    make_file(old, "thesis.tex", "ten years");
    write_profile("three");
    cr_expect_str_eq(contents(old, "thesis.tex"), "ten years");
}

/* A failure leaves all as it was: also the old one, that was to be removed. */
Test(output_write, an_old_one_that_cannot_be_removed_stays_whole) {
    char inner[128];
    write_in_earlier_run("one");
    write_in_earlier_run("two");
    snprintf(inner, sizeof inner, "%s/notes", old);
    mkdir(inner, 0777);
    int status = write_profile("three");
    cr_expect_str_eq(contents(target, "calls.pb.gz"), status == 0 ? "three" : "two");
    if (status != 0)
        cr_expect_str_eq(contents(old, "calls.pb.gz"), "one");
    cr_expect_eq(count_entries(), 2);
}

Test(output_write, failures_leave_nothing) {
    static const int causes[] = {-ENOSPC, -EIO, -ENOMEM, -EDQUOT};
    for (size_t i = 0; i < sizeof causes / sizeof *causes; i++) {
        int status = causes[i];
        cr_expect_eq(tli_output_write(target, fail_half_way, &status), status);
        cr_expect_eq(count_entries(), 0);
    }
}

Test(output_write, failures_keep_what_was_there) {
    int status = -ENOSPC;
    write_in_earlier_run("one");
    write_in_earlier_run("two");
    cr_expect_eq(tli_output_write(target, fail_half_way, &status), -ENOSPC);
    cr_expect_str_eq(contents(target, "calls.pb.gz"), "two");
    cr_expect_str_eq(contents(old, "calls.pb.gz"), "one");
    cr_expect_eq(count_entries(), 2);
}

Test(output_write, no_such_place) {
    char path[120];
    snprintf(path, sizeof path, "%s/missing/app.tally", directory);
    cr_expect_eq(tli_output_write(path, profile, "one"), -ENOENT);
    make_file(directory, "file", "");
    snprintf(path, sizeof path, "%s/file/app.tally", directory);
    cr_expect_eq(tli_output_write(path, profile, "one"), -ENOTDIR);
}

Test(output_write, a_name_too_long_for_the_file_system) {
    char path[400];
    int n = snprintf(path, sizeof path, "%s/", directory);
    memset(path + n, 'x', 300);
    path[n + 300] = '\0';
    cr_expect_eq(tli_output_write(path, profile, "one"), -ENAMETOOLONG);
    cr_expect_eq(count_entries(), 0);
}

/* A process of our id died while it wrote. */
Test(output_write, what_a_dead_process_left_is_replaced) {
    char temporary[128];
    snprintf(temporary, sizeof temporary, "%s.tmp-%d", target, (int)getpid());
    mkdir(temporary, 0777);
    make_file(temporary, "calls.pb.gz", "half of it");
    make_file(temporary, "garbage", "");
    cr_expect_eq(write_profile("one"), 0);
    cr_expect_str_eq(contents(target, "calls.pb.gz"), "one");
    cr_expect_str_eq(contents(target, "garbage"), "(no such file)");
    cr_expect_eq(count_entries(), 1);
}

Test(output_write, the_program_s_umask_holds) {
    mode_t before = umask(027);
    cr_expect_eq(write_profile("one"), 0);
    umask(before);
    struct stat status;
    stat(target, &status);
    cr_expect_eq(status.st_mode & 0777, 0750);
}

Test(output_write, descriptors_are_not_leaked) {
    int status = -EIO, before = dup(0);
    close(before);
    for (int i = 0; i < 20; i++) {
        write_profile("again");
        tli_output_write(target, fail_half_way, &status);
    }
    int after = dup(0);
    cr_expect_eq(after, before);
    close(after);
}
