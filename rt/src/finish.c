/* finish.c - see finish.h. */
#include "finish.h"

#include "arena.h"
#include "clock.h"
#include "heap/heap.h"
#include "lock.h"
#include "machine.h"
#include "message.h"
#include "options.h"
#include "output.h"
#include "program.h"
#include "recording.h"
#include "snapshot.h"
#include "symbolize.h"
#include "units.h"

#include <errno.h>
#include <string.h>

struct job {
    struct tally_snapshot snapshot;
    struct tli_arena arena;
    bool since_mark; /* the heap's part */
};

static int export(int directory_fd, void *context) {
    struct job *job = context;
    struct tally_allocator allocator = tli_arena_allocator(&job->arena);
    return tally_export(&job->snapshot, directory_fd, &allocator);
}

static int take_snapshot(struct job *job, const char *ended_by) {
    struct tally_snapshot *s = &job->snapshot;
    *s = (struct tally_snapshot){
        .units = tli_units(),
        .argv = tli_program.argv,
        .executable = tli_program.executable,
        .working_directory = tli_program.working_directory,
        .ended_by = ended_by,
        .start_time_ns = tli_clock_start_epoch_ns(),
        .duration_ns = tli_recorded_ns(),
        .pid = tli_program.pid,
    };
    s->options = tli_options_as_text(&s->n_options);
    if (!tli_self && !tli_thread_begin())
        return -ENOMEM;
    int status;
    do {
        tli_arena_release(&job->arena);
        status = tli_snapshot_trees(s, job->since_mark, &job->arena);
    } while (status == -EAGAIN);
    if (status == 0) {
        tli_snapshot_modules(s, &job->arena);
        s->machine = tli_machine(&job->arena);
    }
    return status;
}

static bool has_calls(const struct tally_snapshot *snapshot) {
    for (size_t i = 0; i < snapshot->n_contexts; i++)
        if (snapshot->contexts[i].calls)
            return true;
    return false;
}

static bool has_addresses_only(const struct tally_snapshot *snapshot) {
    for (size_t i = 0; i < snapshot->n_contexts; i++)
        if (!snapshot->contexts[i].fn->source)
            return true;
    return false;
}

/* The program was linked with Tally and yet there is nothing to show: say why that may be. A
 * forked child that did nothing instrumented, or a program that never started recording, is in
 * order. */
static void explain_nothing(const struct tally_snapshot *snapshot) {
    char number[TLI_NUMBER_SIZE];
    uint64_t functions = 0;
    bool never_started = !tli_options.enabled && !tli_recording_is_on();
    if (tli_program.forked || never_started)
        return;
    for (const struct tally_unit *unit = snapshot->units; unit; unit = unit->next)
        functions += unit->n_functions;
    if (functions)
        tli_message(1, "no profile: none of the ", tli_number(functions, number),
                    " instrumented functions was called while recording", NULL);
    else
        tli_message(1,
                    "no profile: the program is linked with Tally, but no function in it is "
                    "instrumented; compile it, not only link it, with tally-cc, the plugin or "
                    "-finstrument-functions",
                    NULL);
}

static void explain_failure(const char *path, int status) {
    const char *cause = status == -EEXIST
                            ? "something that is not a profile of Tally's is in the way"
                            : strerrordesc_np(-status);
    tli_message(1, "cannot write ", path, ": ", cause ? cause : "unknown error", NULL);
}

static int write_job(const char *pattern, const char *ended_by, struct job *job) {
    char path[TLI_PATH_SIZE];
    int status = tli_output_path(pattern, path);
    if (status == 0)
        status = take_snapshot(job, ended_by);
    if (status == 0 && !has_calls(&job->snapshot)) {
        explain_nothing(&job->snapshot);
        return 1;
    }
    if (status == 0)
        status = tli_output_write(path, export, job);
    if (status != 0) {
        explain_failure(path, status);
        return status;
    }
    if (has_addresses_only(&job->snapshot))
        tli_symbolize(path);
    tli_message(2, "wrote ", path, NULL);
    return 0;
}

/* With the lock held. */
static int write_locked(const char *pattern, const char *ended_by) {
    struct job job = {0};
    int status = write_job(pattern, ended_by, &job);
    tli_arena_release(&job.arena);
    return status;
}

int tli_write_profile(const char *path, const char *ended_by) {
    if (!tli_lock_within())
        return -EBUSY;
    int status = write_locked(path, ended_by);
    tli_unlock();
    return status;
}

/* Asked with the lock held: who comes second comes when the first has written. */
static bool is_first_end(void) {
    static pid_t ended;
    bool is_first = ended != tli_program.pid;
    ended = tli_program.pid;
    return is_first;
}

static int export_heap(int fd, void *context) {
    struct job *job = context;
    struct tally_allocator allocator = tli_arena_allocator(&job->arena);
    return tally_export_heap(&job->snapshot, fd, &allocator);
}

int tli_write_heap(const char *path, bool since_mark) {
    struct job job = {.since_mark = since_mark};
    char whole_path[TLI_PATH_SIZE];
    if (!tli_heap_is_recorded())
        return -ENOTSUP;
    if (!tli_lock_within())
        return -EBUSY;
    int status = tli_output_path(path, whole_path);
    if (status == 0)
        status = take_snapshot(&job, "tally_heap_write");
    if (status == 0)
        status = tli_output_write_file(whole_path, export_heap, &job);
    tli_arena_release(&job.arena);
    tli_unlock();
    return status;
}

void tli_finish(const char *ended_by) {
    if (!tli_program_is_us())
        return;
    int kept = errno;
    if (!tli_lock_within()) {
        tli_message(1, "no profile: another one is being written", NULL);
    } else {
        if (is_first_end())
            write_locked(NULL, ended_by);
        tli_unlock();
    }
    errno = kept;
}
