/*
 * mark.h - the first stage: before optimisation, each function's body is marked.
 *
 * A mark is a call to an undefined function __tally_mark.<name>() at the start of the body. It
 * touches only memory that nobody else can see, so optimisation may move the program's code across
 * it, inline the function it is in, and copy it with the code around it; but may not drop it, merge
 * it with another, or run it more or less often than the body it stands for. Wherever marks are
 * afterwards, that is where the calls of the source are. There is one mark function per source
 * function because two calls of one function with different arguments could be merged into one.
 */
#pragma once

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/PassManager.h"

namespace tally {

struct MarkPass : llvm::PassInfoMixin<MarkPass> {
    llvm::PreservedAnalyses run(llvm::Module &M, llvm::ModuleAnalysisManager &);
    static bool isRequired() { return true; } /* also at -O0 and for optnone functions */
};

/* A function that claims to be one to mark places with, and a call of it. */
llvm::FunctionCallee declareMark(llvm::Module &M, llvm::StringRef Name, llvm::FunctionType *Type);
void callMark(llvm::IRBuilder<> &Builder, llvm::FunctionCallee Mark,
              llvm::ArrayRef<llvm::Value *> Arguments);

} // namespace tally
