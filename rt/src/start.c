/*
 * start.c - the runtime's life: the constructor that starts it, the ways in which it ends.
 *
 * Instrumented code may run before the constructor (others' constructors); counting needs nothing
 * of it. Calls made while the process ends, after our destructor, are not in the profile.
 */
#include "clock.h"
#include "finish.h"
#include "heap/heap.h"
#include "lock.h"
#include "message.h"
#include "modules.h"
#include "options.h"
#include "own_stack.h"
#include "program.h"
#include "recording.h"
#include "signals.h"
#include "stacks.h"
#include "syscall.h"
#include "thread.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PUBLIC __attribute__((visibility("default")))

/* The child of a fork has a profile of its own, of what it does itself. */
static void in_forked_child(void) {
    tli_lock_forked();
    tli_program_forked();
    tli_signals_forked();
    tli_threads_forget_others();
    tli_stacks_forked();
    tli_images_forked();
    tli_heap_forked();
    tli_clock_start();
    tli_recording_restart();
}

static void on_quick_exit(void) {
    tli_finish("quick_exit");
}

__attribute__((constructor(102))) static void start(int argc, char **argv) {
    tli_options_load();
    tli_program_start(argc, argv);
    tli_clock_start();
    tli_heap_start();
    if (tli_program_tries_the_compiler()) {
        tli_message(2, "no profile: ", tli_program.name,
                    " is what build systems call a program that tries the compiler", NULL);
        tli_options.enabled = false;
    }
    if (!tli_options.enabled)
        tli_recording_switch(false);
    tli_signals_start();
    pthread_atfork(NULL, NULL, in_forked_child);
    at_quick_exit(on_quick_exit); /* the first to register runs last */
}

__attribute__((destructor(102))) static void end(void) {
    tli_finish("exit");
}

static void finish_by(const void *ended_by) {
    tli_finish(ended_by);
}

/* What exit(3) does not come through. libc's own calls are not interposed. */
__attribute__((noreturn)) static void leave(int status, const char *ended_by) {
    if (tli_program_is_us())
        tli_on_own_stack(finish_by, ended_by);
    for (;;)
        tli_syscall3(SYS_exit_group, status, 0, 0);
}

PUBLIC void _exit(int status) {
    leave(status, "_exit");
}

PUBLIC void _Exit(int status) {
    leave(status, "_Exit");
}
