/* allocate.h - the smallest pair there is: malloc and free of 64 bytes, in a loop. */
#ifndef ALLOCATE_H
#define ALLOCATE_H

#include "batches.h"

enum { PAIR_BYTES = 64 };

static KEPT long run_pairs(long pairs) {
    for (long i = 0; i < pairs; i++) {
        void *block = malloc(PAIR_BYTES);
        OPAQUE(block);
        free(block);
    }
    return pairs;
}

#endif
