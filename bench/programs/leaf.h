/* leaf.h - the smallest call there is, in a loop: in one thread (micro.c) and in two. */
#ifndef LEAF_H
#define LEAF_H

#include "batches.h"

static KEPT long leaf(long x) {
    OPAQUE(x);
    return x + 1;
}

static KEPT long run_leaf(long calls) {
    long x = 0;
    for (long i = 0; i < calls; i++)
        x = leaf(x);
    OPAQUE(x);
    return calls;
}

#endif
