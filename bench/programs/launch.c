/*
 * launch.c - runs a program once and says what it took.
 *
 *   launch RESULT PROGRAM [ARGUMENT...]
 *
 * Writes one line into the file RESULT:
 *
 *   wall_ns user_us system_us peak_resident_kib exit_status ended_ns
 *
 * exit_status is 128 + signal if a signal ended it; ended_ns is when it was gone, by
 * CLOCK_MONOTONIC.
 *
 * Why not from Python: the kernel counts the memory of the process that calls exec into the peak of
 * the program it becomes, so the starting process must be smaller than anything measured; and it
 * starts a program in a fraction of the time. The numbers include what the program itself waited
 * for (children of a profiler that runs the program).
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static long long microseconds(struct timeval t) {
    return t.tv_sec * 1000000LL + t.tv_usec;
}

int main(int argc, char **argv) {
    struct rusage usage;
    long long start, end;
    int status;
    pid_t child;
    FILE *result;

    if (argc < 3) {
        fputs("usage: launch RESULT PROGRAM [ARGUMENT...]\n", stderr);
        return 2;
    }
    start = now_ns();
    child = fork();
    if (child == 0) {
        execvp(argv[2], argv + 2);
        perror(argv[2]);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &usage) != child) {
        perror("launch");
        return 1;
    }
    end = now_ns();
    result = fopen(argv[1], "w");
    if (!result ||
        fprintf(result, "%lld %lld %lld %ld %d %lld\n", end - start, microseconds(usage.ru_utime),
                microseconds(usage.ru_stime), usage.ru_maxrss,
                WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status), end) < 0 ||
        fclose(result) != 0) {
        perror(argv[1]);
        return 1;
    }
    return 0;
}
