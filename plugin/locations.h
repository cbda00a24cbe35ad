/*
 * locations.h - inline chains without -g.
 *
 * Which call a body was inlined at is known from locations (DILocation's inlinedAt), and those are
 * part of debug information. Functions that have none get a minimum of it before optimisation: a
 * subprogram without a line, of a compile unit that emits nothing (NoDebug, as clang itself has it
 * for -Rpass), and a location for each call. So callers are right without -g too. What was added
 * is dropped when it has served, unless functions with debug information of their own refer to it.
 */
#pragma once

#include "llvm/IR/Module.h"

namespace tally {

void addMissingLocations(llvm::Module &M);
void dropAddedLocations(llvm::Module &M);

} // namespace tally
