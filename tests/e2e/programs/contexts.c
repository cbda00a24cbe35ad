// Stacks that take turns: a generator resumed from two callers, tasks under a scheduler, jumps
// within a task, tasks that end. On each stack the callers are those of that stack.
// GROUP unwinding
// EXPECT edge consume_odd resume 50
// EXPECT edge consume_even resume 51
// EXPECT edge visit visit 100
// EXPECT calls visit 101
// EXPECT calls yield 100
// EXPECT callers yield visit
// EXPECT calls after_yield 100
// EXPECT callers after_yield visit
// EXPECT calls use_odd 50
// EXPECT path main;consume_both;consume_odd;use_odd 50
// EXPECT path main;consume_both;consume_even;use_even 50
// EXPECT edge generator_main ends 1
// EXPECT calls task 12
// EXPECT calls descend 78
// EXPECT edge task descend 12
// EXPECT edge descend descend 66
// EXPECT edge descend pause_task 120
// EXPECT callers pause_task descend
// EXPECT edge descend after_pause 120
// EXPECT callers after_pause descend
// EXPECT edge task fails 120
// EXPECT edge fails jumps_back 120
// EXPECT edge task after_jump 120
// EXPECT callers after_jump task
// EXPECT edge task last_of_task 12
// EXPECT callers last_of_task task
// EXPECT calls pick 132
// EXPECT callers pick schedule
// EXPECT path main;schedule;pick 132
// EXPECT path main;schedule;after_all 1
// EXPECT edge alternate hands_over 1
// EXPECT calls left_hand 1
// EXPECT calls right_hand 1
// EXPECT callers left_first left_hand
// EXPECT callers left_second left_hand
// EXPECT callers left_third left_hand
// EXPECT callers right_first right_hand
// EXPECT callers right_second right_hand
// EXPECT callers right_third right_hand
// EXPECT edge left_hand left_third 1
// EXPECT edge right_hand right_third 1
// EXPECT path main;alternate;after_hands 1
// EXPECT path main;last 1
// LOSSES exits_unmatched
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <ucontext.h>

#define NOINLINE __attribute__((noinline))

enum { STACK = 128 << 10, VALUES = 100, TASKS = 12, ROUNDS = 10 };

static volatile int sink;

static void prepare(ucontext_t *context, ucontext_t *link, void (*function)(void)) {
    getcontext(context);
    context->uc_stack.ss_sp = malloc(STACK);
    context->uc_stack.ss_size = STACK;
    context->uc_link = link;
    makecontext(context, function, 0);
}

/* A generator that walks a list by recursion, and hands out a value from each depth. */
static ucontext_t consumer, generator;
static int value;

NOINLINE static void yield(int n) {
    value = n;
    swapcontext(&generator, &consumer);
    sink++;
}

NOINLINE static int after_yield(int n) {
    return n + sink;
}

NOINLINE static int visit(int n) {
    if (n == VALUES)
        return 0;
    yield(n);
    return after_yield(visit(n + 1));
}

NOINLINE static void ends(void) {
    value = -1;
}

static void generator_main(void) {
    visit(0);
    ends();
}

NOINLINE static int resume(void) {
    swapcontext(&consumer, &generator);
    return value;
}

NOINLINE static int use_odd(int n) {
    return n * 3;
}

NOINLINE static int use_even(int n) {
    return n * 5;
}

NOINLINE static int consume_odd(void) {
    int got = resume();
    return got < 0 ? got : use_odd(got);
}

NOINLINE static int consume_even(void) {
    int got = resume();
    return got < 0 ? got : use_even(got);
}

NOINLINE static int consume_both(void) {
    int sum = 0;
    prepare(&generator, &consumer, generator_main);
    for (int i = 0; value >= 0; i++)
        sum += i % 2 ? consume_odd() : consume_even();
    return sum;
}

/* Tasks that take turns, each as many calls deep as its number says. */
static ucontext_t scheduler, tasks[TASKS];
static int running, left = TASKS;
static unsigned char has_ended[TASKS];
static jmp_buf homes[TASKS];

NOINLINE static void pause_task(void) {
    swapcontext(&tasks[running], &scheduler);
    sink++;
}

NOINLINE static void after_pause(void) {
    sink++;
}

/* Jumps to its own task's home; the others' stay where they are. */
NOINLINE static void jumps_back(int n) {
    longjmp(homes[running], n + 1);
}

NOINLINE static int fails(int n) {
    jumps_back(n);
    return n;
}

NOINLINE static int after_jump(int n) {
    return n + sink;
}

NOINLINE static int descend(int depth) {
    if (depth > 0)
        return descend(depth - 1) + depth;
    for (int round = 0; round < ROUNDS; round++) {
        pause_task();
        after_pause();
    }
    return sink;
}

NOINLINE static void last_of_task(void) {
    has_ended[running] = 1;
    left--;
}

static void task(void) {
    descend(running);
    for (volatile int i = 0; i < ROUNDS; i++) {
        int got = setjmp(homes[running]);
        if (got == 0)
            fails(i);
        after_jump(got);
    }
    last_of_task();
}

NOINLINE static int pick(int n) {
    do
        n = (n + 1) % TASKS;
    while (has_ended[n]);
    return n;
}

NOINLINE static void after_all(void) {
    sink++;
}

NOINLINE static void schedule(void) {
    for (int i = 0; i < TASKS; i++)
        prepare(&tasks[i], &scheduler, task);
    running = TASKS - 1;
    while (left) {
        running = pick(running);
        swapcontext(&scheduler, &tasks[running]);
    }
    after_all();
}

/* Two that switch to each other, and call something new each time. */
static ucontext_t starter, hands[2];

#define HAND(name, this, other)                                                                    \
    NOINLINE static void name##_first(void) {                                                      \
        sink++;                                                                                    \
    }                                                                                              \
    NOINLINE static void name##_second(void) {                                                     \
        sink++;                                                                                    \
    }                                                                                              \
    NOINLINE static void name##_third(void) {                                                      \
        sink++;                                                                                    \
    }                                                                                              \
    static void name##_hand(void) {                                                                \
        name##_first();                                                                            \
        swapcontext(&hands[this], &hands[other]);                                                  \
        name##_second();                                                                           \
        swapcontext(&hands[this], &hands[other]);                                                  \
        name##_third();                                                                            \
        swapcontext(&hands[this], &hands[other]);                                                  \
    }
HAND(left, 0, 1)
HAND(right, 1, 0)

NOINLINE static void hands_over(void) {
    swapcontext(&starter, &hands[0]);
    sink++;
}

NOINLINE static void after_hands(void) {
    sink++;
}

NOINLINE static void alternate(void) {
    prepare(&hands[0], &starter, left_hand);
    prepare(&hands[1], &starter, right_hand);
    hands_over();
    after_hands();
}

NOINLINE static int last(int n) {
    return n - 1;
}

int main(void) {
    int sum = consume_both();
    schedule();
    alternate();
    printf("%d %d\n", last(sum), sink);
    return 0;
}
