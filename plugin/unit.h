/* unit.h - registers a translation unit with the runtime: `struct tally_unit`. */
#pragma once

#include "llvm/IR/Module.h"

namespace tally {

/* Adds the unit, and a constructor and a destructor that register and unregister it. They run
 * before and after all others of the program. */
void addUnit(llvm::Module &M, unsigned InstrumentedFunctions, unsigned OptimizationLevel);

} // namespace tally
