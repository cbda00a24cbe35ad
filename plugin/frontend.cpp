/*
 * frontend.cpp - the way in by `clang -fplugin=tally.so` alone.
 *
 * Clang loads frontend plugins early enough to name a pass plugin to the code generator: this one
 * names tally.so, so that register.cpp's passes run. It also carries over what only the
 * syntax tree knows: functions marked no_instrument_function, and those the C library lends, get
 * the annotation the passes look for. And above -O0 clang would not make a destructor that has
 * nothing to do but to call its base's, and call that one in its place, unless told otherwise.
 *
 * This is an object of its own, tally-frontend.so, which tally.so loads where clang is: it needs
 * libclang-cpp, which must not be brought into opt (both define the same command-line options).
 */
#include "frontend.h"

#include "clang/AST/ASTConsumer.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/Decl.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendPluginRegistry.h"

using namespace clang;

namespace {

tally::AddOptionFunction *AddOption;
std::string PassPlugin;

class SkipMarker : public ASTConsumer {
  public:
    bool HandleTopLevelDecl(DeclGroupRef Group) override {
        for (Decl *D : Group)
            visit(D);
        return true;
    }

  private:
    void visit(Decl *D) {
        if (auto *Template = dyn_cast<FunctionTemplateDecl>(D))
            return visit(Template->getTemplatedDecl());
        if (auto *Function = dyn_cast<FunctionDecl>(D))
            return mark(Function);
        if (isa<NamespaceDecl, LinkageSpecDecl, CXXRecordDecl>(D))
            for (Decl *Inner : cast<DeclContext>(D)->decls())
                visit(Inner);
    }

    /* The C library's headers lend bodies of its own functions to the optimiser. What they stand
     * for is not part of the program, whether it is inlined or called. */
    static bool isLent(const FunctionDecl &Function) {
        const SourceManager &Sources = Function.getASTContext().getSourceManager();
        return Function.hasAttr<GNUInlineAttr>() &&
               Sources.isInSystemHeader(Function.getLocation());
    }

    void mark(FunctionDecl *Function) {
        if (Function->hasAttr<NoInstrumentFunctionAttr>() || isLent(*Function))
            Function->addAttr(
                AnnotateAttr::CreateImplicit(Function->getASTContext(), "tally:skip", nullptr, 0));
    }
};

class TallyAction : public PluginASTAction {
    std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &, StringRef) override {
        return std::make_unique<SkipMarker>();
    }

    bool ParseArgs(const CompilerInstance &Compiler,
                   const std::vector<std::string> &Arguments) override {
        DiagnosticsEngine &Diagnostics = Compiler.getDiagnostics();
        for (const std::string &Argument : Arguments) {
            std::string Complaint = AddOption(Argument);
            if (Complaint.empty())
                continue;
            Diagnostics.Report(Diagnostics.getCustomDiagID(DiagnosticsEngine::Error, "tally: %0"))
                << Complaint;
            return false;
        }
        CodeGenOptions &Options = const_cast<CompilerInstance &>(Compiler).getCodeGenOpts();
        Options.CXXCtorDtorAliases = false;
        addPassPlugin(Options.PassPlugins);
        return true;
    }

    static void addPassPlugin(std::vector<std::string> &PassPlugins) {
        for (const std::string &Path : PassPlugins)
            if (Path == PassPlugin)
                return; /* also given by -fpass-plugin */
        PassPlugins.push_back(PassPlugin);
    }

    ActionType getActionType() override { return AddBeforeMainAction; }
};

FrontendPluginRegistry::Add<TallyAction> Registration("tally", "count and time every call (Tally)");

} // namespace

void tallyConnectFrontend(tally::AddOptionFunction *Add, const char *PassPluginPath) {
    AddOption = Add;
    PassPlugin = PassPluginPath;
}
