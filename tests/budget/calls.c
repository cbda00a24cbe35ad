/*
 * calls.c - makes known numbers of calls, for test_calls.py to count instructions by.
 *
 * Each loop is there twice, once with CALLS rounds and once with twice as many: what the second
 * takes more is CALLS rounds, without what begins a loop or is done at first calls only.
 */
enum { CALLS = 1 << 17 };

static volatile int seen;

#define NOT_INLINED __attribute__((noinline))

NOT_INLINED static void leaf(int n) {
    seen = n;
}

#define TARGET(k)                                                                                  \
    NOT_INLINED static void target_##k(int n) {                                                    \
        seen = n + (k);                                                                            \
    }
TARGET(0)
TARGET(1)
TARGET(2)
TARGET(3)
TARGET(4)
TARGET(5)
TARGET(6)
TARGET(7)

static void (*volatile targets[])(int) = {target_0, target_1, target_2, target_3,
                                          target_4, target_5, target_6, target_7};

#define LOOPS(name, times)                                                                         \
    NOT_INLINED static void leaf_##name(void) {                                                    \
        for (int i = 0; i < CALLS * (times); i++)                                                  \
            leaf(i);                                                                               \
    }                                                                                              \
    NOT_INLINED static void indirect_##name(void) {                                                \
        for (int i = 0; i < CALLS * (times); i++)                                                  \
            targets[i % 8](i);                                                                     \
    }

LOOPS(once, 1)
LOOPS(twice, 2)

int main(void) {
    leaf_once();
    leaf_twice();
    indirect_once();
    indirect_twice();
    return 0;
}
