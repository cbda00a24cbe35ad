/* names.cpp - see names.h. */
#include "names.h"

#include "llvm_versions.h"

#include "llvm/Demangle/Demangle.h"

#include <cstdlib>

using namespace llvm;

namespace tally {

/* Takes `n8_` and the like off: a number, negative if n stands before it. */
static bool consumeNumber(StringRef &Rest) {
    Rest.consume_front("n");
    size_t Digits = Rest.find_first_not_of("0123456789");
    if (Digits == 0 || Digits == StringRef::npos || Rest[Digits] != '_')
        return false;
    Rest = Rest.drop_front(Digits + 1);
    return true;
}

/* h: by a number; v: by what the virtual table says, found by the second number. */
static bool consumeAdjustment(StringRef &Rest) {
    if (Rest.consume_front("h"))
        return consumeNumber(Rest);
    return Rest.consume_front("v") && consumeNumber(Rest) && consumeNumber(Rest);
}

/* The name of the method a thunk leads to; of anything else its own. */
static std::string methodOf(StringRef Name) {
    StringRef Rest = Name;
    if (!Rest.consume_front("_ZT"))
        return Name.str();
    bool IsThunk = Rest.consume_front("c") ? consumeAdjustment(Rest) && consumeAdjustment(Rest)
                                           : consumeAdjustment(Rest);
    return IsThunk ? ("_Z" + Rest).str() : Name.str();
}

static bool isStructor(const std::string &Name) {
    ItaniumPartialDemangler Demangler;
    return !Demangler.partialDemangle(Name.c_str()) && Demangler.isCtorOrDtor();
}

/* Where C1, CI1, D0 or D1 may stand in a name, the digit's place; or npos. */
static size_t findVariant(StringRef Name, size_t From) {
    for (size_t I = From; I < Name.size(); I++) {
        bool IsDestructor = Name[I - 1] == 'D' && (Name[I] == '0' || Name[I] == '1');
        bool IsConstructor =
            (Name[I - 1] == 'C' || (Name[I - 1] == 'I' && Name[I - 2] == 'C')) && Name[I] == '1';
        if (IsDestructor || IsConstructor)
            return I;
    }
    return StringRef::npos;
}

/* The same letters may be part of an identifier: then what is demangled is another name. */
std::string canonicalName(StringRef LinkageName) {
    std::string Name = methodOf(LinkageName);
    if (!startsWith(Name, "_Z") || findVariant(Name, 2) == StringRef::npos || !isStructor(Name))
        return Name;
    for (size_t I = findVariant(Name, 2); I != StringRef::npos; I = findVariant(Name, I + 1)) {
        std::string Base = Name;
        Base[I] = '2';
        if (demangle(Base) == demangle(Name))
            Name = Base;
    }
    return Name;
}

bool areVariants(StringRef LinkageName, StringRef Other) {
    return LinkageName != Other && canonicalName(LinkageName) == canonicalName(Other);
}

bool isThunk(StringRef LinkageName) {
    return methodOf(LinkageName) != LinkageName;
}

bool isDeletingDestructor(StringRef LinkageName) {
    std::string Canonical = canonicalName(LinkageName);
    for (size_t I = 0; I < LinkageName.size() && I < Canonical.size(); I++)
        if (LinkageName[I] != Canonical[I])
            return LinkageName[I] == '0';
    return false;
}

/* LLVM 19 refuses a generic lambda in a function (…$_0…) for its parameters' types, which refer to
 * its template arguments. They stand at the end, and are not of interest: the name is shortened to
 * what can be read, and the demangler refers to it. */
static bool demangleStart(ItaniumPartialDemangler &Demangler, std::string &Name) {
    size_t Lambda = Name.find("$_");
    while (Demangler.partialDemangle(Name.c_str())) {
        if (Lambda == std::string::npos || Name.size() <= Lambda)
            return false;
        Name.pop_back();
    }
    return true;
}

std::string readableName(const std::string &LinkageName) {
    if (!startsWith(LinkageName, "_Z"))
        return LinkageName;
    ItaniumPartialDemangler Demangler;
    std::string Start = LinkageName;
    if (!demangleStart(Demangler, Start))
        return LinkageName;
    size_t Size = 0;
    char *Text = Demangler.isFunction() ? Demangler.getFunctionName(nullptr, &Size)
                                        : Demangler.finishDemangle(nullptr, &Size);
    if (!Text)
        return LinkageName;
    std::string Name(Text);
    std::free(Text);
    return Name;
}

} // namespace tally
