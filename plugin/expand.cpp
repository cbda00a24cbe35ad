/* expand.cpp - see expand.h. */
#include "expand.h"

#include "llvm_versions.h"

#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/MDBuilder.h"

using namespace llvm;

namespace tally {

static Constant *threadState(Module &M) {
    auto *Type = ArrayType::get(llvm::Type::getInt64Ty(M.getContext()), sizeof(tally_tls) / 8);
    auto *Global = dyn_cast_or_null<GlobalVariable>(M.getNamedValue("__tally_tls"));
    if (!Global) {
        Global = new GlobalVariable(M, Type, false, GlobalValue::ExternalLinkage, nullptr,
                                    "__tally_tls", nullptr, GlobalValue::InitialExecTLSModel);
        Global->setAlignment(Align(8));
    }
    return ConstantExpr::getPointerCast(Global, bytePointer(M.getContext()));
}

Expansion::Expansion(Function &F, GlobalVariable &Descriptor, unsigned Sites, tally_timing Timing)
    : F(F), M(*F.getParent()), B(F.getContext()), Pointer(bytePointer(F.getContext())),
      Long(Type::getInt64Ty(F.getContext())), Tls(threadState(M)),
      Descriptor(ConstantExpr::getPointerCast(&Descriptor, Pointer)), Sites(Sites), Timing(Timing) {
}

Value *Expansion::field(Value *Base, uint64_t Offset) {
    return Offset ? B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), Base, Offset) : Base;
}

/* Sanitizers watch the program's accesses, not these. */
static void leaveToItself(Instruction *Access) {
    LLVMContext &Context = Access->getContext();
    Access->setMetadata(Context.getMDKindID("nosanitize"), MDNode::get(Context, {}));
}

Value *Expansion::load(Type *Type, Value *Base, uint64_t Offset) {
    Value *Address = B.CreateBitCast(field(Base, Offset), PointerType::get(Type, 0));
    LoadInst *Load = B.CreateAlignedLoad(Type, Address, Align(8));
    leaveToItself(Load);
    return Load;
}

void Expansion::store(Value *Value, llvm::Value *Base, uint64_t Offset) {
    auto *Address = B.CreateBitCast(field(Base, Offset), PointerType::get(Value->getType(), 0));
    leaveToItself(B.CreateAlignedStore(Value, Address, Align(8)));
}

/* One instruction, which no signal handler that counts the same can come in the middle of. */
void Expansion::increment(Value *Base, uint64_t Offset) {
    Value *Address = B.CreateBitCast(field(Base, Offset), PointerType::get(Long, 0));
    auto *Type = FunctionType::get(B.getVoidTy(), {Address->getType()}, false);
    CallInst *Add = B.CreateCall(
        InlineAsm::get(Type, "incq $0", "=*m,~{flags},~{dirflag},~{fpsr}", /*hasSideEffects=*/true),
        {Address});
    Add->addParamAttr(0, Attribute::get(F.getContext(), Attribute::ElementType, Long));
}

/* Where the stack is now; the entry runs before anything is put on it but the fixed frame. */
Value *Expansion::stackPointer() {
    LLVMContext &Context = F.getContext();
    auto *Name = MetadataAsValue::get(Context, MDNode::get(Context, MDString::get(Context, "rsp")));
    return B.CreateCall(intrinsic(M, Intrinsic::read_register, {Long}), {Name});
}

/* Inserted code belongs to no line: debuggers and tools skip over it. */
void Expansion::startAt(Instruction &Before) {
    B.SetInsertPoint(&Before);
    B.SetCurrentDebugLocation(
        F.getSubprogram() ? DILocation::get(F.getContext(), 0, 0, F.getSubprogram()) : nullptr);
}

/* Splits the block at the insertion point. Emission goes on in the upper half, which the caller
 * must end; returned is the first instruction of the lower. */
Instruction *Expansion::newBlockHere(const char *Name) {
    BasicBlock *Upper = B.GetInsertBlock();
    BasicBlock *Lower = Upper->splitBasicBlock(B.GetInsertPoint(), Name);
    Upper->getTerminator()->eraseFromParent();
    B.SetInsertPoint(Upper);
    return &Lower->front();
}

FunctionCallee Expansion::runtime(const char *Name, FunctionType *Type) {
    FunctionCallee Callee = M.getOrInsertFunction(Name, Type);
    if (auto *Declared = dyn_cast<Function>(Callee.getCallee()))
        Declared->setDoesNotThrow();
    return Callee;
}

