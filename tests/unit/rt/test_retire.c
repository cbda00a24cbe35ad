/*
 * test_retire.c - code that is unloaded leaves its names and numbers behind.
 */
#include "instrumented.h"
#include "retired.h"
#include "shot.h"
#include "units.h"

#include <criterion/criterion.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

FUNCTION(host, 2);
FUNCTION(leaf, 0);

static void *library;
static const struct tally_function *outer, *inner, *changed;
static struct tally_unit *unit;

static void load(void) {
    library = dlopen(RETIRED, RTLD_NOW | RTLD_LOCAL);
    cr_assert_not_null(library, "%s", dlerror());
    outer = dlsym(library, "retired_outer");
    inner = dlsym(library, "retired_inner");
    changed = dlsym(library, "retired_changed");
    unit = dlsym(library, "retired_unit");
    cr_assert(outer && inner && changed && unit);
    __tally_register_unit(unit); /* as its constructor would */
}

/* Afterwards nothing is where it was: reading there ends the test. */
static void unload(void) {
    const void *page = (const void *)((uintptr_t)outer & ~(uintptr_t)4095);
    unsigned char resident;
    __tally_unregister_unit(unit); /* as its destructor would */
    cr_assert_eq(dlclose(library), 0);
    cr_assert_neq(mincore((void *)(uintptr_t)page, 1, &resident), 0, "it was not unmapped");
}

static void run_outer(void) {
    struct tli_frame frame = enter(outer);
    counters_of(&frame)[0] += 5;
    call(&frame, 0);
    run_leaf(inner);
    call(&frame, 1);
    run_leaf(&fn_leaf);
    leave(&frame);
}

static void run_host(void) {
    struct tli_frame frame = enter(&fn_host);
    call(&frame, 1);
    run_outer();
    leave(&frame);
}

Test(retire, contexts_survive) {
    load();
    run_host();
    run_host();
    unload();
    assert_tree("host@- 2\n"
                "  outer@1 2 [10]\n"
                "    inner@0 2\n"
                "    leaf@1 2\n");
}

Test(retire, with_all_that_is_known_of_them) {
    load();
    run_host();
    unload();
    struct shot *shot = shot_take();
    int seen = 0;
    for (size_t i = 0; i < shot->n; i++) {
        const struct tally_function *fn = shot->contexts[i].fn;
        if (strcmp(fn->source->name, "inner") == 0) {
            cr_expect_str_eq(fn->source->linkage_name, "_Z5innerv");
            cr_expect_eq(fn->source->line, 20);
            cr_expect_eq(fn->scopes[0].source, fn->source);
            seen++;
        }
        if (strcmp(fn->source->name, "outer") != 0)
            continue;
        seen++;
        cr_expect_str_eq(fn->source->file, "retired.c");
        cr_assert_eq(fn->n_scopes, 2);
        cr_expect_str_eq(fn->scopes[1].source->name, "body");
        cr_expect_str_eq(fn->scopes[1].source->file, "retired.h");
        cr_expect_eq(fn->scopes[1].parent, 0);
        cr_expect_eq(fn->scopes[1].call_line, 12);
        cr_assert_eq(fn->n_sites, 2);
        cr_expect_eq(fn->sites[1].scope, 1);
        cr_expect_eq(fn->sites[1].line, 31);
        cr_expect_eq(fn->counters[0].scope, 1);
    }
    cr_expect_eq(seen, 2);
    shot_free(shot);
}

Test(retire, the_unit_stays_in_the_list) {
    load();
    unload();
    const struct tally_unit *u = tli_units();
    cr_assert_not_null(u);
    cr_expect_str_eq(u->file, "retired.c");
    cr_expect_str_eq(u->producer, "a compiler");
    cr_expect_str_eq(u->options, "an option");
    cr_expect_eq(u->n_functions, 2);
    cr_expect_null(u->next);
}

static size_t n_units(void) {
    size_t n = 0;
    for (const struct tally_unit *u = tli_units(); u; u = u->next)
        n++;
    return n;
}

