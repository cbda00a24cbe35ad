/* run_subject.c - see run_subject.h. SUBJECT is its path, from the build. */
#include "run_subject.h"

#include <ftw.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct run run;

static void become(const char *path, const char *options, const char *const arguments[]) {
    const char *argv[8] = {path};
    for (int i = 0; i < 6 && arguments[i]; i++)
        argv[i + 1] = arguments[i];
    if (options)
        setenv("TALLY_OPTIONS", options, 1);
    else
        unsetenv("TALLY_OPTIONS");
    execv(path, (char *const *)(uintptr_t)argv);
    _exit(127);
}

/* Reads both pipes until the program has closed them. */
static void collect(int output, int errors) {
    struct pollfd ends[] = {{output, POLLIN, 0}, {errors, POLLIN, 0}};
    char *text[] = {run.output, run.errors};
    size_t room[] = {sizeof run.output - 1, sizeof run.errors - 1};
    while (ends[0].fd >= 0 || ends[1].fd >= 0) {
        poll(ends, 2, -1);
        for (int i = 0; i < 2; i++) {
            if (ends[i].fd < 0 || !ends[i].revents)
                continue;
            ssize_t got = read(ends[i].fd, text[i], room[i]);
            if (got <= 0) {
                close(ends[i].fd);
                ends[i].fd = -1;
                continue;
            }
            text[i] += got;
            room[i] -= (size_t)got;
        }
    }
    *text[0] = *text[1] = '\0';
}

static int remove_one(const char *path, const struct stat *status, int flag, struct FTW *walk) {
    (void)status, (void)flag, (void)walk;
    return remove(path);
}

const struct run *run_program(const char *path, const char *options,
                              const char *const arguments[]) {
    char directory[] = "/tmp/tally-subject-XXXXXX";
    int output[2], errors[2];
    if (!mkdtemp(directory) || pipe(output) != 0 || pipe(errors) != 0)
        abort();
    fflush(NULL);
    pid_t pid = fork();
    if (pid < 0)
        abort();
    if (pid == 0) {
        if (chdir(directory) != 0)
            _exit(126);
        dup2(output[1], 1);
        dup2(errors[1], 2);
        for (int i = 0; i < 2; i++) {
            close(output[i]);
            close(errors[i]);
        }
        become(path, options, arguments);
    }
    close(output[1]);
    close(errors[1]);
    collect(output[0], errors[0]);
    while (waitpid(pid, &run.status, 0) != pid)
        ;
    nftw(directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    return &run;
}

const struct run *run_subject(const char *options, const char *const arguments[]) {
    return run_program(SUBJECT, options, arguments);
}
