/* micro_threads.c - the smallest call there is, in two threads at once (see side_by_side.h). */
#define _GNU_SOURCE
#include "leaf.h"
#include "side_by_side.h"

int main(int argc, char **argv) {
    return measure_side_by_side(run_leaf, argc, argv);
}
