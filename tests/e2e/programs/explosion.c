/* As many calling contexts as there are paths through a graph: 4^9. For test_options.py. */
#include <stdio.h>

#define NOINLINE __attribute__((noinline))
#define LEVEL(name, below)                                                                         \
    NOINLINE static unsigned name##_1(unsigned n) {                                                \
        return below##_1(n) + below##_2(n) + below##_3(n) + below##_4(n);                          \
    }                                                                                              \
    NOINLINE static unsigned name##_2(unsigned n) {                                                \
        return below##_1(n + 1) + below##_2(n) + below##_3(n) + below##_4(n);                      \
    }                                                                                              \
    NOINLINE static unsigned name##_3(unsigned n) {                                                \
        return below##_1(n) + below##_2(n + 2) + below##_3(n) + below##_4(n);                      \
    }                                                                                              \
    NOINLINE static unsigned name##_4(unsigned n) {                                                \
        return below##_1(n) + below##_2(n) + below##_3(n + 3) + below##_4(n);                      \
    }

NOINLINE static unsigned a_1(unsigned n) {
    return n;
}
NOINLINE static unsigned a_2(unsigned n) {
    return n + 1;
}
NOINLINE static unsigned a_3(unsigned n) {
    return n + 2;
}
NOINLINE static unsigned a_4(unsigned n) {
    return n + 3;
}
LEVEL(b, a)
LEVEL(c, b)
LEVEL(d, c)
LEVEL(e, d)
LEVEL(f, e)
LEVEL(g, f)
LEVEL(h, g)
LEVEL(i, h)

int main(void) {
    printf("%u\n", i_1(0) + i_2(0) + i_3(0) + i_4(0));
    return 0;
}
