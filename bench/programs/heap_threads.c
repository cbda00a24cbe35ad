/* heap_threads.c - malloc and free in two threads at once (see side_by_side.h). */
#define _GNU_SOURCE
#include "allocate.h"
#include "side_by_side.h"

int main(int argc, char **argv) {
    return measure_side_by_side(run_pairs, argc, argv);
}
