/* purity.cpp - see purity.h. */
#include "purity.h"

#include "llvm_versions.h"

using namespace llvm;

namespace tally {

/* Names that begin with __ are the C library's (__errno_location, __ctype_b_loc), except our own
 * marks, which keep their claims; and those LLVM itself knows are not ours either. */
bool mayCount(const Function &F, const TargetLibraryInfo &Library) {
    LibFunc Known;
    if (!F.isDeclaration())
        return true;
    return !F.isIntrinsic() && !startsWith(F.getName(), "__") && !Library.getLibFunc(F, Known);
}

void dropPurity(Module &M) {
    TargetLibraryInfoImpl Implementation(tripleOf(M));
    TargetLibraryInfo Library(Implementation);
    for (Function &F : M) {
        if (!mayCount(F, Library))
            continue;
        dropMemoryClaims(F);
        for (User *U : F.users())
            if (auto *Call = dyn_cast<CallBase>(U))
                dropMemoryClaims(*Call);
    }
}

} // namespace tally
