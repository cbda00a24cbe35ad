// Code of a caller that stands inside other code: inlined, with thunks in between, called back by
// functions that are not instrumented. The caller is the one of the source, and at one level only.
// GROUP inlined
// MODES hooks
// EXPECT calls leaf 70
// EXPECT edge inner leaf 25
// EXPECT edge twice leaf 40
// EXPECT edge calls_back leaf 5
// EXPECT callers leaf inner twice calls_back
// EXPECT callers inner outer
// EXPECT callers twice main
// EXPECT path main;outer;inner;leaf 25
// EXPECT path main;twice;leaf 40
// EXPECT path main;uses_plain;calls_back;leaf 5
// EXPECT callers calls_back uses_plain
// EXPECT line inner leaf @inner_calls_leaf
// EXPECT line outer inner @outer_calls_inner
// EXPECT line main outer @main_calls_outer
// EXPECT line twice leaf @first_of_twice @second_of_twice
// EXPECT line main twice @main_calls_twice
// EXPECT callers Both::second by_second
// EXPECT callers Both::copy copies
// EXPECT edge by_second Both::second 10
// EXPECT edge copies Both::copy 10
// EXPECT path main;copies;Both::copy 10
#include <tally/tally.h>

#define NOINLINE __attribute__((noinline))

static volatile int sink;

NOINLINE static void leaf() {
    sink = sink + 1;
}

static inline void inner() {
    leaf(); // @inner_calls_leaf
}

static inline void outer() {
    inner(); // @outer_calls_inner
    sink = sink + 1;
}

__attribute__((always_inline)) static inline void twice() {
    leaf(); // @first_of_twice
    leaf(); // @second_of_twice
}

/* Of the same file, between two that are instrumented. */
TALLY_SKIP NOINLINE static void plain(void (*function)()) {
    function();
    sink = sink + 1;
}

static void calls_back() {
    leaf();
    sink = sink + 1;
}

NOINLINE static void uses_plain() {
    plain(calls_back);
    sink = sink + 1;
}

struct First {
    virtual First *copy() = 0;
    int first = 0;
};

struct Second {
    virtual void second() = 0;
    virtual Second *copy() = 0;
    int second_member = 0;
};

struct Both : First, Second {
    NOINLINE Both *copy() override {
        sink = sink + 1;
        return this;
    }
    NOINLINE void second() override {
        sink = sink + second_member;
    }
};

NOINLINE static void by_second(Second *object) {
    object->second();
    sink = sink + 1;
}

NOINLINE static Second *copies(Second *object) {
    Second *copy = object->copy();
    sink = sink + 1;
    return copy;
}

int main() {
    Both both;
    for (int i = 0; i < 25; i++)
        outer(); // @main_calls_outer
    for (int i = 0; i < 20; i++)
        twice(); // @main_calls_twice
    for (int i = 0; i < 5; i++)
        uses_plain();
    for (int i = 0; i < 10; i++)
        by_second(copies(&both));
    return 0;
}
