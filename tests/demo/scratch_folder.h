/*
 * scratch_folder.h - an empty folder for one test, gone when the test is.
 *
 * Use scratch_make and scratch_remove as a suite's .init and .fini. Criterion runs each test in a
 * process of its own, so that each has a folder of its own.
 */
#ifndef TALLY_TESTS_SCRATCH_FOLDER_H
#define TALLY_TESTS_SCRATCH_FOLDER_H

#include <stddef.h>

extern char scratch_folder[];

void scratch_make(void);
void scratch_remove(void);

/* Paths in the folder; the caller frees them. */
char *scratch_path(const char *name);
char *scratch_write(const char *name, const char *bytes, size_t size_bytes);

#endif
