/*
 * tree.h - the calling-context tree of one thread: shapes and walks that every part shares.
 *
 *   tli_thread ─> root ─┬─ context of a function called by nobody we know
 *                       ├─ …
 *                       └─ beyond ── one node per function, once memory is at its limit
 *
 * Recursion folds. A call whose function is already among its ancestors gets a node of its own
 * below its caller, so that the count of every caller→callee pair is exact; but that node is
 * `folded`: its callees are looked up, and live, under the ancestor. So each path holds a function
 * at most twice, and the tree is bounded by the program's call graph, not by its depth.
 *
 *   main ─ f ─ g ─ f'          f' folded: f'.children = f; when f' calls g, g is the node below f
 */
#ifndef TLI_TREE_H
#define TLI_TREE_H

#include "tally/abi.h"

#include <stdbool.h>
#include <stddef.h>

/* Functions of the runtime's own, to give fixed nodes a name. */
extern const struct tally_function tli_fn_root;   /* a thread: one site, for all it calls */
extern const struct tally_function tli_fn_beyond; /* see the option `memory` */
extern const struct tally_function tli_fn_nobody; /* of empty slots */
extern struct tally_node tli_sentinel; /* of nobody: what slots outside of the tree hold */

/* A node of a function known by address alone carries the address of the call behind its slots. */
static inline bool tli_is_dynamic(const struct tally_function *fn) {
    return fn->source == NULL;
}

/* Not a function, but what allocates: such a node is a leaf, see heap/sites.h. */
static inline bool tli_is_allocation(const struct tally_function *fn) {
    return fn->source == NULL && fn->address == NULL;
}

static inline size_t tli_n_words(const struct tally_function *fn) {
    return (size_t)fn->n_sites + fn->n_cells + (tli_is_dynamic(fn) ? 1 : 0);
}

static inline uint64_t *tli_cells(struct tally_node *node) {
    return (uint64_t *)(void *)&node->child[node->fn->n_sites];
}

static inline uint64_t *tli_call_address(struct tally_node *node) {
    return tli_cells(node) + node->fn->n_cells;
}

/* What an empty slot of `node` holds: the place of which `vacant` would be the `fn`. */
enum { TLI_VACANT_BEFORE = offsetof(struct tally_node, fn) - offsetof(struct tally_node, vacant) };
static inline struct tally_node *tli_vacant(struct tally_node *node) {
    return (struct tally_node *)((uintptr_t)node - TLI_VACANT_BEFORE);
}
static inline struct tally_node *tli_owner_of_vacant(struct tally_node *vacant) {
    return (struct tally_node *)((uintptr_t)vacant + TLI_VACANT_BEFORE);
}

/* One call, as a child is known by. */
struct tli_call {
    const struct tally_function *fn;
    struct tally_node *owner;
    uint32_t site;    /* TALLY_NO_INDEX if unknown */
    uint64_t address; /* return address, for dynamic functions */
    bool first;       /* nothing was called from this site before */
};

/* Where the children of calls made by `node` are. */
static inline struct tally_node *tli_owner(struct tally_node *node) {
    return node->folded ? node->children : node;
}

/* Whether the frame of a context is gone, given where the end of the stack is. Those of the hooks
 * have no frame of their own, and are told of their end. */
static inline bool tli_is_gone(const struct tally_node *node, uintptr_t stack) {
    return node->parent && !tli_is_dynamic(node->fn) && node->frame < stack;
}

static inline struct tally_node *tli_first_child(const struct tally_node *node) {
    return node->folded ? NULL : __atomic_load_n(&node->children, __ATOMIC_ACQUIRE);
}

/* The first context of a list of children. */
static inline struct tally_node *tli_pass_allocations(struct tally_node *node) {
    while (node && tli_is_allocation(node->fn))
        node = node->next;
    return node;
}

/* The context after `node` in pre-order below `root`; null at the end. Safe while the tree grows. */
static inline struct tally_node *tli_next_in_preorder(const struct tally_node *root,
                                                      const struct tally_node *node) {
    struct tally_node *next = tli_pass_allocations(tli_first_child(node));
    for (; !next && node != root; node = node->parent)
        next = tli_pass_allocations(node->next);
    return next;
}

#endif
