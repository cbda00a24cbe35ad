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
    Expansion(llvm::Function &F, llvm::GlobalVariable &Descriptor, unsigned Sites);

    /* Parts of a function that were split off (coroutines, cold code) have a context, but their
     * runs are no calls. */
    void entry(bool IsCall);
    /* Before a call: its callee will look for its context in slot `Site`. */
    void call(llvm::CallBase &Call, unsigned Site);
    /* Before a return. */
    void exit(llvm::Instruction &Return);
    /* Before a call that the function is left by. */
    void jump(llvm::CallInst &Call, unsigned Site);
    /* In place of a mark: one run of an inlined body. */
    void count(llvm::Instruction &Mark, unsigned Counter);
    /* After a landing pad or a call that returned twice: frames below were skipped. */
    void resume(llvm::Instruction &After);

  private:
    llvm::Value *field(llvm::Value *Base, uint64_t Offset);
    llvm::Value *load(llvm::Type *Type, llvm::Value *Base, uint64_t Offset);
    void store(llvm::Value *Value, llvm::Value *Base, uint64_t Offset);
    void increment(llvm::Value *Base, uint64_t Offset);
    llvm::Value *stackPointer();
    llvm::Value *clock();
    void transition(llvm::Value *From, llvm::Value *To);
    void leave(llvm::Instruction &Before);
    void startAt(llvm::Instruction &Before);
    llvm::Instruction *newBlockHere(const char *Name);
    llvm::FunctionCallee runtime(const char *Name, llvm::FunctionType *Type);
    llvm::CallInst *callCold(llvm::FunctionCallee Callee, llvm::ArrayRef<llvm::Value *> Arguments);

    llvm::Function &F;
    llvm::Module &M;
    llvm::IRBuilder<> B;
    llvm::PointerType *Pointer;
    llvm::IntegerType *Long;
    llvm::Constant *Tls, *Descriptor;
    unsigned Sites;
    llvm::Value *Node = nullptr, *Prev = nullptr, *In = nullptr;
};

/* Before a call in a function that is not counted and only forwards calls: if that function was
 * jumped to, it is as if its callee had been. */
void forwardJump(llvm::CallBase &Call);

} // namespace tally
