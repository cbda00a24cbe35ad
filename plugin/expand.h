/*
 * expand.h - the one place that turns the contract of tally/abi.h into instructions.
 *
 * Budget and meaning of each sequence stand in rt/src/hotpath.h, which is the same in C.
 */
#pragma once

#include "abi.h"

#include "llvm/IR/IRBuilder.h"

namespace tally {

/* Emits into one function. Order of use: entry() once, then any of the others, anywhere. */
class Expansion {
  public:
    Expansion(llvm::Function &F, llvm::GlobalVariable &Descriptor, unsigned Sites,
              tally_timing Timing);

    /* Parts of a function that were split off (coroutines, cold code) have a context, but their
     * runs are no calls. One that uses resume() says so here. */
    void entry(bool IsCall, bool IsResumed);
    /* Before a call: its callee will look for its context in slot `Site`. */
    void call(llvm::CallBase &Call, unsigned Site);
    /* Before something else that belongs to a slot, and enters no function. */
    void site(llvm::Instruction &Before, unsigned Site);
    /* Before a return. */
    void exit(llvm::Instruction &Return);
    /* Before a call that the function is left by. */
    void jump(llvm::CallInst &Call, unsigned Site);
    /* In place of a mark: one run of an inlined body. */
    void count(llvm::Instruction &Mark, unsigned Cell);
    /* After a landing pad or a call that returned twice: frames below were skipped. */
    void resume(llvm::Instruction &After);

  private:
    llvm::Value *field(llvm::Value *Base, uint64_t Offset);
    llvm::Value *load(llvm::Type *Type, llvm::Value *Base, uint64_t Offset);
    void store(llvm::Value *Value, llvm::Value *Base, uint64_t Offset);
    void increment(llvm::Value *Base, uint64_t Offset);
    llvm::Value *stackPointer();
    llvm::Value *phi(llvm::BasicBlock *OneWay, llvm::Value *One, llvm::BasicBlock *OtherWay,
                     llvm::Value *Other);
    void find();
    llvm::Value *timeEntry();
    llvm::Value *timeEntryIfDue();
    void timeExit();
    void timeExitIfTimed();
    void leave(llvm::Instruction &Before);
    void startAt(llvm::Instruction &Before);
    llvm::Instruction *newBlockHere(const char *Name);
    llvm::FunctionCallee runtime(const char *Name, llvm::FunctionType *Type);
    llvm::CallInst *callKeeping(llvm::FunctionCallee Callee,
                                llvm::ArrayRef<llvm::Value *> Arguments);

    llvm::Function &F;
    llvm::Module &M;
    llvm::IRBuilder<> B;
    llvm::PointerType *Pointer;
    llvm::IntegerType *Long;
    llvm::Constant *Tls, *Descriptor;
    unsigned Sites;
    tally_timing Timing;
    llvm::Value *Node = nullptr, *In = nullptr;
    llvm::Value *Timed = nullptr, *Payer = nullptr, *Charged = nullptr;
};

/* Before a call in a function that is not counted and only forwards calls: if that function was
 * jumped to, it is as if its callee had been. */
void forwardJump(llvm::CallBase &Call);

} // namespace tally
