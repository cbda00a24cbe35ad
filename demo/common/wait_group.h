/*
 * wait_group.h - waits until all of a number of things are done, which other threads do.
 *
 *   add, add, add ──> wait ──> … done, done, done: wait returns ──> add, …
 *
 * Any thread may call any function but init and destroy.
 */
#ifndef TALLY_DEMO_WAIT_GROUP_H
#define TALLY_DEMO_WAIT_GROUP_H

#include <pthread.h>
#include <stddef.h>

struct wait_group {
    pthread_mutex_t lock;
    pthread_cond_t all_done;
    size_t under_way;
};

void wait_group_init(struct wait_group *group);
void wait_group_destroy(struct wait_group *group); /* when nobody uses it */

void wait_group_add(struct wait_group *group);  /* one more */
void wait_group_done(struct wait_group *group); /* one of those that were added */
void wait_group_wait(struct wait_group *group); /* for all that were added */

#endif
