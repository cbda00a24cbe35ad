/*
 * program.h - the profiled program as it was when it started: it may change its arguments, its
 * working directory and its standard error later.
 */
#ifndef TLI_PROGRAM_H
#define TLI_PROGRAM_H

#include <stdbool.h>
#include <sys/types.h>

struct tli_program {
    const char *const *argv;       /* a copy; null-terminated, never null */
    const char *executable;        /* absolute path, or "" */
    const char *name;              /* its last part, or argv[0]'s */
    const char *working_directory; /* or "" */
    pid_t pid;                     /* of this process: a vfork child is not it */
    bool forked;                   /* a child that fork made of an instrumented process */
};

extern struct tli_program tli_program;

void tli_program_start(int argc, char **argv);

/* Its name is one that autoconf, CMake or Meson gives to what it runs to find out what a compiler
 * can do: nobody asked for a profile of that, and what lies about may even be in its way. */
bool tli_program_tries_the_compiler(void);
void tli_program_forked(void); /* in the child */

/* The calling process is the one tli_program is about, not a vfork child that borrows its memory.
 */
bool tli_program_is_us(void);

#endif
