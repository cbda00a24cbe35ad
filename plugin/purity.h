/*
 * purity.h - takes back what is claimed, or was found out, of functions touching no memory.
 *
 * A compiler may drop, merge or repeat calls of functions that touch none. A function that counts
 * its calls does touch memory: for the first stage, the programmer's own claims (pure, const) would
 * make counts depend on the optimiser; for the second, what the optimiser found out about the
 * marked functions is no longer true of the counting ones, and a link-time optimiser believes it.
 */
#pragma once

#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/Module.h"

namespace tally {

/* Whether the function is, or in another module may be, instrumented or call such a one. */
bool mayCount(const llvm::Function &F, const llvm::TargetLibraryInfo &Library);

/* For all functions that are, or in another module may be, instrumented or call such. */
void dropPurity(llvm::Module &M);

} // namespace tally
