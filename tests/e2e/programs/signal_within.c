/*
 * signal_within.c SIGNAL COUNT [for-ever] - is sent signals while the runtime has its lock: the
 * program asks for its counts for ever, or ends, which writes the profile.
 */
#include <tally/tally.h>

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static int number, count;

static void *send(void *unused) {
    for (int i = 0; i < count; i++) {
        usleep(500);
        kill(getpid(), number);
    }
    return unused;
}

static void ask(void) {
    uint64_t calls;
    tally_count_calls(&calls);
}

int main(int argc, char **argv) {
    pthread_t sender;
    number = atoi(argv[1]);
    count = atoi(argv[2]);
    if (pthread_create(&sender, NULL, send, NULL) != 0)
        return 1;
    do
        ask();
    while (argc > 3);
    return 0;
}
