/* allocators.cpp - see allocators.h. */
#include "allocators.h"

#include "abi.h"
#include "llvm_versions.h"
#include "mark.h"
#include "options.h"
#include "source.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

using namespace llvm;

namespace tally {

namespace {

/* What a function has to do with memory. */
struct Role {
    bool Allocates = false;
    AllocatedSize Size;
    unsigned Freed = 0; /* which argument it frees, counted from 1 */
    std::string Name;
};

class AllocationMarker {
  public:
    explicit AllocationMarker(Module &M)
        : M(M), Implementation(tripleOf(M)), Library(Implementation) {}
    void run();

  private:
    Role findRole(const Function &F) const;
    const Role &roleOf(const Function &F);
    void markAllocated(CallBase &Call, const Role &Allocator);
    void markFreed(CallBase &Call, const Role &Freer);
    Value *argument(CallBase &Call, unsigned Number, const Role &Callee, Type *Wanted);

    Module &M;
    TargetLibraryInfoImpl Implementation;
    TargetLibraryInfo Library;
    DenseMap<const Function *, Role> Roles;
};

} // namespace

/* Those are interposed, and what they allocate is no pool's. LLVM does not know reallocarray. */
static bool isTheLibrarys(const Function &F, const TargetLibraryInfo &Library) {
    LibFunc Known;
    return startsWith(F.getName(), "__") || F.getName() == "reallocarray" ||
           Library.getLibFunc(F, Known);
}

static AllocatedSize declaredSize(const Function &F) {
    auto [Size, Count] = F.getFnAttribute(Attribute::AllocSize).getAllocSizeArgs();
    return {Size + 1, Count ? *Count + 1 : 0};
}

Role AllocationMarker::findRole(const Function &F) const {
    Role Found;
    if (F.isIntrinsic())
        return Found;
    SourceInfo Source = sourceOf(F);
    Found.Name = Source.Name;
    Found.Freed = options().freedArgument(Source.Name, Source.LinkageName);
    bool IsDeclared = options().usesAttributes() && F.hasFnAttribute(Attribute::AllocSize) &&
                      !isTheLibrarys(F, Library);
    const AllocatedSize *Named = options().allocator(Source.Name, Source.LinkageName);
    Found.Allocates = (Named || IsDeclared) && F.getReturnType()->isPointerTy();
    if (Named && Named->Size)
        Found.Size = *Named;
    else if (IsDeclared)
        Found.Size = declaredSize(F);
    return Found;
}

const Role &AllocationMarker::roleOf(const Function &F) {
    auto [Known, New] = Roles.try_emplace(&F);
    if (New)
        Known->second = findRole(F);
    return Known->second;
}

/* Null, after saying so, if the call has none such. */
Value *AllocationMarker::argument(CallBase &Call, unsigned Number, const Role &Callee,
                                  Type *Wanted) {
    Value *Argument = Number <= Call.arg_size() ? Call.getArgOperand(Number - 1) : nullptr;
    bool IsPointer = Wanted->isPointerTy();
    Type *Given = Argument ? Argument->getType() : nullptr;
    if (Given && (IsPointer ? Given->isPointerTy() : Given->isIntegerTy()))
        return Argument;
    M.getContext().emitError("tally: argument " + Twine(Number) + " of a call of '" + Callee.Name +
                             "' is to be " + (IsPointer ? "a block" : "a size") + ", and is not " +
                             (IsPointer ? "a pointer" : "an integer"));
    return nullptr;
}

/* Where the call has returned normally, and nothing else leads to. */
static Instruction *firstAfter(CallBase &Call) {
    auto *Invoke = dyn_cast<InvokeInst>(&Call);
    if (!Invoke)
        return Call.getNextNode();
    BasicBlock *Next = Invoke->getNormalDest();
    if (!Next->getSinglePredecessor())
        Next = SplitEdge(Invoke->getParent(), Next);
    return &*Next->getFirstInsertionPt();
}

static void insertMark(IRBuilder<> &B, CallBase &Call, const Twine &Name,
                       ArrayRef<Value *> Arguments) {
    SmallVector<Type *, 3> Types;
    for (const Value *Argument : Arguments)
        Types.push_back(Argument->getType());
    Module &M = *Call.getModule();
    FunctionCallee Mark =
        declareMark(M, Name.str(), FunctionType::get(B.getVoidTy(), Types, false));
    cast<Function>(Mark.getCallee())->addParamAttr(0, Attribute::NoCapture);
    B.SetCurrentDebugLocation(Call.getDebugLoc());
    callMark(B, Mark, Arguments);
}

void AllocationMarker::markAllocated(CallBase &Call, const Role &Allocator) {
    if (Call.isMustTailCall() || !(isa<CallInst>(Call) || isa<InvokeInst>(Call)))
        return;
    Type *Long = Type::getInt64Ty(M.getContext());
    Value *Sizes[2] = {ConstantInt::get(Long, Allocator.Size.Size ? 1 : 0),
                       ConstantInt::get(Long, 1)};
    IRBuilder<> B(firstAfter(Call));
    unsigned Numbers[2] = {Allocator.Size.Size, Allocator.Size.Count};
    for (unsigned I = 0; I < 2; I++) {
        if (!Numbers[I])
            continue;
        Value *Given = argument(Call, Numbers[I], Allocator, Long);
        if (!Given)
            return;
        Sizes[I] = B.CreateZExtOrTrunc(Given, Long);
    }
    Value *Block = B.CreateBitCast(&Call, bytePointer(M.getContext()));
    insertMark(B, Call, AllocationPrefix + Allocator.Name, {Block, Sizes[0], Sizes[1]});
}

void AllocationMarker::markFreed(CallBase &Call, const Role &Freer) {
    PointerType *Pointer = bytePointer(M.getContext());
    Value *Block = argument(Call, Freer.Freed, Freer, Pointer);
    if (!Block)
        return;
    IRBuilder<> B(&Call);
    insertMark(B, Call, FreeMark, {B.CreateBitCast(Block, Pointer)});
}

void AllocationMarker::run() {
    SmallVector<CallBase *, 64> Calls;
    for (Function &F : M)
        if (!F.hasFnAttribute(Attribute::Naked))
            for (Instruction &I : instructions(F))
                if (auto *Call = dyn_cast<CallBase>(&I))
                    Calls.push_back(Call);
    for (CallBase *Call : Calls) {
        auto *Callee = dyn_cast<Function>(Call->getCalledOperand()->stripPointerCastsAndAliases());
        if (!Callee)
            continue;
        const Role &Is = roleOf(*Callee);
        if (Is.Freed)
            markFreed(*Call, Is);
        if (Is.Allocates && Call->getType()->isPointerTy())
            markAllocated(*Call, Is);
    }
}

void markAllocations(Module &M) {
    if (options().hasAllocators())
        AllocationMarker(M).run();
}

/* ---- second stage ---- */

static StringRef calleeName(const CallBase &Call) {
    const Function *Callee = Call.getCalledFunction();
    return Callee ? Callee->getName() : "";
}

bool isAllocationMark(const CallBase &Call) {
    return startsWith(calleeName(Call), AllocationPrefix);
}

bool isFreeMark(const CallBase &Call) {
    return calleeName(Call) == FreeMark;
}

static void callRuntime(IRBuilder<> &B, Module &M, const char *Name, ArrayRef<Value *> Arguments) {
    SmallVector<Type *, 3> Types;
    for (const Value *Argument : Arguments)
        Types.push_back(Argument->getType());
    FunctionCallee Callee =
        M.getOrInsertFunction(Name, FunctionType::get(B.getVoidTy(), Types, false));
    if (auto *Declared = dyn_cast<Function>(Callee.getCallee()))
        Declared->setDoesNotThrow();
    B.CreateCall(Callee, Arguments);
}

void callRuntimeAt(CallBase &Mark) {
    assert(isa<CallInst>(Mark) && "marks do not throw");
    Module &M = *Mark.getModule();
    IRBuilder<> B(&Mark);
    Value *Block = Mark.getArgOperand(0);
    if (isFreeMark(Mark)) {
        callRuntime(B, M, "__tally_freed", {Block});
    } else {
        Value *Size = Mark.getArgOperand(1), *Count = Mark.getArgOperand(2);
        const auto *Known = dyn_cast<ConstantInt>(Count);
        if (!Known || !Known->isOne())
            Size = B.CreateMul(Size, Count);
        Constant *Kind = stringConstant(M, calleeName(Mark).drop_front(strlen(AllocationPrefix)));
        callRuntime(B, M, "__tally_allocated", {Kind, Block, Size});
    }
    Mark.eraseFromParent();
}

} // namespace tally
