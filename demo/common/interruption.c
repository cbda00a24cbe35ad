/*
 * interruption.c - see interruption.h.
 */
#include "common/interruption.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

static const int signals[] = {SIGINT, SIGTERM};
enum { SIGNAL_COUNT = sizeof(signals) / sizeof(signals[0]) };

static bool is_watched[SIGNAL_COUNT];
static atomic_int first_signal; /* lock-free, so that a handler may write it */

/* Both signals are blocked while this runs. */
static void note_signal(int signal_number) {
    atomic_store(&first_signal, signal_number);
    for (int i = 0; i < SIGNAL_COUNT; i++) {
        if (is_watched[i]) {
            signal(signals[i], SIG_DFL);
        }
    }
}

void interruption_watch(void) {
    struct sigaction action = {.sa_handler = note_signal, .sa_flags = SA_RESTART}, old;
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < SIGNAL_COUNT; i++) {
        sigaddset(&action.sa_mask, signals[i]);
    }
    for (int i = 0; i < SIGNAL_COUNT; i++) {
        if (sigaction(signals[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN) {
            is_watched[i] = true;
            sigaction(signals[i], &action, NULL);
        }
    }
}

int interruption_signal(void) {
    return atomic_load(&first_signal);
}

const char *interruption_name(int signal_number) {
    return signal_number == SIGINT ? "SIGINT" : "SIGTERM";
}

int interruption_status(int signal_number) {
    return 128 + signal_number;
}
