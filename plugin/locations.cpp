/* locations.cpp - see locations.h. */
#include "locations.h"

#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/IR/DIBuilder.h"
#include "llvm/IR/DebugInfo.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/InstrTypes.h"

using namespace llvm;

namespace tally {

static constexpr char Producer[] = "tally";

namespace {

class LocationAdder {
  public:
    explicit LocationAdder(Module &M)
        : Builder(M), File(Builder.createFile(M.getSourceFileName(), "")),
          Type(Builder.createSubroutineType(Builder.getOrCreateTypeArray({}))) {
        Builder.createCompileUnit(dwarf::DW_LANG_C, File, Producer, false, "", 0, "",
                                  DICompileUnit::NoDebug);
        if (!M.getModuleFlag("Debug Info Version"))
            M.addModuleFlag(Module::Warning, "Debug Info Version", DEBUG_METADATA_VERSION);
    }
    ~LocationAdder() { Builder.finalize(); }

    void add(Function &F) {
        StringRef Name = GlobalValue::dropLLVMManglingEscape(F.getName());
        DISubprogram *Subprogram = Builder.createFunction(
            File, Name, "", File, 0, Type, 0, DINode::FlagZero, DISubprogram::SPFlagDefinition);
        F.setSubprogram(Subprogram);
        for (Instruction &I : instructions(F))
            if (isa<CallBase>(I))
                I.setDebugLoc(DILocation::get(F.getContext(), 0, 0, Subprogram));
    }

  private:
    DIBuilder Builder;
    DIFile *File;
    DISubroutineType *Type;
};

} // namespace

void addMissingLocations(Module &M) {
    auto IsWithout = [](const Function &F) { return !F.isDeclaration() && !F.getSubprogram(); };
    if (none_of(M, IsWithout))
        return;
    LocationAdder Adder(M);
    for (Function &F : M)
        if (IsWithout(F))
            Adder.add(F);
}

void dropAddedLocations(Module &M) {
    const NamedMDNode *Units = M.getNamedMetadata("llvm.dbg.cu");
    auto IsAdded = [](const MDNode *Unit) {
        return cast<DICompileUnit>(Unit)->getProducer() == Producer;
    };
    if (Units && all_of(Units->operands(), IsAdded))
        StripDebugInfo(M);
}

} // namespace tally
