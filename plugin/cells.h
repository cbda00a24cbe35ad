/*
 * cells.h - which counters of a function count the same, and so share one cell of its contexts.
 *
 * Marks between which the code cannot but go on (in one block, nothing between them that might not
 * return) are reached equally often, and so are the sums over marks of which there are as many in
 * each such run. Where that is the run the function begins with, its own calls are the count.
 *
 *   entry:  mark a; mark b; call f(); mark c; br …       a, b: the function's calls
 *   loop:   mark d; mark e; br …                         d, e: one cell; c: another
 *
 * A program that crashes within a run may thus be told that bodies began in it which it did not
 * reach any more.
 */
#pragma once

#include "llvm/IR/Function.h"
#include "llvm/IR/InstrTypes.h"

namespace tally {

/* A mark that a counter counts. */
struct Counted {
    llvm::CallBase *Mark;
    unsigned Counter;
};

struct Increment {
    llvm::CallBase *Mark;
    unsigned Cell;
};

struct Cells {
    std::vector<unsigned> OfCounter; /* or TALLY_NO_INDEX: as the function's calls */
    std::vector<Increment> Increments;
    unsigned Count = 0;
};

/* Counters have numbers below `Counters`. `IsCall`: runs of the function are calls of it. */
Cells shareCells(llvm::Function &F, llvm::ArrayRef<Counted> Marks, unsigned Counters, bool IsCall);

} // namespace tally
