/*
 * thread_count.c - see thread_count.h.
 */
#include "thread_count.h"

#include <criterion/criterion.h>

#include <dirent.h>
#include <time.h>

size_t threads_of_this_process(void) {
    DIR *directory = opendir("/proc/self/task");
    cr_assert_not_null(directory);
    size_t count = 0;
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        count += entry->d_name[0] != '.';
    }
    closedir(directory);
    return count;
}

size_t threads_once_at_most(size_t expected) {
    size_t count;
    for (int tries = 0; (count = threads_of_this_process()) > expected && tries < 1000; tries++) {
        nanosleep(&(struct timespec){.tv_nsec = 5 * 1000 * 1000}, NULL);
    }
    return count;
}
