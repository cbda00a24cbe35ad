/*
 * instrument.h - the second stage: after all optimisation, marks become counting code.
 *
 * A mark that still stands in its own function makes that function an instrumented one: entry,
 * exits, call sites. Any other mark is an inlined body and becomes one increment. No mark is left.
 */
#pragma once

#include "llvm/IR/PassManager.h"

namespace tally {

class InstrumentPass : public llvm::PassInfoMixin<InstrumentPass> {
  public:
    explicit InstrumentPass(unsigned OptimizationLevel) : OptimizationLevel(OptimizationLevel) {}
    llvm::PreservedAnalyses run(llvm::Module &M, llvm::ModuleAnalysisManager &);
    static bool isRequired() { return true; }

  private:
    unsigned OptimizationLevel;
};

} // namespace tally
