/*
 * instrumented.h - functions as the compiler plugin would leave them, written by hand.
 *
 *   FUNCTION(f, 2);                          a descriptor, fn_f, of a function with two call sites
 *   static void f(void) {
 *       struct tli_frame frame = enter(&fn_f);
 *       call(&frame, 0);  g();
 *       leave(&frame);
 *   }
 *
 * All of it is rt/src/hotpath.h, which is what the plugin emits; a jump to another function (tail)
 * is the sequence that tally/abi.h gives for it.
 */
#ifndef INSTRUMENTED_H
#define INSTRUMENTED_H

#include "hotpath.h"

#define FUNCTION_AT(id, sites_count, code)                                                         \
    static const struct tally_source id##_source = {#id, #id, "test.c", __LINE__, 0};              \
    static const struct tally_scope id##_scope = {&id##_source, TALLY_NO_INDEX, 0};                \
    static const struct tally_site id##_sites[(sites_count) + 1] = {{0, __LINE__}};                \
    static const struct tally_function fn_##id = {.source = &id##_source,                          \
                                                  .address = (const void *)(code),                 \
                                                  .scopes = &id##_scope,                           \
                                                  .sites = id##_sites,                             \
                                                  .n_scopes = 1,                                   \
                                                  .n_sites = (sites_count)}

#define FUNCTION(id, sites_count) FUNCTION_AT(id, sites_count, NULL)

static inline __attribute__((always_inline)) struct tli_frame
enter(const struct tally_function *fn) {
    return tli_enter(&__tally_tls, fn);
}

static inline __attribute__((always_inline)) void call(const struct tli_frame *frame,
                                                       uint32_t site) {
    tli_call(&__tally_tls, frame, site);
}

static inline __attribute__((always_inline)) void leave(const struct tli_frame *frame) {
    tli_exit(&__tally_tls, frame);
}

/* The frame's function ends by a jump to `callee`; the caller of this then calls it. */
static inline __attribute__((always_inline)) void tail(const struct tli_frame *frame, uint32_t site,
                                                       const void *callee) {
    struct tally_tls *tls = &__tally_tls;
    tli_exit(tls, frame);
    tls->tail_node = frame->node;
    tls->tail_site = site;
    tls->tail_return = frame->in;
    tls->tail_callee = callee;
    tls->slot = &__tally_tail_slot;
}

static inline uint64_t *counters_of(const struct tli_frame *frame) {
    return (uint64_t *)(void *)&frame->node->child[frame->node->fn->n_sites];
}

/* One call of a function that does nothing. */
static inline void run_leaf(const struct tally_function *fn) {
    struct tli_frame frame = enter(fn);
    leave(&frame);
}

#endif
