/*
 * test_hooks.c - the tree as the -finstrument-functions hooks make it: functions and call sites by
 * address, exits that never come, and code of both kinds calling each other.
 */
#include "hooked.h"
#include "instrumented.h"
#include "shot.h"
#include "thread.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>

FUNCTION(compiled, 3);
FUNCTION(compiled_leaf, 0);

static void begin(void) {
    shot_name((const void *)hooked_leaf, "leaf");
    shot_name((const void *)hooked_loop, "loop");
    shot_name((const void *)hooked_two_sites, "two_sites");
    shot_name((const void *)hooked_fib, "fib");
    shot_name((const void *)hooked_deep, "deep");
    shot_name((const void *)hooked_jumper, "jumper");
    shot_name((const void *)hooked_catcher, "catcher");
    shot_name((const void *)hooked_may_jump, "may_jump");
    shot_name((const void *)hooked_two_calls, "two_calls");
    shot_name((const void *)hooked_one_call, "one_call");
    shot_name((const void *)hooked_with_inlined, "with_inlined");
    shot_name((const void *)hooked_calls, "calls");
    shot_name((const void *)hooked_lands, "lands");
    shot_name((const void *)hooked_jumps, "jumps");
    shot_name((const void *)hooked_with_large_frame, "with_large_frame");
    shot_name((const void *)hooked_runs, "runs");
}

TestSuite(hooks, .init = begin);

static uint64_t unmatched(void) {
    struct shot *shot = shot_take();
    uint64_t n = shot->snapshot.losses.exits_unmatched;
    shot_free(shot);
    return n;
}

Test(hooks, callers_and_callees) {
    hooked_loop(5);
    hooked_leaf();
    hooked_loop(2);
    struct shot *shot = shot_take();
    uint64_t top = 0, below = 0, loops = 0;
    for (size_t i = 0; i < shot->n; i++) {
        const struct tally_context *c = &shot->contexts[i];
        if (c->fn->address == (const void *)hooked_leaf)
            *(c->parent == TALLY_NO_INDEX ? &top : &below) += c->calls;
        if (c->fn->address == (const void *)hooked_loop)
            loops += c->calls;
    }
    cr_expect_eq(top, 1);
    cr_expect_eq(below, 7);
    cr_expect_eq(loops, 2);
    cr_expect_eq(shot->snapshot.losses.exits_unmatched, 0);
    shot_free(shot);
}

/* Call sites are told apart by the address behind the call, which is in the caller. */
Test(hooks, call_sites) {
    hooked_two_sites();
    struct shot *shot = shot_take();
    uint64_t addresses[2] = {0, 0};
    int n = 0;
    for (size_t i = 0; i < shot->n; i++) {
        const struct tally_context *c = &shot->contexts[i];
        if (c->fn->address != (const void *)hooked_leaf)
            continue;
        cr_expect_eq(c->calls, 1);
        cr_expect_eq(c->site, TALLY_NO_INDEX);
        cr_expect_eq(shot->contexts[c->parent].fn->address, (const void *)hooked_two_sites);
        cr_assert_lt(n, 2);
        addresses[n++] = c->call_address;
    }
    cr_expect_eq(n, 2);
    for (int i = 0; i < n; i++)
        cr_expect(addresses[i] > (uintptr_t)hooked_two_sites &&
                  addresses[i] < (uintptr_t)hooked_two_sites + 4096);
    cr_expect_neq(addresses[0], addresses[1]);
    shot_free(shot);
}

/* 2 F(n+1) - 1 calls of fib(n). */
Test(hooks, recursion_folds) {
    cr_expect_eq(hooked_fib(20), 6765);
    struct shot *shot = shot_take();
    uint64_t calls = 0, contexts = 0;
    for (size_t i = 0; i < shot->n; i++) {
        bool fib = shot->contexts[i].fn->address == (const void *)hooked_fib;
        calls += fib ? shot->contexts[i].calls : 0;
        contexts += fib;
    }
    cr_expect_eq(calls, 21891);
    cr_expect_eq(contexts, 3);
    shot_free(shot);
}

static void *go_deep(void *n) {
    hooked_deep((int)(intptr_t)n);
    return NULL;
}

