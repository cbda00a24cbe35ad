// Several functions are compiled for one constructor, destructor or virtual method. Whichever of
// them a call enters by, it is one call, by the one who wrote it.
// GROUP classes
// MATRIX full
// MODES plugin
// FLAGS -std=c++20
// EXPECT absent *_ZT*
// EXPECT edge ends_node Node::~Node 5
// EXPECT edge Node::~Node Node::~Node 15
// EXPECT calls Node::~Node 20
// EXPECT edge Node::~Node Base::~Base 20
// EXPECT calls Base::~Base 28
// EXPECT edge ends_link Link::~Link 5
// EXPECT edge Link::~Link Link::~Link 15
// EXPECT calls Link::~Link 20
// EXPECT edge Link::~Link Root::~Root 20
// EXPECT edge Link::~Link log_end 60
// EXPECT line Link::~Link log_end @link_first @link_second @link_third
// EXPECT edge ends_pooled Pooled::~Pooled 8
// EXPECT edge Pooled::~Pooled "Pooled::operator delete" 8
// EXPECT edge ends_own "Own::operator delete" 6
// EXPECT edge "Own::operator delete" Own::~Own 6
// EXPECT calls Own::~Own 6
// EXPECT edge makes_trier Trier::Trier 10
// EXPECT calls Trier::Trier 10
// EXPECT edge Trier::Trier Root::Root 10
// EXPECT edge Trier::Trier log_end 5
// EXPECT edge makes_trier Trier::~Trier 5
// EXPECT calls Trier::~Trier 5
// EXPECT edge Trier::~Trier log_end 10
// EXPECT edge Trier::~Trier Root::~Root 5
// EXPECT edge throws_away Thrower::~Thrower 7
// EXPECT calls Thrower::~Thrower 7
// EXPECT edge Thrower::~Thrower Part::~Part 7
// EXPECT edge throws_away after_throw 7
// EXPECT edge asks_sums Sums::sum 12
// EXPECT edge asks_clone Sums::clone 12
// EXPECT calls Sums::sum 12
// EXPECT calls Sums::clone 12
// EXPECT edge Sums::sum log_end 12
// EXPECT edge known Sums::small 9
// EXPECT edge asks_small Sums::small 9
// EXPECT edge Sums::small log_end 18
// EXPECT calls D0::D0 3
// EXPECT calls D1::D1 6
// EXPECT edge D0::D0 D1::D1 3
// EXPECT calls Takes::Takes 9
// EXPECT edge Takes::Takes Takes::Takes 3
// EXPECT calls Heir::Heir 5
// EXPECT edge Heir::Heir Ancestor::Ancestor 5
// EXPECT calls Late::~Late 2
// EXPECT callers Late::~Late Latest::~Latest
// EXPECT calls Latest::~Latest 2
// EXPECT edge ends_modest Modest::~Modest 11
// EXPECT calls Modest::~Modest 11
// EXPECT edge Modest::~Modest Part::~Part 11
// EXPECT edge ends_modest Modest::Modest 11
// EXPECT edge main end_of_variants 1
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <new>

#define NOINLINE __attribute__((noinline))

static volatile long events;

NOINLINE static void log_end(int n) {
    events = events + n;
}

struct Base {
    NOINLINE virtual ~Base() { events = events + 1; }
};

/* Destroys another of its own kind; the compiler knows the function, since there is no other. */
struct Node final : Base {
    Node *next;
    explicit Node(Node *node) : next(node) {}
    ~Node() override { delete next; }
};

NOINLINE static void ends_node(Base *base) {
    delete base;
}

struct Root {
    int root = 1;
    Root() { events = events + 1; }
    NOINLINE virtual ~Root() { events = events + 1; }
};

struct Link final : virtual Root {
    Link *next;
    explicit Link(Link *link) : next(link) {}
    ~Link() override {
        log_end(1); // @link_first
        log_end(2); // @link_second
        if (next) {
            next->~Link();
            std::free(static_cast<void *>(next));
        }
        log_end(3); // @link_third
    }
};

NOINLINE static void ends_link(Root *root) {
    root->~Root();
}

/* The destructor of the object says which operator delete is the right one. */
struct Pooled : Base {
    ~Pooled() override { log_end(4); }
    NOINLINE static void operator delete(void *memory) {
        events = events + 1;
        ::operator delete(memory);
    }
};

NOINLINE static void ends_pooled(Base *base) {
    delete base;
}

