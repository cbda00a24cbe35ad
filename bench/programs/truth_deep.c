/*
 * truth_deep.c - recursion: of one function, along a tree, and of two functions (see truth.h).
 *
 *   build     makes a tree, calling itself twice
 *   walk      goes through it, calling itself twice and mix
 *   descend   calls itself once, 1000 deep
 *   even, odd call each other; odd has more work than even
 *
 * What even and odd cost alone is found out with a twin of each that calls itself. They go no
 * deeper than a processor remembers return addresses: beyond that it guesses right in the twins,
 * which always return to the same place, and wrong in the pair.
 */
#include "truth.h"

enum { ROUNDS = 4000, TREE_DEPTH = 10, NODES = (1 << (TREE_DEPTH + 1)) - 1, DEPTH = 1000 };
enum { PAIR_DEPTH = 24, PAIRS = 40 };

struct node {
    struct node *left, *right;
    uint64_t value;
};

static struct node nodes[NODES];
static long n_nodes;

static KEPT uint64_t mix(uint64_t x) {
    LINK(x, 1);
    return x;
}

static KEPT uint64_t build(struct node **place, int depth, uint64_t x) {
    struct node *node = &nodes[n_nodes++];
    LINK(x, 2);
    *node = (struct node){NULL, NULL, x};
    *place = node;
    if (depth > 0) {
        x = build(&node->left, depth - 1, x);
        x = build(&node->right, depth - 1, x);
    }
    LINK(x, 3);
    return x;
}

static KEPT uint64_t walk(const struct node *node, uint64_t x) {
    x = mix(x ^ node->value);
    if (node->left) {
        x = walk(node->left, x);
        x = walk(node->right, x);
    }
    LINK(x, 4);
    LINK(x, 5);
    return x;
}

static KEPT uint64_t descend(long depth, uint64_t x) {
    LINK(x, 6);
    if (depth > 1)
        x = descend(depth - 1, x);
    LINK(x, 7);
    return x;
}

#define EVEN(name, other)                                                                          \
    static KEPT uint64_t name(long depth, uint64_t x) {                                            \
        LINK(x, 8);                                                                                \
        if (depth > 1)                                                                             \
            x = other(depth - 1, x);                                                               \
        LINK(x, 9);                                                                                \
        return x;                                                                                  \
    }

#define ODD(name, other)                                                                           \
    static KEPT uint64_t name(long depth, uint64_t x) {                                            \
        for (int link = 0; link < 6; link++)                                                       \
            LINK(x, 10);                                                                           \
        if (depth > 1)                                                                             \
            x = other(depth - 1, x);                                                               \
        LINK(x, 11);                                                                               \
        return x;                                                                                  \
    }

static KEPT uint64_t odd(long depth, uint64_t x);
EVEN(even, odd)
ODD(odd, even)
EVEN(even_twin, even_twin)
ODD(odd_twin, odd_twin)

static struct node *root;

UNTIMED static uint64_t build_tree(uint64_t x) {
    n_nodes = 0;
    return build(&root, TREE_DEPTH, x);
}

static KEPT uint64_t work(uint64_t x, long rounds) {
    for (long round = 0; round < rounds; round++) {
        n_nodes = 0;
        x = build(&root, TREE_DEPTH, x);
        x = walk(root, x);
        x = descend(DEPTH, x);
        for (int pair = 0; pair < PAIRS; pair++)
            x = even(PAIR_DEPTH, x);
    }
    return x;
}

REPEAT(mix, x = mix(x))
REPEAT(build, x = build_tree(x))
REPEAT(walk, x = walk(root, x))
REPEAT(descend, x = descend(DEPTH, x))
REPEAT(even, x = even_twin(PAIR_DEPTH, x))
REPEAT(odd, x = odd_twin(PAIR_DEPTH, x))

UNTIMED static void alone(void) {
    long tree_calls = (long)ROUNDS * NODES, deep_calls = (long)ROUNDS * DEPTH;
    long pair_calls = (long)ROUNDS * PAIRS * PAIR_DEPTH / 2; /* of each of the two */
    double mix_ns = repeated_ns(mix_again, 2000);
    tell("mix", tree_calls, mix_ns);
    tell("build", tree_calls, repeated_ns(build_again, 5) / NODES);
    tell("walk", tree_calls, repeated_ns(walk_again, 5) / NODES - mix_ns);
    tell("descend", deep_calls, repeated_ns(descend_again, 5) / DEPTH);
    tell("even", pair_calls, repeated_ns(even_again, 200) / PAIR_DEPTH);
    tell("odd", pair_calls, repeated_ns(odd_again, 200) / PAIR_DEPTH);
}

TRUTH_MAIN("truth_deep")