/* Beyond the first frames of the shadow stack, many times. */
Test(hooks, a_deep_stack) {
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, (size_t)128 << 20);
    pthread_create(&thread, &attributes, go_deep, (void *)50000);
    pthread_join(thread, NULL);
    assert_tree("deep@- 1\n"
                "  deep@- 50000\n");
    cr_expect_eq(unmatched(), 0);
}

Test(hooks, exits_lost_by_longjmp) {
    hooked_catcher(9);
    assert_tree("catcher@- 1\n"
                "  jumper@- 1\n"
                "    jumper@- 9\n"
                "  leaf@- 1\n");
    cr_expect_eq(unmatched(), 10, "told as what they are");
    cr_expect_eq(__tally_tls.cur, tli_self->root);
    cr_expect_eq(tli_self->hooks.n, 0);
}

/* The next call's frame lies exactly where the lost one was. */
Test(hooks, a_frame_of_the_same_depth_from_another_place) {
    hooked_two_calls();
    assert_tree("two_calls@- 1\n"
                "  may_jump@- 1\n"
                "  may_jump@- 1\n");
    cr_expect_eq(unmatched(), 1);
}

Test(hooks, a_frame_of_the_same_depth_from_the_same_place) {
    hooked_one_call(4);
    assert_tree("one_call@- 1\n"
                "  may_jump@- 4\n");
    cr_expect_eq(unmatched(), 3);
}

/* ---- Frames that are said to be gone. */

static void tell(void) {
    tli_hooks_unwound(tli_self, &__tally_tls, hooked_landing);
}

static void jump(void) {
    hooked_jumps(tell);
}

#define JUMPED                                                                                     \
    "lands@- 1\n"                                                                                  \
    "  jumps@- 1\n"                                                                                \
    "  with_large_frame@- 1\n"                                                                     \
    "    leaf@- 1\n"

/* The next call reaches deeper into the stack than the one that jumped. */
Test(hooks, a_call_that_jumped_is_over) {
    hooked_lands(jump);
    assert_tree(JUMPED);
    cr_expect_eq(tli_self->hooks.n, 0);
}

static void jump_on_signal(int number) {
    (void)number;
    jump();
}

static void raise_for_jump(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    raise(SIGUSR2);
}

static void jump_out_of_handler(void *signal_stack, size_t size) {
    stack_t stack = {.ss_sp = signal_stack, .ss_size = size};
    struct sigaction action = {.sa_handler = jump_on_signal, .sa_flags = SA_ONSTACK};
    if (signal_stack)
        cr_assert_eq(sigaltstack(&stack, NULL), 0);
    sigaction(SIGUSR2, &action, NULL);
    hooked_lands(raise_for_jump);
}

Test(hooks, a_handler_that_jumped_is_over) {
    jump_out_of_handler(NULL, 0);
    assert_tree(JUMPED);
}

/* As the handler interrupted an entry that had only taken its place. */
Test(hooks, an_entry_that_a_handler_jumped_out_of_is_over) {
    hooked_leaf();
    tli_self->hooks.n = 1;
    tli_hooks_unwound(tli_self, &__tally_tls, (uintptr_t)__builtin_frame_address(0));
    cr_expect_eq(tli_self->hooks.n, 1, "it may go on: nobody knows where it is");
    const size_t stack_at = 3; /* see struct tli_hook_frame */
    ((uintptr_t *)(void *)tli_self->hooks.frames)[stack_at] =
        (uintptr_t)__builtin_frame_address(0) - 100;
    tli_hooks_unwound(tli_self, &__tally_tls, (uintptr_t)__builtin_frame_address(0));
    cr_expect_eq(tli_self->hooks.n, 0);
    cr_expect_eq(__tally_tls.cur, tli_self->root);
}

/* ---- Several stacks. */

static ucontext_t outside, inside;

static void come_back(void) {
    swapcontext(&inside, &outside);
    hooked_leaf();
}

static void go_on(void) {
    hooked_loop(1);
    swapcontext(&outside, &inside);
}

static void run_inside(void) {
    hooked_runs(come_back);
}

