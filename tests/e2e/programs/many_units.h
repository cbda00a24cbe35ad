/* What each file of a program sees, and what is one thing in all of them. */
#ifndef MANY_UNITS_H
#define MANY_UNITS_H

#define NOINLINE __attribute__((noinline))

long from_first(int rounds);
long from_second(int rounds);
long from_third(int rounds);

NOINLINE inline int shared_inline(int n) {
    return n * 3;
}

/* May be inlined in one file and not in the other. */
inline int small_inline(int n) {
    return n + 5;
}

template <typename T> NOINLINE T shared_template(T value) {
    return value + value;
}

/* The lambda of an inline function is one in all files, too, and so is its static. */
inline int with_lambda(int n) {
    auto add = [n](int k) NOINLINE { return n + k; };
    return add(2);
}

NOINLINE inline int initial() {
    return 40;
}
inline int with_static(int n) {
    static int kept = initial();
    return kept += n;
}

inline int shared_variable = initial();

struct Shared {
    int n;
    NOINLINE explicit Shared(int k) : n(k) {}
    NOINLINE virtual ~Shared() = default;
    NOINLINE virtual int value() const { return n; }
};

/* Two functions of each file have these names, too, and are different functions in each. */
namespace {
NOINLINE int hidden(int n) {
    return n + 1;
}
} // namespace
NOINLINE static int is_static(int n) {
    return hidden(n) + 1;
}

/* What each file does. */
inline long use_all(int rounds) {
    long sum = shared_variable;
    for (int i = 0; i < rounds; i++) {
        Shared shared(i);
        const Shared *volatile object = &shared;
        sum += shared_inline(i) + small_inline(i) + shared_template(i) + with_lambda(i) +
               with_static(i) + object->value();
    }
    return sum;
}

#endif
