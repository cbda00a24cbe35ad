// Names of functions that only their own file can call, and of those without a name in the source:
// the linker's name tells them apart, file and line say where they stand. Lambdas and unnamed types
// are numbered: in header code as the language says, elsewhere as each compiler likes.
// GROUP classes
// MATRIX usual
// FLAGS -std=c++17
// EXPECT[named] linkage own _ZL3owni
// EXPECT[named] declared own names.cpp @own
// EXPECT[named] linkage "(anonymous namespace)::hidden" _ZN12_GLOBAL__N_16hiddenEi
// EXPECT[named] declared "(anonymous namespace)::hidden" names.cpp @hidden
// EXPECT[named] linkage "(anonymous namespace)::Box<int>::get" _ZNK12_GLOBAL__N_13BoxIiE3getEi
// EXPECT[named] declared "(anonymous namespace)::Box<int>::get" names.cpp @member
// EXPECT[named] linkage "(anonymous namespace)::Box<*Box<int>*>::Box" _ZN12_GLOBAL__N_13BoxINS0_IiEEEC2ES1_
// EXPECT[named] linkage main::Local::run _ZZ4mainEN5Local3runEi
// EXPECT[named] declared main::Local::run names.cpp @local
// EXPECT[named] linkage "lends(int)::'lambda'(int)::operator()" _ZZ5lendsiENKUliE_clEi
// EXPECT[named] linkage "lends(int)::'lambda0'(int)::operator()" _ZZ5lendsiENKUliE0_clEi
// EXPECT[named] declared "lends(int)::'lambda*" names.cpp @lent
// EXPECT calls "lends(int)::'lambda'(int)::operator()" 3
// EXPECT calls "lends(int)::'lambda0'(int)::operator()" 4
// EXPECT linkage "apply<lends(int)::'lambda'(int)>" _Z5applyIZ5lendsiEUliE_EiT_i
// EXPECT edge lends apply* 2
// EXPECT[gcc] linkage "main::'lambda'(int)::operator()" _ZZ4mainENKUliE_clEi
// EXPECT[gcc] linkage "main::'lambda0'(int)::operator()" _ZZ4mainENKUliE0_clEi
// EXPECT[gcc] declared "main::'lambda'(int)::operator()" names.cpp @first
// EXPECT[gcc] declared "main::'lambda0'(int)::operator()" names.cpp @second
// EXPECT[gcc] calls "main::'lambda'(int)::operator()" 5
// EXPECT[gcc] calls "main::'lambda0'(int)::operator()" 6
// EXPECT[gcc] linkage "main::'unnamed'::get" _ZZ4mainENUt_3getEi
// EXPECT[clang] calls main::$_*::operator() 11
// EXPECT[clang] declared main::$_*::get names.cpp @unnamed
// EXPECT[gcc] declared "main::'unnamed'::get" names.cpp @unnamed
// EXPECT linkage Both::Both _ZN4BothC2Ei
// EXPECT linkage Both::~Both _ZN4BothD2Ev
// EXPECT calls Both::Both 6
// EXPECT calls Both::~Both 6
// EXPECT linkage Implied::~Implied _ZN7ImpliedD2Ev
// EXPECT declared Implied::~Implied names.cpp @implied
// EXPECT calls Implied::~Implied 3
#include <cstdio>

static int own(int x) { // @own
    return 2 * x;
}

namespace {
int hidden(int x) { // @hidden
    return x + 1;
}

template <class T> struct Box {
    T value;
    Box(T x) : value(x) {}
    int get(int x) const { // @member
        return value + x;
    }
};
} // namespace

template <class F> int apply(F f, int n) {
    int sum = 0;
    for (int i = 0; i < n; i++)
        sum += f(i);
    return sum;
}

inline int lends(int n) {
    return apply([](int x) { return x + 1; }, n) + apply([](int x) { return x * 2; }, n + 1); // @lent
}

struct Root {
    int value;
    Root(int x) : value(x) {}
    virtual ~Root() {
        value = 0;
    }
};

struct Both : virtual Root {
    Both(int x) : Root(x) {
        value++;
    }
    ~Both() override {
        value--;
    }
};

struct Derived : Both {
    Derived(int x) : Root(x), Both(x) {}
};

struct Implied { // @implied
    Both both;
    Implied(int x) : both(x) {}
};

int main(int argc, char **) {
    struct Local {
        int value;
        int run(int x) { // @local
            return value + x;
        }
    } local{argc};
    struct {
        int get(int x) { // @unnamed
            return x - 1;
        }
    } unnamed;
    int sum = own(1) + hidden(2) + local.run(3) + unnamed.get(4) + lends(3);
    sum += Box<int>(argc).get(5) + Box<Box<int>>(Box<int>(argc)).value.value;
    auto first = [&](int x) { return sum + x; }; // @first
    auto second = [](int x) { return x / 2; };   // @second
    sum += apply(first, 5) + apply(second, 6);
    for (int i = 0; i < 2; i++)
        sum += Both(i).value;
    sum += Derived(argc).value;
    for (int i = 0; i < 3; i++)
        sum += Implied(i).both.value;
    printf("%d\n", sum);
    return 0;
}
