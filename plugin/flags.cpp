/* flags.cpp - see flags.h. */
#include "flags.h"

#include "connect.h"
#include "llvm_versions.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/StringSaver.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <unistd.h>
#include <vector>

using namespace llvm;

namespace tally {

/* ---- which flags ---- */

static bool startsWithAny(StringRef Text, ArrayRef<StringRef> Prefixes) {
    return any_of(Prefixes, [&](StringRef Prefix) { return startsWith(Text, Prefix); });
}

/* Whether -fX or -mX, with or without a `no-`, leaves the code as it is. */
static bool isHarmless(StringRef Flag) {
    static constexpr StringRef Harmless[] = {
        "-fansi-escape-codes", "-fcaret-diagnostics", "-fcolor-diagnostics",
        "-fconstexpr-backtrace", "-fcoverage-compilation-dir", "-fcoverage-prefix-map",
        "-fcrash-diagnostics", "-fdebug-", "-fdiagnostics-", "-fdiscard-value-names",
        "-fdwarf-directory-asm", "-felide-type", "-feliminate-unused-debug", "-ferror-limit",
        "-ffile-compilation-dir", "-ffile-prefix-map", "-fident", "-fintegrated-as",
        "-fintegrated-cc1", "-flimit-debug-info", "-fmacro-backtrace-limit", "-fmacro-prefix-map",
        "-fmessage-length", "-fmodule-file", "-fmodule-map-file", "-fmodules-cache-path",
        "-foptimization-record", "-fpass-plugin", "-fplugin", "-fprebuilt-module-path",
        "-fproc-stat-report", "-fprofile-prefix-map", "-frandom-seed", "-frecord-",
        "-fsave-optimization-record", "-fshow-", "-fspell-checking", "-fstandalone-debug",
        "-fsyntax-only", "-ftemplate-backtrace-limit", "-ftime-report", "-ftime-trace", "-fuse-ld",
        "-fverbose-asm",
        /* what the plugin sees to itself, and tally-cc asks old versions for */
        "-mconstructor-aliases"};
    std::string Positive = Flag.str();
    if (startsWith(Flag.drop_front(2), "no-"))
        Positive.erase(2, 3);
    return startsWithAny(Positive, Harmless);
}

/* The flag as it is kept; "" if it is not. */
static StringRef keptFlag(StringRef Argument) {
    if (startsWithAny(Argument, {"-Wp,-D", "-Wp,-U"}))
        return Argument.drop_front(4);
    if (startsWithAny(Argument, {"-D", "-U", "-O", "-std=", "--std=", "-stdlib=", "--target="}) ||
        Argument == "-ansi" || Argument == "-pg" || Argument == "-pthread")
        return Argument;
    if (!startsWithAny(Argument, {"-f", "-m"}) || isHarmless(Argument))
        return "";
    auto [Name, Value] = Argument.split('=');
    return Value.contains('/') ? Name : Argument;
}

/* Those whose value, if it is an argument of its own, must not be taken for a flag. */
static bool takesNext(StringRef Argument) {
    static constexpr StringRef Takers[] = {"-D",      "-U",       "-target",     "-mllvm",
                                           "-Xclang", "-Xlinker", "-Xassembler", "-Xpreprocessor",
                                           "-o",      "-z"};
    return is_contained(Takers, Argument);
}

/* … and such a pair as one flag. */
static std::string joined(StringRef Argument, StringRef Value) {
    if (Argument == "-D" || Argument == "-U")
        return (Argument + Value).str();
    if (Argument == "-target")
        return ("--target=" + Value).str();
    if (Argument == "-mllvm")
        return ("-mllvm=" + Value).str();
    return Argument == "-Xclang" ? keptFlag(Value).str() : "";
}

/* Of several equal flags, and of those that choose a level, the last one counts. */
static void add(std::vector<std::string> &Flags, StringRef Flag) {
    if (Flag.empty())
        return;
    bool IsLevel = startsWith(Flag, "-O");
    erase_if(Flags, [&](StringRef Earlier) {
        return Earlier == Flag || (IsLevel && startsWith(Earlier, "-O"));
    });
    Flags.push_back(Flag.str());
}

static std::vector<std::string> flagsOf(ArrayRef<const char *> Arguments) {
    std::vector<std::string> Flags;
    for (size_t I = 1; I < Arguments.size(); I++) {
        StringRef Argument = Arguments[I];
        if (Argument == "--")
            break;
        if (takesNext(Argument) && I + 1 < Arguments.size())
            add(Flags, joined(Argument, Arguments[++I]));
        else
            add(Flags, keptFlag(Argument));
    }
    // Not std::stable_partition: libstdc++'s uses what C++17 deprecates.
    auto IsMacro = [](StringRef Flag) { return startsWithAny(Flag, {"-D", "-U"}); };
    std::vector<std::string> Ordered;
    std::copy_if(Flags.begin(), Flags.end(), std::back_inserter(Ordered), std::not_fn(IsMacro));
    std::copy_if(Flags.begin(), Flags.end(), std::back_inserter(Ordered), IsMacro);
    return Ordered;
}

static std::string asText(ArrayRef<std::string> Flags) {
    std::string Text;
    for (const std::string &Flag : Flags) {
        if (!Text.empty())
            Text += ' ';
        for (char C : Flag) {
            if (StringRef(" \t\n'\"\\").contains(C))
                Text += '\\';
            Text += C;
        }
    }
    return Text;
}

/* ---- whose ---- */

static std::string processFile(long Process, StringRef Name) {
    return ("/proc/" + std::to_string(Process) + "/" + Name).str();
}

/* Its arguments, with those of response files; none if they cannot be read. */
static SmallVector<const char *, 64> argumentsOf(long Process, StringSaver &Saver) {
    SmallVector<const char *, 64> Arguments;
    auto File = MemoryBuffer::getFileAsStream(processFile(Process, "cmdline"));
    if (!File)
        return Arguments;
    for (StringRef Rest = (*File)->getBuffer(); !Rest.empty();) {
        auto [Argument, Others] = Rest.split('\0');
        Arguments.push_back(Saver.save(Argument).data());
        Rest = Others;
    }
    cl::ExpandResponseFiles(Saver, cl::TokenizeGNUCommandLine, Arguments);
    return Arguments;
}

static bool isDriver(ArrayRef<const char *> Arguments) {
    return Arguments.size() < 2 || StringRef(Arguments[1]) != "-cc1";
}

/* The driver that runs this compiler, or is it. */
static SmallVector<const char *, 64> driverArguments(StringSaver &Saver) {
    SmallVector<const char *, 64> Arguments = argumentsOf(getpid(), Saver);
    if (isDriver(Arguments))
        return Arguments;
    long Parent = getppid();
    if (!sys::fs::equivalent(processFile(getpid(), "exe"), processFile(Parent, "exe")))
        return {};
    Arguments = argumentsOf(Parent, Saver);
    return isDriver(Arguments) ? Arguments : SmallVector<const char *, 64>();
}

std::string compilerFlags() {
    if (!isClang())
        return "";
    BumpPtrAllocator Memory;
    StringSaver Saver(Memory);
    return asText(flagsOf(driverArguments(Saver)));
}

} // namespace tally