/* Here the operator destroys. */
struct Own {
    NOINLINE virtual ~Own() { events = events + 1; }
    NOINLINE static void operator delete(Own *own, std::destroying_delete_t) {
        own->~Own();
        ::operator delete(own);
    }
};

NOINLINE static void ends_own(Own *own) {
    delete own;
}

struct Trier : virtual Root {
    explicit Trier(int n) try {
        if (n % 2)
            throw n;
    } catch (int) {
        log_end(5);
    }
    ~Trier() override try {
        log_end(6);
        log_end(7);
    } catch (...) {
    }
};

NOINLINE static void makes_trier(int n) {
    try {
        Trier trier(n);
    } catch (int) {
    }
}

struct Part {
    NOINLINE ~Part() { events = events + 1; }
};
struct Thrower : virtual Part {
    ~Thrower() noexcept(false);
};
Thrower::~Thrower() noexcept(false) {
    throw 1;
}
NOINLINE static void after_throw() {
    events = events + 1;
}

NOINLINE static void throws_away() {
    try {
        Thrower thrower;
    } catch (int) {
        after_throw();
    }
}

/* Virtual calls through the second base. */
struct First {
    virtual int first() { return 1; }
};
struct Second {
    virtual int sum(int n, ...) { return n; }
    virtual Second *clone(int n, ...) { return n ? this : nullptr; }
    virtual int small(int n) { return n; }
};
struct Sums final : First, Second {
    int sum(int n, ...) override {
        va_list list;
        va_start(list, n);
        int all = 0;
        for (int i = 0; i < n; i++)
            all += va_arg(list, int);
        va_end(list);
        log_end(all);
        return all;
    }
    Sums *clone(int n, ...) override {
        va_list list;
        va_start(list, n);
        events = events + va_arg(list, int);
        va_end(list);
        return this;
    }
    int small(int n) override {
        log_end(n);
        return n + 1;
    }
};

NOINLINE static int asks_sums(Second *second, int n) {
    return second->sum(3, n, n + 1, n + 2);
}
NOINLINE static Second *asks_clone(Second *second, int n) {
    return second->clone(1, n);
}
NOINLINE static int asks_small(Second *second, int n) {
    return second->small(n);
}
NOINLINE static int known(int n) {
    Sums sums;
    Second &second = sums;
    return second.small(n);
}

/* Names that look like variants. */
struct D1 {
    NOINLINE D1() { events = events + 1; }
};
struct D0 {
    D1 member;
    NOINLINE D0() { events = events + 1; }
};
struct Takes {
    NOINLINE explicit Takes(D1) { events = events + 1; }
    NOINLINE explicit Takes(D0 d0) : Takes(d0.member) {}
};

struct Ancestor {
    NOINLINE explicit Ancestor(int n) { events = events + n; }
};
struct Heir : Ancestor, virtual Root {
    using Ancestor::Ancestor;
};

struct Late : virtual Root {
    NOINLINE ~Late() override { events = events + 1; }
};
struct Latest : Late {
    NOINLINE ~Latest() override { events = events + 1; }
};

/* Does nothing that its base would not do. */
struct Modest : Part {
    Modest() {}
    ~Modest() {}
};
NOINLINE static void ends_modest() {
    Modest modest;
}

NOINLINE static int end_of_variants() {
    return 0;
}

static Link *link(int n) {
    return n ? new (std::malloc(sizeof(Link))) Link(link(n - 1)) : nullptr;
}

int main() {
    for (int i = 0; i < 5; i++) {
        ends_node(new Node(new Node(new Node(new Node(nullptr)))));
        Link *all = link(4);
        ends_link(all);
        std::free(static_cast<void *>(all));
        Heir heir(i);
    }
    for (int i = 0; i < 8; i++)
        ends_pooled(new Pooled);
    for (int i = 0; i < 6; i++)
        ends_own(new Own);
    for (int i = 0; i < 10; i++)
        makes_trier(i);
    for (int i = 0; i < 7; i++)
        throws_away();
    Sums sums;
    for (int i = 0; i < 12; i++) {
        events = events + asks_sums(&sums, i);
        asks_clone(&sums, i);
    }
    for (int i = 0; i < 9; i++)
        events = events + known(i) + asks_small(&sums, i);
    for (int i = 0; i < 3; i++) {
        D0 d0;
        Takes takes(d0), others((D1()));
    }
    for (int i = 0; i < 2; i++)
        Latest latest;
    for (int i = 0; i < 11; i++)
        ends_modest();
    std::printf("%ld\n", static_cast<long>(events));
    return end_of_variants();
}
