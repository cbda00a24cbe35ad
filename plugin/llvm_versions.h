/*
 * llvm_versions.h - the one file that knows how LLVM's interfaces differ between 14, 16 and 19.
 */
#pragma once

#include "llvm/Config/llvm-config.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Intrinsics.h"
#include "llvm/IR/Module.h"
#include "llvm/Passes/PassBuilder.h"
#if LLVM_VERSION_MAJOR >= 17
#include "llvm/TargetParser/Triple.h"
#else
#include "llvm/ADT/Triple.h"
#endif

#if LLVM_VERSION_MAJOR < 14
#error "Tally needs LLVM 14 or newer"
#endif

namespace tally {

/* OptimizationLevel moved out of PassBuilder's own header in 14. */
using OptimizationLevel = llvm::OptimizationLevel;

/* The claims about memory that stop being true of a function that counts its calls. Works on
 * functions and on calls. */
template <typename FunctionOrCall> void dropMemoryClaims(FunctionOrCall &F) {
#if LLVM_VERSION_MAJOR >= 16
    F.removeFnAttr(llvm::Attribute::Memory);
#else
    for (auto Kind :
         {llvm::Attribute::ReadNone, llvm::Attribute::ReadOnly, llvm::Attribute::WriteOnly,
          llvm::Attribute::ArgMemOnly, llvm::Attribute::InaccessibleMemOnly,
          llvm::Attribute::InaccessibleMemOrArgMemOnly})
        F.removeFnAttr(Kind);
#endif
    F.removeFnAttr(llvm::Attribute::Speculatable);
    F.removeFnAttr(llvm::Attribute::NoSync);
}

/* PipelineStart and OptimizerLast callbacks gained parameters over time; both are given the
 * module's pass manager and the level first. */
template <typename Callback> void registerAtStart(llvm::PassBuilder &Builder, Callback Add) {
    Builder.registerPipelineStartEPCallback([Add](llvm::ModulePassManager &Passes,
                                                  OptimizationLevel Level,
                                                  auto &&...) { Add(Passes, Level); });
}

template <typename Callback> void registerAtEnd(llvm::PassBuilder &Builder, Callback Add) {
    Builder.registerOptimizerLastEPCallback([Add](llvm::ModulePassManager &Passes,
                                                  OptimizationLevel Level,
                                                  auto &&...) { Add(Passes, Level); });
}

/* StringRef::startswith became starts_with in 16, and went in 19. */
inline bool startsWith(llvm::StringRef Text, llvm::StringRef Prefix) {
    return Text.take_front(Prefix.size()) == Prefix;
}

inline llvm::Function *intrinsic(llvm::Module &M, llvm::Intrinsic::ID ID,
                                 llvm::ArrayRef<llvm::Type *> Types = {}) {
#if LLVM_VERSION_MAJOR >= 20
    return llvm::Intrinsic::getOrInsertDeclaration(&M, ID, Types);
#else
    return llvm::Intrinsic::getDeclaration(&M, ID, Types);
#endif
}

/* Triples are objects in a module from 21 on. */
inline llvm::Triple tripleOf(const llvm::Module &M) {
    return llvm::Triple(M.getTargetTriple());
}

} // namespace tally
