/*
 * snapshot.h (internal) - from live trees to the plain data of tally/snapshot.h.
 *
 *   threads' trees ──merge──> contexts[] (raw ticks) ──compensate──> ──to ns──> tally_snapshot
 *
 * Caller holds the runtime's lock. Other threads go on running: each number is read once, relaxed;
 * contexts made while reading may or may not be in it. All memory is from the arena given.
 */
#ifndef TLI_SNAPSHOT_H
#define TLI_SNAPSHOT_H

#include "arena.h"
#include "probe.h"
#include "tally/snapshot.h"

/* Fills in contexts, heap (since the mark or since the start), losses, clock and probe fields. 0,
 * -ENOMEM, or -EAGAIN if trees grew too much meanwhile. */
int tli_snapshot_trees(struct tally_snapshot *snapshot, bool since_mark, struct tli_arena *arena);

/* Takes the probe's cost off wall_ns (still in ticks) of each context, of whose calls timed[i] were
 * timed; compensate.c. */
int tli_compensate(struct tally_context *contexts, const uint64_t *timed, size_t n,
                   const struct tli_probe_costs *costs, struct tally_losses *losses,
                   struct tli_arena *arena);

/* Fills in modules; modules.c. Losing them loses no numbers, so this cannot fail. */
void tli_snapshot_modules(struct tally_snapshot *snapshot, struct tli_arena *arena);

#endif