/* The runtime keeps all registers on these: nothing need be saved on the way there. The loader's
 * lazy binding would not keep r10, so it must not come in between. */
CallInst *Expansion::callKeeping(FunctionCallee Callee, ArrayRef<Value *> Arguments) {
    if (auto *Declared = dyn_cast<Function>(Callee.getCallee())) {
        Declared->setCallingConv(CallingConv::PreserveAll);
        Declared->addFnAttr(Attribute::NonLazyBind);
    }
    CallInst *Call = B.CreateCall(Callee, Arguments);
    Call->setCallingConv(CallingConv::PreserveAll);
    return Call;
}

static MDNode *unlikely(LLVMContext &Context) {
    return MDBuilder(Context).createBranchWeights(1, 1 << 20);
}

/* Static allocas must stay in the entry block, so they go before what is inserted. */
static Instruction &firstAfterAllocas(Function &F) {
    BasicBlock &Entry = F.getEntryBlock();
    SmallVector<AllocaInst *, 16> Late;
    Instruction *First = nullptr;
    for (Instruction &I : Entry) {
        auto *Alloca = dyn_cast<AllocaInst>(&I);
        if (!Alloca && !First)
            First = &I;
        if (Alloca && First && isa<ConstantInt>(Alloca->getArraySize()))
            Late.push_back(Alloca);
    }
    for (AllocaInst *Alloca : Late)
        Alloca->moveBefore(First);
    return *First;
}

/* Finds this call's context: Node and In. */
void Expansion::find() {
    In = load(Pointer, Tls, offsetof(tally_tls, slot));
    Node = load(Pointer, In, 0);
    Value *Miss = B.CreateICmpNE(load(Pointer, Node, offsetof(tally_node, fn)), Descriptor);
    Instruction *After = newBlockHere("tally.entered");
    BasicBlock *Hit = B.GetInsertBlock();
    BasicBlock *Slow = BasicBlock::Create(F.getContext(), "tally.enter", &F, After->getParent());
    B.CreateCondBr(Miss, Slow, After->getParent(), unlikely(F.getContext()));

    B.SetInsertPoint(Slow);
    Value *Found = callKeeping(
        runtime("__tally_enter_slow", FunctionType::get(Pointer, {Pointer, Pointer}, false)),
        {In, Descriptor});
    Value *FoundIn = load(Pointer, Tls, offsetof(tally_tls, slot));
    B.CreateBr(After->getParent());

    startAt(*After);
    Node = phi(Hit, Node, Slow, Found);
    In = phi(Hit, In, Slow, FoundIn);
}

Value *Expansion::phi(BasicBlock *OneWay, Value *One, BasicBlock *OtherWay, Value *Other) {
    PHINode *Phi = B.CreatePHI(One->getType(), 2);
    Phi->addIncoming(One, OneWay);
    Phi->addIncoming(Other, OtherWay);
    return Phi;
}

static Type *timedType(LLVMContext &Context) {
    return ArrayType::get(Type::getInt64Ty(Context), sizeof(tally_timed) / 8);
}

Value *Expansion::timeEntry() {
    auto *Type = FunctionType::get(Pointer, {Pointer, Pointer}, false);
    return callKeeping(runtime("__tally_time_entry", Type), {Timed, Node});
}

Value *Expansion::timeEntryIfDue() {
    Value *Calls = load(Long, Node, offsetof(tally_node, calls));
    Value *IsDue = B.CreateICmpUGE(Calls, load(Long, Node, offsetof(tally_node, due)));
    Instruction *After = newBlockHere("tally.begun");
    BasicBlock *Untimed = B.GetInsertBlock();
    BasicBlock *Then = BasicBlock::Create(F.getContext(), "tally.time", &F, After->getParent());
    B.CreateCondBr(IsDue, Then, After->getParent());
    B.SetInsertPoint(Then);
    Value *Before = timeEntry();
    B.CreateBr(After->getParent());
    startAt(*After);
    return phi(Untimed, ConstantPointerNull::get(Pointer), Then, Before);
}

