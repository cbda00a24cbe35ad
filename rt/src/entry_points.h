/*
 * entry_points.h - the symbols that compiled code refers to, see tally/abi.h.
 *
 * The first three preserve all registers but rax, if they return something, and r11.
 */
#ifndef TLI_ENTRY_POINTS_H
#define TLI_ENTRY_POINTS_H

#include "tally/abi.h"

#include <stddef.h>

#pragma GCC visibility push(default)

struct tally_node *__tally_enter_slow(struct tally_node **in, const struct tally_function *fn);
struct tally_node *__tally_time_entry(struct tally_timed *timed, struct tally_node *node);
void __tally_time_exit(const struct tally_timed *timed, struct tally_node *node,
                       struct tally_node *payer);

extern _Thread_local struct tally_tls __tally_tls __attribute__((tls_model("initial-exec")));
extern struct tally_node *__tally_tail_slot;
void __tally_resume(struct tally_node *node, struct tally_node *charged);
void __tally_register_unit(struct tally_unit *unit);
void __tally_unregister_unit(struct tally_unit *unit);

/* After a call of an allocator of the program's own, and before one that takes a block back. */
void __tally_allocated(const char *kind, const void *block, size_t size_bytes);
void __tally_freed(const void *block);

/* gcc's and clang's -finstrument-functions */
void __cyg_profile_func_enter(void *function, void *call_site);
void __cyg_profile_func_exit(void *function, void *call_site);

#pragma GCC visibility pop

#endif
