/*
 * source.h - what a function is called and where it stands: `struct tally_source` as a constant.
 *
 * One private constant per function and module, named __tally_source.<linkage name>. The first
 * stage leaves what it knows in the attributes of the mark; the second makes the constants of the
 * functions that are left, also of those known from debug information only (inlined, but not
 * instrumented).
 */
#pragma once

#include "llvm/IR/Constants.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Module.h"

#include <string>

namespace tally {

struct SourceInfo {
    std::string Name; /* qualified, without parameters */
    std::string LinkageName;
    std::string File; /* absolute where the compiler tells the directory */
    unsigned Line = 0;

    /* To and from the attributes of a mark's declaration. */
    void writeTo(llvm::Function &Mark) const;
    static SourceInfo readFrom(const llvm::Function &Mark);
};

llvm::StringRef linkageNameOf(const llvm::DISubprogram &Subprogram);
SourceInfo sourceOf(const llvm::Function &F);
SourceInfo sourceOf(const llvm::DISubprogram &Subprogram);
/* Of a part that was split off the function that is linked as `LinkageName`. */
SourceInfo sourceOfPart(const llvm::Function &Part, llvm::StringRef LinkageName);

/* The constant, made if it is not there yet. */
llvm::GlobalVariable *sourceConstant(llvm::Module &M, const SourceInfo &Info);

/* A private, null-terminated string; equal ones are one. As i8*. */
llvm::Constant *stringConstant(llvm::Module &M, llvm::StringRef Text);

} // namespace tally
