/*
 * wait_group.c - see wait_group.h.
 */
#include "common/wait_group.h"

void wait_group_init(struct wait_group *group) {
    pthread_mutex_init(&group->lock, NULL);
    pthread_cond_init(&group->all_done, NULL);
    group->under_way = 0;
}

void wait_group_destroy(struct wait_group *group) {
    pthread_cond_destroy(&group->all_done);
    pthread_mutex_destroy(&group->lock);
}

void wait_group_add(struct wait_group *group) {
    pthread_mutex_lock(&group->lock);
    group->under_way++;
    pthread_mutex_unlock(&group->lock);
}

void wait_group_done(struct wait_group *group) {
    pthread_mutex_lock(&group->lock);
    if (--group->under_way == 0) {
        pthread_cond_broadcast(&group->all_done);
    }
    pthread_mutex_unlock(&group->lock);
}

void wait_group_wait(struct wait_group *group) {
    pthread_mutex_lock(&group->lock);
    while (group->under_way > 0) {
        pthread_cond_wait(&group->all_done, &group->lock);
    }
    pthread_mutex_unlock(&group->lock);
}