static void make_context(char *memory, size_t size) {
    getcontext(&inside);
    inside.uc_stack = (stack_t){.ss_sp = memory, .ss_size = size};
    inside.uc_link = &outside;
    makecontext(&inside, run_inside, 0);
    tli_stack_made((uintptr_t)memory, size);
}

enum { CONTEXT_STACK = 1 << 16 };

/* The second time, what runs inside goes on where it was, though others have called and returned.
 */
Test(hooks, each_context_has_its_own_calls) {
    static char memory[CONTEXT_STACK] __attribute__((aligned(16)));
    for (int i = 0; i < 3; i++) {
        make_context(memory, sizeof memory);
        hooked_calls(go_on);
        hooked_leaf();
        hooked_calls(go_on);
    }
    assert_tree("calls@- 6\n"
                "  loop@- 6\n"
                "    leaf@- 6\n"
                "  runs@- 3\n"
                "    leaf@- 3\n"
                "leaf@- 3\n");
    cr_expect_eq(unmatched(), 0);
}

/* One that is given up, and its memory used for another. */
Test(hooks, a_context_that_is_given_up) {
    static char memory[CONTEXT_STACK] __attribute__((aligned(16)));
    for (int i = 0; i < 3; i++) {
        make_context(memory, sizeof memory);
        hooked_calls(go_on);
    }
    assert_tree("calls@- 3\n"
                "  loop@- 3\n"
                "    leaf@- 3\n"
                "  runs@- 3\n");
}

static void on_signal(int number) {
    (void)number;
    hooked_loop(3);
}

/* A handler on its signal stack, which is neither the context's nor the thread's. */
static void raise_and_come_back(void) {
    raise(SIGUSR1);
    swapcontext(&inside, &outside);
}

static void run_with_signal(void) {
    hooked_runs(raise_and_come_back);
}

Test(hooks, a_signal_in_a_context) {
    static char memory[2 * CONTEXT_STACK] __attribute__((aligned(16)));
    stack_t stack = {.ss_sp = memory + CONTEXT_STACK, .ss_size = CONTEXT_STACK};
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_ONSTACK};
    sigaltstack(&stack, NULL);
    sigaction(SIGUSR1, &action, NULL);
    make_context(memory, CONTEXT_STACK);
    makecontext(&inside, run_with_signal, 0);
    hooked_calls(go_on);
    assert_tree("calls@- 1\n"
                "  loop@- 1\n"
                "    leaf@- 1\n"
                "  runs@- 1\n"
                "    loop@- 1\n"
                "      leaf@- 3\n");
}

Test(hooks, exits_that_no_entry_belongs_to) {
    __cyg_profile_func_exit((void *)hooked_leaf, NULL);
    hooked_leaf();
    __cyg_profile_func_exit((void *)hooked_leaf, NULL);
    __cyg_profile_func_exit((void *)hooked_loop, NULL);
    hooked_leaf();
    struct shot *shot = shot_take();
    cr_expect_eq(shot->snapshot.losses.exits_unmatched, 0);
    shot_free(shot);
    cr_expect_eq(__tally_tls.cur, tli_self->root);
}

/* A call that was inlined has its host's call site: it is known by where its hook is called. */
Test(hooks, inlined_bodies) {
    hooked_with_inlined(4);
    struct shot *shot = shot_take();
    bool found = false;
    for (size_t i = 0; i < shot->n; i++) {
        const struct tally_context *c = &shot->contexts[i];
        if (c->parent == TALLY_NO_INDEX ||
            shot->contexts[c->parent].fn->address != (const void *)hooked_with_inlined)
            continue;
        found = true;
        cr_expect_eq(c->calls, 4);
        cr_expect(c->call_address > (uintptr_t)hooked_with_inlined &&
                  c->call_address < (uintptr_t)hooked_with_inlined + 4096);
    }
    cr_expect(found);
    shot_free(shot);
}

/* ---- Code compiled with the plugin and code with hooks, in one program. */

static void compiled(void) {
    struct tli_frame frame = enter(&fn_compiled);
    call(&frame, 1);
    run_leaf(&fn_compiled_leaf);
    call(&frame, 2);
    hooked_leaf();
    leave(&frame);
}