/* The contexts go on counting, and no more is kept than after the first time. */
Test(retire, loaded_again_and_again) {
    for (int i = 0; i < 4; i++) {
        load();
        for (int k = 0; k <= i; k++)
            run_host();
        unload();
        run_leaf(&fn_leaf);
        cr_expect_eq(n_units(), 1);
    }
    assert_tree("host@- 10\n"
                "  outer@1 10 [50]\n"
                "    inner@0 10\n"
                "    leaf@1 10\n"
                "leaf@- 4\n");
}

/* Another function that looks much the same, and the same one in a library that was changed. */
Test(retire, others_are_not_taken_for_it) {
    static const struct tally_source elsewhere = {"inner", "_Z5innerv", "other.c", 20, 0};
    static const struct tally_scope scopes[] = {{&elsewhere, TALLY_NO_INDEX, 0}};
    static const struct tally_function other = {
        .source = &elsewhere, .scopes = scopes, .n_scopes = 1};
    load();
    run_host();
    unload();
    struct tli_frame frame = enter(&fn_host);
    call(&frame, 0);
    run_leaf(&other);
    leave(&frame);
    load();
    frame = enter(&fn_host);
    call(&frame, 1);
    run_leaf(changed);
    leave(&frame);
    unload();
    assert_tree("host@- 3\n"
                "  inner@0 1\n"
                "  outer@1 1 [0]\n"
                "  outer@1 1 [5]\n"
                "    inner@0 1\n"
                "    leaf@1 1\n");
}

static void recurse(int depth) {
    struct tli_frame frame = enter(outer);
    call(&frame, 0);
    if (depth)
        recurse(depth - 1);
    else
        run_leaf(inner);
    leave(&frame);
}

Test(retire, folded_contexts) {
    load();
    recurse(6);
    unload();
    assert_tree("outer@- 1 [0]\n"
                "  inner@0 1\n"
                "  outer@0 6 [0]\n");
}

Test(retire, folded_contexts_go_on) {
    for (int i = 0; i < 3; i++) {
        load();
        recurse(6);
        unload();
    }
    assert_tree("outer@- 3 [0]\n"
                "  inner@0 3\n"
                "  outer@0 18 [0]\n");
}

static void *run_in_thread(void *unused) {
    run_host();
    return unused;
}

static void *run_and_wait(void *barrier) {
    run_host();
    pthread_barrier_wait(barrier);
    pthread_barrier_wait(barrier);
    return NULL;
}

Test(retire, in_all_threads) {
    pthread_t thread, ended;
    pthread_barrier_t barrier;
    pthread_barrier_init(&barrier, NULL, 2);
    load();
    pthread_create(&thread, NULL, run_and_wait, &barrier);
    pthread_barrier_wait(&barrier);
    pthread_create(&ended, NULL, run_in_thread, NULL);
    pthread_join(ended, NULL);
    run_host();
    unload();
    assert_tree("host@- 3\n"
                "  outer@1 3 [15]\n"
                "    inner@0 3\n"
                "    leaf@1 3\n");
    pthread_barrier_wait(&barrier);
    pthread_join(thread, NULL);
}

/* When the program exits its units leave, too; but other threads may still run in them. */
Test(retire, the_program_itself_stays) {
    static struct tally_unit own = {.abi = &fn_host, .file = "", .producer = "", .options = "", .flags = ""};
    __tally_register_unit(&own);
    run_leaf(&fn_leaf);
    __tally_unregister_unit(&own);
    struct shot *shot = shot_take();
    size_t here = 0;
    for (size_t i = 0; i < shot->n; i++)
        here += shot->contexts[i].fn == &fn_leaf;
    cr_expect_eq(here, 1);
    cr_expect_eq(tli_units(), &own);
    shot_free(shot);
}

Test(retire, functions_that_were_never_called) {
    load();
    run_leaf(&fn_leaf);
    unload();
    assert_tree("leaf@- 1\n");
}
