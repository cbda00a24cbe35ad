/* source.cpp - see source.h. */
#include "source.h"

#include "abi.h"
#include "names.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace tally {

static std::string absolutePath(const DIFile *File) {
    if (!File)
        return "";
    if (sys::path::is_absolute(File->getFilename()) || File->getDirectory().empty())
        return File->getFilename().str();
    SmallString<256> Path(File->getDirectory());
    sys::path::append(Path, File->getFilename());
    return std::string(Path);
}

StringRef linkageNameOf(const DISubprogram &Subprogram) {
    StringRef Mangled = Subprogram.getLinkageName();
    return Mangled.empty() ? Subprogram.getName() : Mangled;
}

SourceInfo sourceOf(const DISubprogram &Subprogram) {
    SourceInfo Info;
    Info.LinkageName = canonicalName(linkageNameOf(Subprogram));
    Info.Name = readableName(Info.LinkageName);
    Info.File = absolutePath(Subprogram.getFile());
    Info.Line = Subprogram.getLine();
    return Info;
}

SourceInfo sourceOf(const Function &F) {
    /* Names may start with \1: "use as it is" to the code generator. */
    std::string LinkageName = canonicalName(GlobalValue::dropLLVMManglingEscape(F.getName()));
    SourceInfo Info;
    if (const DISubprogram *Subprogram = F.getSubprogram())
        Info = sourceOf(*Subprogram);
    else
        Info.File = F.getParent()->getSourceFileName();
    Info.LinkageName = LinkageName;
    Info.Name = readableName(LinkageName);
    return Info;
}

SourceInfo sourceOfPart(const Function &Part, StringRef LinkageName) {
    SourceInfo Info = sourceOf(Part);
    Info.LinkageName = LinkageName.str();
    Info.Name = readableName(Info.LinkageName);
    return Info;
}

void SourceInfo::writeTo(Function &Mark) const {
    Mark.addFnAttr("tally-name", Name);
    Mark.addFnAttr("tally-linkage-name", LinkageName);
    Mark.addFnAttr("tally-file", File);
    Mark.addFnAttr("tally-line", std::to_string(Line));
}

SourceInfo SourceInfo::readFrom(const Function &Mark) {
    auto Text = [&](StringRef Key) { return Mark.getFnAttribute(Key).getValueAsString(); };
    SourceInfo Info = {Text("tally-name").str(), Text("tally-linkage-name").str(),
                       Text("tally-file").str()};
    Text("tally-line").getAsInteger(10, Info.Line);
    return Info;
}

Constant *stringConstant(Module &M, StringRef Text) {
    std::string Key = ("__tally_text." + Text).str();
    GlobalVariable *Global = M.getGlobalVariable(Key, true);
    if (!Global) {
        Constant *Data = ConstantDataArray::getString(M.getContext(), Text);
        Global =
            new GlobalVariable(M, Data->getType(), true, GlobalValue::PrivateLinkage, Data, Key);
        Global->setUnnamedAddr(GlobalValue::UnnamedAddr::Global);
        Global->setAlignment(Align(1));
    }
    return ConstantExpr::getPointerCast(Global, bytePointer(M.getContext()));
}

GlobalVariable *sourceConstant(Module &M, const SourceInfo &Info) {
    std::string Key = "__tally_source." + Info.LinkageName;
    if (GlobalVariable *Global = M.getGlobalVariable(Key, true))
        return Global;
    LLVMContext &Context = M.getContext();
    Type *Pointer = bytePointer(Context), *Word = Type::getInt32Ty(Context);
    StructType *Type = StructType::get(Context, {Pointer, Pointer, Pointer, Word, Word});
    Constant *Data = ConstantStruct::get(
        Type, {stringConstant(M, Info.Name), stringConstant(M, Info.LinkageName),
               stringConstant(M, Info.File), ConstantInt::get(Word, Info.Line),
               ConstantInt::get(Word, 0)});
    return new GlobalVariable(M, Type, true, GlobalValue::PrivateLinkage, Data, Key);
}

} // namespace tally
