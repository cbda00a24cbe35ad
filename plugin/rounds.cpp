/* rounds.cpp - see rounds.h. */
#include "rounds.h"

#include "abi.h"
#include "llvm_versions.h"

#include "llvm/IR/CFG.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace tally {

static CallInst *markOfItself(Function &F) {
    StringRef Name = F.getFnAttribute(FunctionAttribute).getValueAsString();
    for (Instruction &I : instructions(F))
        if (auto *Call = dyn_cast<CallInst>(&I))
            if (const Function *Callee = Call->getCalledFunction())
                if (startsWith(Callee->getName(), MarkPrefix) &&
                    Callee->getName().drop_front(strlen(MarkPrefix)) == Name)
                    return Call;
    return nullptr;
}

static FunctionCallee roundOf(Function &Mark) {
    StringRef Name = Mark.getName().drop_front(strlen(MarkPrefix));
    FunctionCallee Callee =
        Mark.getParent()->getOrInsertFunction(RoundPrefix + Name.str(), Mark.getFunctionType());
    cast<Function>(Callee.getCallee())->copyAttributesFrom(&Mark);
    return Callee;
}

/* The loop that tail calls become begins with what was the function's first block. */
static void settleRounds(Function &F) {
    CallInst *Mark = F.hasFnAttribute(FunctionAttribute) ? markOfItself(F) : nullptr;
    BasicBlock *Before = &F.getEntryBlock();
    if (!Mark || Before->getSingleSuccessor() != Mark->getParent())
        return;
    BasicBlock *Loop = Mark->getParent();
    SmallVector<BasicBlock *, 4> Jumping;
    for (BasicBlock *Block : predecessors(Loop))
        if (Block != Before)
            Jumping.push_back(Block);
    for (BasicBlock *Block : Jumping)
        if (Block->getSingleSuccessor() != Loop)
            return;
    for (BasicBlock *Block : Jumping) {
        Instruction *Jump = Block->getTerminator();
        CallInst::Create(roundOf(*Mark->getCalledFunction()), "", Jump)
            ->setDebugLoc(Jump->getDebugLoc());
    }
    Mark->moveBefore(Before->getTerminator());
}

void settleRoundsAfterTailCallElim(PassInstrumentationCallbacks &Callbacks) {
    Callbacks.registerAfterPassCallback(
        [](StringRef Pass, llvm::Any IR, const PreservedAnalyses &) {
            if (Pass != "TailCallElimPass")
                return;
            if (const auto *F = any_cast<const Function *>(&IR))
                settleRounds(*const_cast<Function *>(*F));
        });
}

} // namespace tally
