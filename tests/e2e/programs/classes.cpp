// Virtual calls, templates, lambdas, static initialisers, operators, names in namespaces.
// GROUP classes
// EXPECT calls shapes::Square::area 500
// EXPECT calls shapes::Circle::area 500
// EXPECT edge total shapes::Square::area 500
// EXPECT line total shapes::Circle::area @virtual_call
// EXPECT calls "twice<int>" 10
// EXPECT calls "twice<double>" 10
// EXPECT[plugin] linkage "twice<int>" _Z5twiceIiET_S0_
// EXPECT[plugin] linkage shapes::Square::area _ZNK6shapes6Square4areaEi
// EXPECT calls apply_to_all* 2
// EXPECT calls *operator()* 20
// EXPECT edge apply_to_all* *operator()* 20
// EXPECT calls initial_value 3
// EXPECT calls Counter::Counter 2
// EXPECT calls Counter::~Counter 2
// EXPECT calls local_static 1
// EXPECT calls uses_local_static 5
// EXPECT callers local_static uses_local_static
// EXPECT calls "operator+" 7
// EXPECT calls overloaded 5
// EXPECT calls (anonymous*)::hidden 4
// EXPECT calls shapes::Base::~Base 2
// EXPECT calls recursive_template<*> 6
#include <cstdio>

#define NOINLINE __attribute__((noinline))

namespace shapes {
struct Base {
    virtual int area(int n) const = 0;
    virtual ~Base() {}
};
struct Square : Base {
    int area(int n) const override { return n * n; }
};
struct Circle : Base {
    int area(int n) const override { return n * n * 3; }
};
} // namespace shapes

template <typename T> NOINLINE T twice(T value) {
    return value + value;
}

template <typename F> NOINLINE int apply_to_all(F function) {
    int sum = 0;
    for (int i = 0; i < 10; i++)
        sum += function(i);
    return sum;
}

template <int N> int recursive_template(int n) {
    return N + recursive_template<N - 1>(n * 2);
}
template <> int recursive_template<0>(int n) {
    return n;
}

static int initial_value(int n) {
    return n * 2 + 1;
}

struct Counter {
    int value;
    explicit Counter(int n) : value(initial_value(n)) {}
    ~Counter() { std::printf("~%d\n", value); }
};

static int first = initial_value(4);
static Counter second(first), third(2);

NOINLINE static int local_static() {
    return 17;
}

NOINLINE static int uses_local_static(int n) {
    static int kept = local_static();
    return kept += n;
}

struct Number {
    int n;
};
NOINLINE static Number operator+(Number a, Number b) {
    return {a.n + b.n};
}

NOINLINE static int overloaded(int n) {
    return n;
}
NOINLINE static int overloaded(const char *text) {
    return *text;
}

namespace {
NOINLINE int hidden(int n) {
    return n - 1;
}
} // namespace

NOINLINE static int total(const shapes::Base *const *every, int n) {
    int sum = 0;
    for (int i = 0; i < n; i++)
        sum += every[i % 2]->area(i); // @virtual_call
    return sum;
}

int main() {
    int sum = 0;
    double real = 0;
    {
        shapes::Square square;
        shapes::Circle circle;
        const shapes::Base *const every[] = {&square, &circle};
        sum += total(every, 1000);
    }
    for (int i = 0; i < 10; i++) {
        sum += twice(i);
        real += twice(i * .5);
    }
    sum += apply_to_all([sum](int n) { return n + sum % 10; });
    sum += apply_to_all([](int n) { return n * 3; });
    for (int i = 0; i < 5; i++)
        sum += uses_local_static(i);
    Number number = {1};
    for (int i = 0; i < 7; i++)
        number = number + Number{i};
    for (int i = 0; i < 4; i++)
        sum += hidden(i);
    sum += overloaded(3) + overloaded("a") + overloaded(1) + overloaded("b") + overloaded("c");
    sum += recursive_template<5>(1);
    std::printf("%d %g %d %d\n", sum, real, second.value + third.value, number.n);
    return 0;
}
