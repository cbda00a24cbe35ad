/* cells.cpp - see cells.h. */
#include "cells.h"

#include "abi.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/Analysis/ValueTracking.h"

#include <map>

using namespace llvm;

namespace tally {

using Runs = DenseMap<const Instruction *, unsigned>;
enum { FirstRun = 0 };

/* The number of the run each mark is in. */
static Runs runsOf(const Function &F, ArrayRef<Counted> Marks) {
    Runs Result;
    for (const Counted &C : Marks)
        Result[C.Mark] = FirstRun;
    unsigned Run = FirstRun;
    for (const BasicBlock &Block : F) {
        for (const Instruction &I : Block) {
            auto Mark = Result.find(&I);
            if (Mark != Result.end())
                Mark->second = Run;
            else if (!isGuaranteedToTransferExecutionToSuccessor(&I))
                Run++;
        }
        Run++;
    }
    return Result;
}

Cells shareCells(Function &F, ArrayRef<Counted> Marks, unsigned Counters, bool IsCall) {
    Runs RunOf = runsOf(F, Marks);
    std::vector<std::vector<unsigned>> RunsOfCounter(Counters);
    for (const Counted &C : Marks)
        RunsOfCounter[C.Counter].push_back(RunOf[C.Mark]);

    Cells Result;
    std::map<std::vector<unsigned>, unsigned> CellOf;
    std::vector<bool> Counts(Counters);
    if (IsCall)
        CellOf[{FirstRun}] = TALLY_NO_INDEX;
    for (unsigned Counter = 0; Counter < Counters; Counter++) {
        llvm::sort(RunsOfCounter[Counter]);
        auto [Cell, New] = CellOf.try_emplace(RunsOfCounter[Counter], Result.Count);
        Counts[Counter] = New;
        Result.Count += New;
        Result.OfCounter.push_back(Cell->second);
    }
    for (const Counted &C : Marks)
        if (Counts[C.Counter])
            Result.Increments.push_back({C.Mark, Result.OfCounter[C.Counter]});
    return Result;
}

} // namespace tally
