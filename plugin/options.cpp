/* options.cpp - see options.h. */
#include "options.h"

#include "llvm_versions.h"

using namespace llvm;

namespace tally {

Options &options() {
    static Options Instance;
    return Instance;
}

static bool matches(const std::vector<GlobPattern> &Globs, StringRef Text) {
    for (const GlobPattern &Glob : Globs)
        if (Glob.match(Text))
            return true;
    return false;
}

std::string Options::addTiming(StringRef Value) {
    if (Value == "exact")
        Timing = TALLY_TIMING_EXACT;
    else if (Value == "adaptive")
        Timing = TALLY_TIMING_ADAPTIVE;
    else if (Value == "off")
        Timing = TALLY_TIMING_OFF;
    else
        return ("plugin option 'timing=" + Value + "': not one of exact, adaptive, off").str();
    return "";
}

std::string Options::addAttributes(StringRef Value) {
    UsesAttributes = Value == "on";
    if (UsesAttributes || Value == "off")
        return "";
    return ("plugin option 'alloc-attributes=" + Value + "': not one of on, off").str();
}

std::string Options::addGlob(Globs &To, StringRef Argument, std::string Pattern) {
    Kept.push_back(std::make_unique<std::string>(std::move(Pattern)));
    Expected<GlobPattern> Glob = GlobPattern::create(*Kept.back());
    if (!Glob)
        return "plugin option '" + Argument.str() + "': " + toString(Glob.takeError());
    To.push_back(std::move(*Glob));
    return "";
}

/* A number from 1 on. */
static bool isNumber(StringRef Text, unsigned &Number) {
    return !Text.getAsInteger(10, Number) && Number > 0;
}

/* The names of functions have `::` in them, but neither `:` nor `=`. */
static bool isFunctionPattern(StringRef Text) {
    for (size_t At = Text.find(':'); At != StringRef::npos; At = Text.find(':', At + 2))
        if (!startsWith(Text.drop_front(At), "::"))
            return false;
    return !Text.empty() && !Text.contains('=');
}

std::string Options::addAllocator(StringRef Argument, StringRef Value) {
    Named<AllocatedSize> Allocator;
    auto [Pattern, Sizes] = Value.rsplit(":size=");
    auto [Size, Count] = Sizes.split('*');
    bool IsSized = Pattern.size() < Value.size(), IsProduct = Size.size() < Sizes.size();
    if (!isFunctionPattern(Pattern) || (IsSized && !isNumber(Size, Allocator.Is.Size)) ||
        (IsProduct && !isNumber(Count, Allocator.Is.Count)))
        return "plugin option '" + Argument.str() +
               "': not of the form alloc=GLOB, alloc=GLOB:size=N or alloc=GLOB:size=N*M";
    std::string Complaint = addGlob(Allocator.Functions, Argument, Pattern.str());
    Allocators.push_back(std::move(Allocator));
    return Complaint;
}

std::string Options::addFreer(StringRef Argument, StringRef Value) {
    Named<unsigned> Freer;
    Freer.Is = 1;
    auto [Pattern, Block] = Value.rsplit(":ptr=");
    bool IsSaid = Pattern.size() < Value.size();
    if (!isFunctionPattern(Pattern) || (IsSaid && !isNumber(Block, Freer.Is)))
        return "plugin option '" + Argument.str() +
               "': not of the form free=GLOB or free=GLOB:ptr=N";
    std::string Complaint = addGlob(Freer.Functions, Argument, Pattern.str());
    Freers.push_back(std::move(Freer));
    return Complaint;
}

std::string Options::addPattern(StringRef Argument, StringRef Key, StringRef Value) {
    Globs *Globs = Key == "include"        ? &Include
                   : Key == "exclude"      ? &Exclude
                   : Key == "include-file" ? &IncludeFile
                   : Key == "exclude-file" ? &ExcludeFile
                                           : nullptr;
    if (!Globs)
        return ("unknown plugin option '" + Key +
                "'; known are include, exclude, include-file, exclude-file, timing, alloc, free, "
                "alloc-attributes")
            .str();
    if (Value.empty())
        return ("plugin option '" + Key + "' needs a pattern: " + Key + "=GLOB").str();
    bool IsFile = Globs == &IncludeFile || Globs == &ExcludeFile;
    std::string Complaint = addGlob(*Globs, Argument, Value.str());
    if (Complaint.empty() && IsFile && Value.front() != '/' && Value.front() != '*')
        Complaint = addGlob(*Globs, Argument, "*/" + Value.str());
    return Complaint;
}

std::string Options::add(StringRef Argument) {
    auto [Key, Value] = Argument.split('=');
    Text += (Text.empty() ? "" : " ") + Argument.str();
    if (Key == "timing")
        return addTiming(Value);
    if (Key == "alloc")
        return addAllocator(Argument, Value);
    if (Key == "free")
        return addFreer(Argument, Value);
    if (Key == "alloc-attributes")
        return addAttributes(Value);
    return addPattern(Argument, Key, Value);
}

bool Options::wants(StringRef Name, StringRef LinkageName, StringRef File) const {
    if (matches(Exclude, Name) || matches(Exclude, LinkageName) || matches(ExcludeFile, File))
        return false;
    bool FunctionIn = Include.empty() || matches(Include, Name) || matches(Include, LinkageName);
    return FunctionIn && (IncludeFile.empty() || matches(IncludeFile, File));
}

const AllocatedSize *Options::allocator(StringRef Name, StringRef LinkageName) const {
    for (const Named<AllocatedSize> &Allocator : Allocators)
        if (matches(Allocator.Functions, Name) || matches(Allocator.Functions, LinkageName))
            return &Allocator.Is;
    return nullptr;
}

unsigned Options::freedArgument(StringRef Name, StringRef LinkageName) const {
    for (const Named<unsigned> &Freer : Freers)
        if (matches(Freer.Functions, Name) || matches(Freer.Functions, LinkageName))
            return Freer.Is;
    return 0;
}

} // namespace tally
