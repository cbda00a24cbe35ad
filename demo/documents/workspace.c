/*
 * workspace.c - see workspace.h. The lock is held for as long as it takes to move a pointer.
 */
#include "documents/workspace.h"

#include "common/memory.h"

#include <stdlib.h>

/* The largest of the texts that the demo reads unless told otherwise, and of those it generates,
 * are a little smaller. */
enum { ORDINARY_BYTES = (64 << 10) - 1, ORDINARY_WORDS = 2048 };

static struct workspace *new_workspace(void) {
    struct workspace *workspace = memory_allocate(sizeof(*workspace));
    *workspace = (struct workspace){
        .normalized = STRING_BUFFER_EMPTY,
        .counts = WORD_COUNTS_EMPTY,
        .digest = md5_new(),
    };
    return workspace;
}

static void free_workspace(struct workspace *workspace) {
    string_buffer_free(&workspace->normalized);
    word_counts_free(&workspace->counts);
    free(workspace->keywords);
    md5_free(workspace->digest);
    free(workspace);
}

void workspace_pool_init(struct workspace_pool *pool) {
    pthread_mutex_init(&pool->lock, NULL);
    pool->unused = NULL;
}

void workspace_pool_destroy(struct workspace_pool *pool) {
    while (pool->unused != NULL) {
        struct workspace *workspace = pool->unused;
        pool->unused = workspace->next_unused;
        free_workspace(workspace);
    }
    pthread_mutex_destroy(&pool->lock);
}

/* A digest begins anew from its second use on: the first is done here. */
static void prepare_workspace(struct workspace *workspace) {
    char unused[MD5_TEXT_BYTES];
    string_buffer_reserve(&workspace->normalized, ORDINARY_BYTES);
    word_counts_reserve(&workspace->counts, ORDINARY_WORDS);
    workspace->keywords = memory_resize(NULL, ORDINARY_WORDS, sizeof(workspace->keywords[0]));
    workspace->keywords_capacity = ORDINARY_WORDS;
    if (workspace->digest != NULL) {
        md5_finish(workspace->digest, unused);
    }
}

void workspace_pool_prepare(struct workspace_pool *pool, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct workspace *workspace = new_workspace();
        prepare_workspace(workspace);
        workspace_give_back(pool, workspace);
    }
}

struct workspace *workspace_take(struct workspace_pool *pool) {
    pthread_mutex_lock(&pool->lock);
    struct workspace *workspace = pool->unused;
    if (workspace != NULL) {
        pool->unused = workspace->next_unused;
    }
    pthread_mutex_unlock(&pool->lock);
    return workspace != NULL ? workspace : new_workspace();
}

void workspace_give_back(struct workspace_pool *pool, struct workspace *workspace) {
    if (workspace->normalized.capacity_bytes > WORKSPACE_KEPT_BYTES) {
        free_workspace(workspace);
        return;
    }
    pthread_mutex_lock(&pool->lock);
    workspace->next_unused = pool->unused;
    pool->unused = workspace;
    pthread_mutex_unlock(&pool->lock);
}
