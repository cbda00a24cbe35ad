/*
 * variants.h - several functions that the compiler makes of one of the source: one call is counted
 * for one call of the source, whichever of them it enters by.
 *
 *        caller ──▶ D0 ──▶ D1 ──▶ D2        delete; destruction of a complete object; of a base
 *        caller ──▶ thunk ──▶ method        a virtual call through a second or virtual base
 *
 * Before marks are made, constructors and destructors get what they delegate to inlined: each is a
 * whole body then, and is marked, and what any of them calls (members' destructors, virtual bases',
 * operator delete) is called by the constructor or destructor of the source. Thunks are too many
 * for that and have nothing of their own: they are not marked. They forward the call, and with it
 * whatever their caller left word of.
 */
#pragma once

#include "llvm/IR/Function.h"

namespace tally {

/* Whether the function has, or could be given, all of its source's body. Otherwise it only forwards
 * calls and is not to be marked. All are asked before any is marked. */
bool makeWhole(llvm::Function &F);

/* For functions that forward calls, after optimisation. */
void forwardJumps(llvm::Function &F);

} // namespace tally
