// Code of a caller that stands inside other code: inlined, with thunks in between, called back by
// functions that are not instrumented. The caller is the one of the source, and at one level only.
// GROUP inlined
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
// EXPECT calls Base::~Base 30
// EXPECT edge Derived::~Derived Base::~Base 20
// EXPECT edge deletes Base::~Base 10
// EXPECT calls Derived::~Derived 20
// EXPECT edge deletes Derived::~Derived 10
// EXPECT edge leaves_scope Derived::~Derived 10
// EXPECT calls in_base 30
// EXPECT callers in_base Base::~Base
// EXPECT path main;deletes;Derived::~Derived;Base::~Base;in_base 10
// EXPECT calls Diamond::~Diamond 10
// EXPECT calls Left::~Left 10
// EXPECT calls Right::~Right 10
// EXPECT calls Apex::~Apex 10
// EXPECT callers Diamond::~Diamond ends_diamond
// EXPECT callers Left::~Left Diamond::~Diamond
// EXPECT callers Right::~Right Diamond::~Diamond
// EXPECT callers Apex::~Apex Diamond::~Diamond
// EXPECT line Diamond::~Diamond Left::~Left @diamond_ends
// EXPECT calls List::~List 5
// EXPECT edge List::~List List::~List 4
// EXPECT edge frees_list List::~List 1
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
    NOINLINE void second() override { sink = sink + second_member; }
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

/* One destruction is one call, whatever functions the compiler makes of it. */
NOINLINE static void in_base() {
    sink = sink + 1;
}

struct Base {
    virtual ~Base() { in_base(); }
};

struct Derived : Base {
    ~Derived() override { sink = sink + 1; }
};

NOINLINE static void deletes(Base *object) {
    delete object;
    sink = sink + 1;
}

NOINLINE static void leaves_scope() {
    Derived here;
    sink = sink + 1;
}

struct Apex {
    virtual ~Apex() { sink = sink + 1; }
};

struct Left : virtual Apex {
    ~Left() override { sink = sink + 1; }
};

struct Right : virtual Apex {
    ~Right() override { sink = sink + 1; }
};

struct Diamond : Left, Right {
    ~Diamond() override { sink = sink + 1; } // @diamond_ends
};

NOINLINE static void ends_diamond(Apex *apex) {
    delete apex;
    sink = sink + 1;
}

/* Here one object's destructor does call another's. */
struct List {
    List *next;
    explicit List(int n) : next(n > 1 ? new List(n - 1) : nullptr) {}
    virtual ~List() { delete next; }
};

NOINLINE static void frees_list(List *list) {
    delete list;
    sink = sink + 1;
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
    for (int i = 0; i < 10; i++) {
        deletes(new Base);
        deletes(new Derived);
        leaves_scope();
        ends_diamond(new Diamond);
    }
    frees_list(new List(5));
    return 0;
}
