/*
 * progress.c - see progress.h.
 */
#include "program/progress.h"

#include "common/monotonic_clock.h"
#include "common/text_format.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

enum { STEPS = 1000, LINE_BYTES = 200 };

static const uint64_t first_show_ns = UINT64_C(1000000000);
static const uint64_t show_interval_ns = UINT64_C(100000000);

/* A process has one terminal. Guards what is on it: `line_shown`. */
static pthread_mutex_t terminal = PTHREAD_MUTEX_INITIALIZER;

struct progress progress_start(bool wanted, const char *noun, uint64_t total) {
    uint64_t now_ns = monotonic_now_ns();
    return (struct progress){
        .enabled = wanted && isatty(STDERR_FILENO) == 1,
        .noun = noun,
        .total = total,
        .start_ns = now_ns,
        .next_show_ns = now_ns + first_show_ns,
    };
}

static void format_line(const struct progress *progress, uint64_t now_ns, uint64_t done,
                        uint64_t done_bytes, char line[LINE_BYTES]) {
    double share = (double)done / (double)progress->total;
    double left_ns = (double)(now_ns - progress->start_ns) * (1 - share) / share;
    char size[FORMAT_QUANTITY_BYTES], left[FORMAT_QUANTITY_BYTES];
    format_size(done_bytes, size);
    format_duration((uint64_t)left_ns, left);
    /* \033[K clears what a longer line left behind. */
    snprintf(line, LINE_BYTES, "\r%3.0f %%  %" PRIu64 " of %" PRIu64 " %s%s%s, %s left\033[K",
             100 * share, done, progress->total, progress->noun, done_bytes > 0 ? ", " : "",
             done_bytes > 0 ? size : "", left);
}

void progress_update(struct progress *progress, uint64_t done, uint64_t done_bytes) {
    if (done > progress->total) {
        return;
    }
    uint64_t step = done * STEPS / progress->total;
    if (step == progress->step) {
        return;
    }
    progress->step = step;
    uint64_t now_ns = monotonic_now_ns();
    char line[LINE_BYTES];
    format_line(progress, now_ns, done, done_bytes, line);
    if (progress->enabled && now_ns >= progress->next_show_ns) {
        pthread_mutex_lock(&terminal);
        fputs(line, stderr);
        fflush(stderr);
        progress->line_shown = true;
        pthread_mutex_unlock(&terminal);
        progress->next_show_ns = now_ns + show_interval_ns;
    }
}

void progress_pause(struct progress *progress) {
    pthread_mutex_lock(&terminal);
    if (progress->line_shown) {
        fputs("\r\033[K", stderr);
        fflush(stderr);
        progress->line_shown = false;
    }
}

void progress_resume(void) {
    pthread_mutex_unlock(&terminal);
}

void progress_clear(struct progress *progress) {
    progress_pause(progress);
    progress_resume();
}
