/* A library that plugs.c loads; NUMBER tells several of them apart. */
#ifndef NUMBER
#define NUMBER 1
#endif
#define JOIN(a, b) a##b
#define NAME(a, b) JOIN(a, b)
#define WORK NAME(work_, NUMBER)
#define BEFORE NAME(before_, NUMBER)
#define AFTER NAME(after_, NUMBER)

int entry(int (*function)(int), int n);
int everywhere(int n);

__attribute__((noinline)) int everywhere(int n) {
    return n - 1;
}

static volatile int sink;

__attribute__((noinline)) static int WORK(int n) {
    return n * NUMBER + sink;
}

__attribute__((constructor)) static void BEFORE(void) {
    sink = WORK(1) * 0;
}

__attribute__((destructor)) static void AFTER(void) {
    sink = WORK(2);
}

static inline int inlined(int n) {
    return n ^ 5;
}

int entry(int (*function)(int), int n) {
    int sum = everywhere(n);
    for (int i = 0; i < 4; i++)
        sum += inlined(WORK(i)) + function(i);
    return sum;
}