Test(hooks, called_by_compiled_code) {
    compiled();
    compiled();
    assert_tree("compiled@- 2\n"
                "  compiled_leaf@1 2\n"
                "  leaf@2 2\n");
}

Test(hooks, calling_compiled_code) {
    hooked_calls(compiled);
    hooked_calls(compiled);
    struct shot *shot = shot_take();
    cr_expect_eq(shot_calls(shot, &fn_compiled), 2);
    cr_expect_eq(shot_calls(shot, &fn_compiled_leaf), 2);
    for (size_t i = 0; i < shot->n; i++)
        if (shot->contexts[i].fn == &fn_compiled)
            cr_expect_eq(shot->contexts[shot->contexts[i].parent].fn->address,
                         (const void *)hooked_calls);
    shot_free(shot);
}

/* ---- Threads and signals. */

static void *run_fib(void *unused) {
    hooked_fib(15);
    return unused;
}

/* fib(15) is 1973 calls: one from outside, the others half and half from its two sites. */
Test(hooks, threads_make_each_function_once) {
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, run_fib, NULL);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    assert_tree("fib@- 4\n"
                "  fib@- 3944\n"
                "  fib@- 3944\n");
}

static void raise_it(void) {
    raise(SIGUSR1);
}

/* `stack`: a signal stack for the handler, or null for the thread's own. */
static void run_with_handler(void *stack, size_t size) {
    stack_t signal_stack = {.ss_sp = stack, .ss_size = size}, before;
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = stack ? SA_ONSTACK : 0};
    if (stack)
        cr_assert_eq(sigaltstack(&signal_stack, &before), 0);
    sigaction(SIGUSR1, &action, NULL);
    hooked_calls(raise_it);
}

#define INTERRUPTED                                                                                \
    "calls@- 1\n"                                                                                  \
    "  loop@- 1\n"                                                                                 \
    "    leaf@- 3\n"

Test(hooks, a_signal_handler) {
    run_with_handler(NULL, 0);
    assert_tree(INTERRUPTED);
    cr_expect_eq(unmatched(), 0);
}

enum { STACKS = 1 << 20 };

static void *run_with_handler_above(void *memory) {
    run_with_handler((char *)memory + STACKS, STACKS);
    return NULL;
}

static void *run_with_handler_below(void *memory) {
    run_with_handler(memory, STACKS);
    return NULL;
}

/* A thread whose stack is beside its signal stack, in one piece of memory. */
static void on_stack_beside(void *(*function)(void *), bool signal_stack_above,
                            const char *expected) {
    char *memory =
        mmap(NULL, 2 * STACKS, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setstack(&attributes, signal_stack_above ? memory : memory + STACKS, STACKS);
    cr_assert_eq(pthread_create(&thread, &attributes, function, memory), 0);
    pthread_join(thread, NULL);
    assert_tree(expected);
}

Test(hooks, a_signal_handler_on_a_stack_below) {
    on_stack_beside(run_with_handler_below, false, INTERRUPTED);
    cr_expect_eq(unmatched(), 0);
}

Test(hooks, a_signal_handler_on_a_stack_above) {
    on_stack_beside(run_with_handler_above, true, INTERRUPTED);
    cr_expect_eq(unmatched(), 0);
}

static void *jump_from_above(void *memory) {
    jump_out_of_handler((char *)memory + STACKS, STACKS);
    return NULL;
}

static void *jump_from_below(void *memory) {
    jump_out_of_handler(memory, STACKS);
    return NULL;
}

static void *jump_from_afar(void *unused) {
    enum { FAR = 1 << 30 };
    char *memory =
        mmap(NULL, FAR, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    jump_out_of_handler(memory, STACKS);
    return unused;
}

Test(hooks, a_handler_on_a_stack_below_that_jumped_is_over) {
    on_stack_beside(jump_from_below, false, JUMPED);
}

Test(hooks, a_handler_on_a_stack_above_that_jumped_is_over) {
    on_stack_beside(jump_from_above, true, JUMPED);
}

Test(hooks, a_handler_on_a_stack_far_away_that_jumped_is_over) {
    on_stack_beside(jump_from_afar, true, JUMPED);
}
