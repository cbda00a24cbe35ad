/* variants.cpp - see variants.h. */
#include "variants.h"

#include "expand.h"
#include "names.h"

#include "llvm/Analysis/InlineCost.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;

namespace tally {

static Function *calleeOf(const CallBase &Call) {
    return dyn_cast<Function>(Call.getCalledOperand()->stripPointerCastsAndAliases());
}

/* The call by which a variant leaves its work to another one. It is no call of the source: a body
 * that destroys another object of its class calls the variant for complete objects, not D2. */
static CallBase *delegation(Function &F) {
    for (Instruction &I : instructions(F)) {
        auto *Call = dyn_cast<CallBase>(&I);
        Function *Callee = Call ? calleeOf(*Call) : nullptr;
        if (Callee && areVariants(F.getName(), Callee->getName()) &&
            (isThunk(F.getName()) || F.getName() < Callee->getName()))
            return Call;
    }
    return nullptr;
}

static bool canInline(const CallBase &Call, Function &Callee) {
    return !Callee.isDeclaration() && Call.getFunctionType() == Callee.getFunctionType() &&
           isInlineViable(Callee).isSuccess();
}

/* Thunks of methods with variable arguments that adjust the result are copies of the method, and
 * whole without a delegation. Deleting destructors without one leave all to an operator delete that
 * destroys, or to the base's destructor where clang has put that in the place of an empty one. */
bool makeWhole(Function &F) {
    if (canonicalName(F.getName()) == F.getName())
        return true;
    CallBase *Call = delegation(F);
    if (!Call)
        return !isDeletingDestructor(F.getName());
    Function *Callee = calleeOf(*Call);
    if (isThunk(F.getName()) || !makeWhole(*Callee) || !canInline(*Call, *Callee))
        return false;
    Call->setCalledFunction(Callee); /* not by an alias */
    InlineFunctionInfo Info;
    return InlineFunction(*Call, Info).isSuccess();
}

void forwardJumps(Function &F) {
    SmallVector<CallBase *, 4> Calls;
    for (Instruction &I : instructions(F)) {
        auto *Call = dyn_cast<CallBase>(&I);
        const DILocation *Location = Call ? Call->getDebugLoc() : nullptr;
        bool WasInlined = Location && Location->getInlinedAt();
        if (Call && !isa<IntrinsicInst>(Call) && !WasInlined)
            Calls.push_back(Call);
    }
    for (CallBase *Call : Calls)
        forwardJump(*Call);
}

} // namespace tally
