/* options.cpp - see options.h. */
#include "options.h"

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

std::string Options::add(StringRef Argument) {
    auto [Key, Value] = Argument.split('=');
    if (Key == "timing") {
        Text += (Text.empty() ? "" : " ") + Argument.str();
        return addTiming(Value);
    }
    Globs *Globs = Key == "include"        ? &Include
                   : Key == "exclude"      ? &Exclude
                   : Key == "include-file" ? &IncludeFile
                   : Key == "exclude-file" ? &ExcludeFile
                                           : nullptr;
    if (!Globs)
        return ("unknown plugin option '" + Key +
                "'; known are include, exclude, include-file, exclude-file, timing")
            .str();
    if (Value.empty())
        return ("plugin option '" + Key + "' needs a pattern: " + Key + "=GLOB").str();
    bool IsFile = Globs == &IncludeFile || Globs == &ExcludeFile;
    std::vector<std::string> Patterns = {Value.str()};
    if (IsFile && Value.front() != '/' && Value.front() != '*')
        Patterns.push_back("*/" + Value.str());
    for (std::string &Pattern : Patterns) {
        Kept.push_back(std::make_unique<std::string>(std::move(Pattern)));
        Expected<GlobPattern> Glob = GlobPattern::create(*Kept.back());
        if (!Glob)
            return "plugin option '" + Argument.str() + "': " + toString(Glob.takeError());
        Globs->push_back(std::move(*Glob));
    }
    Text += (Text.empty() ? "" : " ") + Argument.str();
    return "";
}

bool Options::wants(StringRef Name, StringRef LinkageName, StringRef File) const {
    if (matches(Exclude, Name) || matches(Exclude, LinkageName) || matches(ExcludeFile, File))
        return false;
    bool FunctionIn = Include.empty() || matches(Include, Name) || matches(Include, LinkageName);
    return FunctionIn && (IncludeFile.empty() || matches(IncludeFile, File));
}

} // namespace tally
