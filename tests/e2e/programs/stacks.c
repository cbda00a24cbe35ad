// A program that switches between stacks of its own; nothing unwinds, each has its own calls.
// GROUP unwinding
// EXPECT calls leaf 200
// EXPECT edge first leaf 100
// EXPECT edge second leaf 100
// EXPECT calls first 1
// EXPECT calls second 1
// EXPECT edge main after 1
// LOSSES exits_unmatched
#include <stdio.h>
#include <ucontext.h>

static ucontext_t home, one, two;
static char stack_one[128 << 10], stack_two[128 << 10];
static int sum;

__attribute__((noinline)) static int leaf(int n) {
    return n + 1;
}

static void first(void) {
    for (int i = 0; i < 100; i++) {
        sum += leaf(i);
        swapcontext(&one, &two);
    }
}

static void second(void) {
    for (int i = 0; i < 100; i++) {
        sum += leaf(i * 2);
        swapcontext(&two, &one);
    }
}

__attribute__((noinline)) static int after(int n) {
    return n + 1;
}

static void prepare(ucontext_t *context, void *stack, size_t size_bytes, void (*run)(void)) {
    getcontext(context);
    context->uc_stack.ss_sp = stack;
    context->uc_stack.ss_size = size_bytes;
    context->uc_link = &home;
    makecontext(context, run, 0);
}

int main(void) {
    prepare(&one, stack_one, sizeof stack_one, first);
    prepare(&two, stack_two, sizeof stack_two, second);
    swapcontext(&home, &one);
    printf("%d\n", after(sum));
    return 0;
}
