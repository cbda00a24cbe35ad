/*
 * micro_virtual.cpp - the cost of a virtual call (see batches.h).
 *
 *   micro_virtual virtual BATCHES CALLS    a loop over objects of 4 classes, in rotation
 */
#include "batches.h"

namespace {

struct Shape {
    virtual long area(long x) const = 0;
};

template <int Kind> struct Figure : Shape {
    KEPT long area(long x) const override {
        OPAQUE(x);
        return x + Kind;
    }
};

const Figure<1> one;
const Figure<2> two;
const Figure<3> three;
const Figure<4> four;
const Shape *const shapes[4] = {&one, &two, &three, &four};

KEPT long run_virtual(long calls) {
    long x = 0;
    for (long i = 0; i < calls; i++) {
        const Shape *shape = shapes[i & 3];
        OPAQUE(shape);
        x = shape->area(x);
    }
    OPAQUE(x);
    return calls;
}

} // namespace

int main(int argc, char **argv) {
    static const workload workloads[] = {{"virtual", run_virtual}};
    return measure_batches(workloads, 1, argc, argv);
}
