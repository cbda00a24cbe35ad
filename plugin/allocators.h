/*
 * allocators.h - allocators of the program's own: pools, arenas, wrappers of malloc.
 *
 * Which functions hand out memory, and how much by which argument, is said by the options alloc=
 * and free= (options.h), and of functions declared with __attribute__((alloc_size(…))) by that.
 *
 *   stage 1   p = pool_get(pool, n)          pool_put(pool, p)
 *             __tally_alloc.pool_get(p, n, 1)     __tally_free(p), before it
 *   stage 2   slot = &node->child[k]
 *             __tally_allocated("pool_get", p, n)    __tally_freed(p)
 *
 * The first stage puts a mark behind each call, since after it the call may be gone: where the
 * allocator is inlined, its mark stays behind what it was inlined as, with the location of the
 * call. The mark claims what the marks of bodies do (mark.h), so it keeps nothing from being
 * optimised; but where nothing else stood between a call and the return it is no tail call any
 * more. Its site is one of its own: that of the call has the allocator's context, if it is
 * instrumented, and none if it was inlined.
 *
 * Not seen: calls by pointers, virtual ones, and those that must be tail calls (musttail).
 */
#pragma once

#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Module.h"

namespace tally {

/* First stage: after addMissingLocations. */
void markAllocations(llvm::Module &M);

/* Second stage. */
bool isAllocationMark(const llvm::CallBase &Call); /* needs a site */
bool isFreeMark(const llvm::CallBase &Call);
/* In the place of the mark, which goes. */
void callRuntimeAt(llvm::CallBase &Mark);

} // namespace tally
