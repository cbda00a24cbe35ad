/*
 * rounds.h - tail recursion that becomes a loop: which runs of the body are calls from outside.
 *
 *        as written            after TailCallElim         as settled here
 *
 *        f:  mark              f:     br again            f:     mark
 *            …                 again: mark                       br again
 *            call f                   …                   again: …
 *            ret                      br again                   round
 *                                                                br again
 *
 * Once such a body is inlined, one mark in the loop could no longer tell the call that the loop
 * began with from those that the function made of itself. So this runs right after the pass that
 * makes the loop: the mark goes back before it, and each jump back gets a mark of its own, a round,
 * at the line of the call it was. Only calls are inserted, so analyses of the control flow stay
 * valid.
 */
#pragma once

#include "llvm/IR/PassInstrumentation.h"

namespace tally {

void settleRoundsAfterTailCallElim(llvm::PassInstrumentationCallbacks &Callbacks);

} // namespace tally
