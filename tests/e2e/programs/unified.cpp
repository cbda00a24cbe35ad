// Constructors and destructors whose variants share one body, a function of its own that each of
// them calls: gcc makes them when it saves space. One construction is one call all the same.
// GROUP objects
// MODES hooks
// COMPILERS gcc
// FLAGS -std=c++17 -Os
// EXPECT calls Both::Both 60
// EXPECT calls Both::~Both 60
// EXPECT linkage Both::Both _ZN4BothC2Ei
// EXPECT linkage Both::~Both _ZN4BothD2Ev
// EXPECT edge main Both::Both 40
// EXPECT edge Derived::Derived Both::Both 20
// EXPECT edge Derived::~Derived Both::~Both 20
// EXPECT calls Derived::Derived 20
// EXPECT edge destroys Both::~Both 40
// EXPECT edge destroys Derived::~Derived 20
// EXPECT edge Both::Both counts 60
// EXPECT edge Both::~Both counts 60
#include <cstdio>

static int sum;

__attribute__((noinline)) static void counts(int n) {
    sum += n;
}

struct Root {
    virtual ~Root() {}
};

struct Both : virtual Root {
    Both(int x) {
        counts(x);
    }
    ~Both() override {
        counts(1);
    }
};

struct Derived : Both {
    Derived(int x) : Both(x) {}
};

__attribute__((noinline)) static void destroys(Root *root) {
    delete root;
}

int main() {
    for (int i = 0; i < 40; i++)
        destroys(new Both(i));
    for (int i = 0; i < 20; i++)
        destroys(new Derived(i));
    printf("%d\n", sum);
    return 0;
}
