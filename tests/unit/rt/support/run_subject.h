/*
 * run_subject.h - runs the program of subject.c and keeps what it wrote and how it ended.
 */
#ifndef RUN_SUBJECT_H
#define RUN_SUBJECT_H

struct run {
    char output[1 << 15], errors[1 << 12]; /* standard output and standard error */
    int status;                            /* as wait gives it */
};

/* `options` is TALLY_OPTIONS, or null for an environment without it; arguments end with null. It
 * runs in a directory of its own, which is gone afterwards. The result holds until the next run. */
const struct run *run_subject(const char *options, const char *const arguments[]);
const struct run *run_program(const char *path, const char *options, const char *const arguments[]);

#endif
