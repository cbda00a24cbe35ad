// A state machine of indirect tail calls, ten million deep: the stack must not grow.
// GROUP tails
// MODES plugin
// LEVELS O2 O3 Os
// EXPECT calls start 1
// EXPECT calls even stdout:even
// EXPECT calls odd stdout:odd
// EXPECT calls stop 1
// EXPECT edge even even stdout:even_even
// EXPECT edge odd stop 1
// EXPECT callers even start even odd
// EXPECT edge main after 1
#include <stdio.h>
#include <sys/resource.h>

struct machine {
    unsigned long left, seed, even, odd, even_even;
    int was_even;
};
typedef unsigned long state(struct machine *);

static state even, odd, stop;
static state *const volatile next[] = {even, odd};

__attribute__((noinline)) static unsigned long stop(struct machine *m) {
    return m->seed;
}

static inline state *choose(struct machine *m) __attribute__((always_inline));
static inline state *choose(struct machine *m) {
    m->seed = m->seed * 6364136223846793005u + 1442695040888963407u;
    m->left--;
    return m->left == 1 ? odd : next[m->seed >> 40 & 1];
}

__attribute__((noinline)) static unsigned long even(struct machine *m) {
    m->even++;
    m->even_even += (unsigned long)m->was_even;
    m->was_even = 1;
    return choose(m)(m);
}

__attribute__((noinline)) static unsigned long odd(struct machine *m) {
    m->odd++;
    m->was_even = 0;
    if (m->left == 1)
        return stop(m);
    return choose(m)(m);
}

__attribute__((noinline)) static unsigned long start(struct machine *m) {
    return choose(m)(m);
}

__attribute__((noinline)) static int after(void) {
    return 7;
}

int main(void) {
    struct rlimit small = {256 << 10, 256 << 10};
    setrlimit(RLIMIT_STACK, &small);
    struct machine m = {.left = 10000000, .seed = 42};
    unsigned long end = start(&m);
    printf("%lu %d\neven=%lu\nodd=%lu\neven_even=%lu\n", end, after(), m.even, m.odd, m.even_even);
    return 0;
}