void Expansion::entry(bool IsCall, bool IsResumed) {
    Instruction &First = firstAfterAllocas(F);
    if (Timing != TALLY_TIMING_OFF) {
        startAt(F.getEntryBlock().front());
        AllocaInst *Place = B.CreateAlloca(timedType(F.getContext()), nullptr, "tally.timed");
        Place->setAlignment(Align(8));
        Timed = B.CreateBitCast(Place, Pointer);
    }
    startAt(First);
    find();
    if (IsCall)
        increment(Node, offsetof(tally_node, calls));
    store(stackPointer(), Node, offsetof(tally_node, frame));
    if (Timing != TALLY_TIMING_OFF)
        Payer = Timing == TALLY_TIMING_EXACT ? timeEntry() : timeEntryIfDue();
    store(Node, Tls, offsetof(tally_tls, cur));
    if (IsResumed)
        Charged = load(Pointer, Tls, offsetof(tally_tls, charged));
}

static uint64_t slotOffset(unsigned Site) {
    return offsetof(tally_node, child) + uint64_t(Site) * sizeof(tally_node *);
}

void Expansion::site(Instruction &Before, unsigned Site) {
    startAt(Before);
    store(field(Node, slotOffset(Site)), Tls, offsetof(tally_tls, slot));
}

/* The function's own context is the running one again after each call: callees leave theirs. */
void Expansion::call(CallBase &Call, unsigned Site) {
    site(Call, Site);
    if (auto *Invoke = dyn_cast<InvokeInst>(&Call))
        startAt(*Invoke->getNormalDest()->getFirstInsertionPt());
    else if (isa<CallInst>(Call))
        startAt(*Call.getNextNode());
    else
        return;
    store(Node, Tls, offsetof(tally_tls, cur));
}

void Expansion::timeExit() {
    auto *Type = FunctionType::get(B.getVoidTy(), {Pointer, Pointer, Pointer}, false);
    callKeeping(runtime("__tally_time_exit", Type), {Timed, Node, Payer});
}

void Expansion::timeExitIfTimed() {
    Value *IsTimed = B.CreateICmpNE(Payer, ConstantPointerNull::get(Pointer));
    Instruction *After = newBlockHere("tally.left");
    BasicBlock *Then = BasicBlock::Create(F.getContext(), "tally.time", &F, After->getParent());
    B.CreateCondBr(IsTimed, Then, After->getParent());
    B.SetInsertPoint(Then);
    timeExit();
    B.CreateBr(After->getParent());
    startAt(*After);
}

void Expansion::leave(Instruction &Before) {
    startAt(Before);
    if (Timing == TALLY_TIMING_EXACT)
        timeExit();
    else if (Timing != TALLY_TIMING_OFF)
        timeExitIfTimed();
    store(In, Tls, offsetof(tally_tls, slot));
}

void Expansion::exit(Instruction &Return) {
    leave(Return);
}

void Expansion::jump(CallInst &Call, unsigned Site) {
    leave(Call);
    Constant *TailSlot = ConstantExpr::getPointerCast(
        cast<Constant>(M.getOrInsertGlobal("__tally_tail_slot", Pointer)), Pointer);
    store(Node, Tls, offsetof(tally_tls, tail_node));
    store(ConstantInt::get(Long, Site), Tls, offsetof(tally_tls, tail_site));
    store(In, Tls, offsetof(tally_tls, tail_return));
    store(B.CreateBitCast(Call.getCalledOperand(), Pointer), Tls, offsetof(tally_tls, tail_callee));
    store(TailSlot, Tls, offsetof(tally_tls, slot));
}

void Expansion::count(Instruction &Mark, unsigned Cell) {
    startAt(Mark);
    increment(Node, slotOffset(Sites + Cell));
}

void Expansion::resume(Instruction &After) {
    startAt(After);
    B.CreateCall(
        runtime("__tally_resume", FunctionType::get(B.getVoidTy(), {Pointer, Pointer}, false)),
        {Node, Charged});
}

void forwardJump(CallBase &Call) {
    Function &F = *Call.getFunction();
    IRBuilder<> B(&Call);
    PointerType *Pointer = bytePointer(F.getContext());
    Value *Announced =
        B.CreateBitCast(B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), threadState(*F.getParent()),
                                                     offsetof(tally_tls, tail_callee)),
                        PointerType::get(Pointer, 0));
    LoadInst *Callee = B.CreateLoad(Pointer, Announced);
    leaveToItself(Callee);
    Value *IsThis = B.CreateICmpEQ(Callee, ConstantExpr::getPointerCast(&F, Pointer));
    Value *Next = B.CreateBitCast(Call.getCalledOperand(), Pointer);
    leaveToItself(B.CreateStore(B.CreateSelect(IsThis, Next, Callee), Announced));
}

} // namespace tally
