/*
 * connect.cpp - loads tally-frontend.so from beside this file when the process is a clang.
 */
#include "connect.h"

#include "frontend.h"
#include "options.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <dlfcn.h>

using namespace llvm;

static std::string addOption(StringRef Argument) {
    return tally::options().add(Argument);
}

/* clang's own symbols are there, whichever way it was linked: vtable for clang::PluginASTAction. */
bool tally::isClang() {
    return dlsym(RTLD_DEFAULT, "_ZTVN5clang15PluginASTActionE") != nullptr;
}

__attribute__((constructor)) static void connectFrontend() {
    static const char Here = 0;
    Dl_info Self;
    if (!tally::isClang() || !dladdr(&Here, &Self))
        return;
    SmallString<256> Path(Self.dli_fname);
    sys::path::remove_filename(Path);
    sys::path::append(Path, "tally-frontend.so");
    void *Frontend = dlopen(Path.c_str(), RTLD_NOW | RTLD_LOCAL);
    auto *Connect = Frontend ? reinterpret_cast<decltype(tallyConnectFrontend) *>(
                                   dlsym(Frontend, "tallyConnectFrontend"))
                             : nullptr;
    if (Connect)
        Connect(addOption, Self.dli_fname);
    else
        errs() << "tally: cannot load the plugin's second part: " << dlerror() << "\n";
}
