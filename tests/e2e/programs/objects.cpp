// Objects: one call for each construction and destruction, however many copies of a constructor or
// destructor the compiler makes (complete, base, deleting), and virtual calls through all of them.
// GROUP objects
// MATRIX usual
// FLAGS -std=c++17
// EXPECT calls Plain::Plain 160
// EXPECT calls Plain::~Plain 160
// EXPECT calls Root::Root 70
// EXPECT calls Root::~Root 70
// EXPECT calls Left::Left 60
// EXPECT calls Left::~Left 60
// EXPECT calls Right::Right 50
// EXPECT calls Right::~Right 50
// EXPECT calls Diamond::Diamond 50
// EXPECT calls Diamond::~Diamond 50
// EXPECT edge Diamond::Diamond Root::Root 50
// EXPECT edge Diamond::Diamond Left::Left 50
// EXPECT edge Diamond::Diamond Right::Right 50
// EXPECT edge Left::Left Root::Root 10
// EXPECT edge Diamond::~Diamond Root::~Root 50
// EXPECT edge Left::~Left Root::~Root 10
// EXPECT edge destroys Diamond::~Diamond 50
// EXPECT edge destroys Root::~Root 10
// EXPECT calls Root::name 10
// EXPECT calls Left::name 10
// EXPECT calls Diamond::name 300
// EXPECT edge asks_root Diamond::name 100
// EXPECT edge asks_left Diamond::name 100
// EXPECT edge asks_right Diamond::name 100
// EXPECT edge asks_root Left::name 10
// EXPECT edge asks_root Root::name 10
// EXPECT calls First::first 0
// EXPECT calls Second::second 40
// EXPECT calls Both::first 60
// EXPECT calls Both::second 60
// EXPECT edge asks_second Both::second 60
// EXPECT edge asks_second Second::second 40
// EXPECT calls Both::Both 3
// EXPECT calls Both::~Both 3
// EXPECT edge destroys_second Both::~Both 2
// EXPECT edge destroys_second Second::~Second 1
// EXPECT calls Second::~Second 4
// EXPECT absent *_ZT*
// EXPECT calls Both::copy 30
// EXPECT edge copies Both::copy 30
// EXPECT calls Final::value 80
// EXPECT edge devirtualised Final::value 80
// EXPECT calls Sealed::value 20
// EXPECT edge inherits Heir::* 30
// EXPECT edge Heir::* Ancestor::Ancestor 30
// EXPECT calls Ancestor::Ancestor 45
// EXPECT edge inherits Ancestor::Ancestor 15
// EXPECT calls Ancestor::text 30
// EXPECT calls Copied::Copied 72
// EXPECT calls Copied::operator= 24
// EXPECT calls Copied::~Copied 72
// EXPECT calls made 12
// EXPECT calls Defaulted::Defaulted 72
// EXPECT calls Defaulted::operator= 24
// EXPECT calls Defaulted::~Defaulted 72
// EXPECT calls Elided::Elided 35
// EXPECT calls Elided::~Elided 35
// EXPECT calls elides 35
// EXPECT edge elides_deeper elides 35
// EXPECT calls placed 25
// EXPECT edge placed Plain::Plain 25
// EXPECT edge placed Plain::~Plain 25
// EXPECT edge array_new Plain::Plain 75
// EXPECT edge array_delete Plain::~Plain 75
// EXPECT edge Holder::Holder Plain::Plain 60
// EXPECT edge Holder::~Holder Plain::~Plain 60
// EXPECT calls Holder::Holder 30
// EXPECT calls Holder::~Holder 30
// EXPECT edge main drops_holder 15
// EXPECT edge drops_holder Holder::~Holder 15
// EXPECT calls by_member_pointer<*> 90
// EXPECT edge by_member_pointer<*> Both::first 60
// EXPECT edge by_member_pointer<*> Tools::not_virtual 30
// EXPECT edge main end_of_objects 1
#include <cstdio>
#include <new>

#define NOINLINE __attribute__((noinline))

static long events;

struct Plain {
    int n;
    NOINLINE explicit Plain(int k = 1) : n(k) { events += k; }
    NOINLINE ~Plain() { events += 2; }
};

/* A diamond: complete and base constructors differ, and so do the destructors. */
struct Root {
    int root;
    NOINLINE explicit Root(int n) : root(n) { events += n; }
    NOINLINE virtual ~Root() { events += 3; }
    NOINLINE virtual int name() const { return root; }
};
struct Left : virtual Root {
    int left;
    NOINLINE explicit Left(int n) : Root(n + 1), left(n) { events += n; }
    NOINLINE ~Left() override { events += 4; }
    NOINLINE int name() const override { return left + 1; }
};
struct Right : virtual Root {
    int right;
    NOINLINE explicit Right(int n) : Root(n + 2), right(n) { events += n; }
    NOINLINE ~Right() override { events += 5; }
};
struct Diamond final : Left, Right {
    NOINLINE explicit Diamond(int n) : Root(n), Left(n + 1), Right(n + 2) { events += n; }
    NOINLINE ~Diamond() override { events += 6; }
    NOINLINE int name() const override { return root + left + right; }
};

NOINLINE static int asks_root(const Root *root) {
    return root->name();
}
NOINLINE static int asks_left(const Left *left) {
    return left->name();
}
NOINLINE static int asks_right(const Right *right) {
    return right->name();
}
NOINLINE static void destroys(Root *root) {
    delete root;
}

static void diamonds() {
    for (int i = 0; i < 50; i++) {
        auto *diamond = new Diamond(i);
        for (int k = 0; k < 2; k++)
            events += asks_root(diamond) + asks_left(diamond) + asks_right(diamond);
        destroys(diamond);
    }
    for (int i = 0; i < 10; i++) {
        Left left(i);
        Root *root = new Root(i);
        events += asks_root(&left) + asks_root(root);
        destroys(root);
    }
}

/* Two bases: calls through the second one go by a thunk that moves `this`. */
struct First {
    virtual ~First() = default;
    NOINLINE virtual int first(int n) { return n; }
};
struct Second {
    int seconds = 0;
    NOINLINE virtual ~Second() { events += 7; }
    NOINLINE virtual int second(int n) { return n + seconds; }
    virtual Second *copy() { return nullptr; }
};
struct Both : First, Second {
    int both;
    NOINLINE explicit Both(int n) : both(n) { events += n; }
    NOINLINE ~Both() override { events += 8; }
    NOINLINE int first(int n) override { return n + both; }
    NOINLINE int second(int n) override { return n - both; }
    NOINLINE Both *copy() override { // covariant: the thunk moves the result too
        events += both;
        return this;
    }
};

NOINLINE static int asks_second(Second *second, int n) {
    return second->second(n);
}
NOINLINE static Second *copies(Second *second) {
    return second->copy();
}
NOINLINE static void destroys_second(Second *second) {
    delete second;
}

static void thunks() {
    Both *both = new Both(1);
    Second *second = new Second;
    for (int i = 0; i < 60; i++)
        events += asks_second(both, i);
    for (int i = 0; i < 40; i++)
        events += asks_second(second, i);
    for (int i = 0; i < 30; i++)
        events += copies(both) == both;
    destroys_second(both);
    destroys_second(new Both(2));
    destroys_second(second);
}

struct Abstract {
    virtual int value(int n) = 0;
    virtual ~Abstract() = default;
};
int Abstract::value(int n) { // pure, and yet it has a body
    return n * 2;
}
struct Final final : Abstract {
    NOINLINE int value(int n) override { return n + 1; }
};
struct Sealed : Abstract {
    NOINLINE int value(int n) final { return Abstract::value(n) + 1; }
};

NOINLINE static int devirtualised(Final &object, int n) {
    return object.value(n);
}
NOINLINE static int sealed(Sealed &object, int n) {
    return object.value(n);
}

static void finals() {
    Final last;
    Sealed other;
    for (int i = 0; i < 80; i++)
        events += devirtualised(last, i);
    for (int i = 0; i < 20; i++)
        events += sealed(other, i);
}

struct Ancestor {
    int n;
    NOINLINE explicit Ancestor(int k) : n(k) { events += k; }
    NOINLINE Ancestor(int k, int m) : n(k + m) { events += k; }
    NOINLINE int text() const { return n; }
};

NOINLINE static int made(int n) {
    return n;
}

struct Copied {
    int n;
    NOINLINE explicit Copied(int k) : n(k) {}
    NOINLINE Copied(const Copied &other) : n(other.n + 1) {}
    NOINLINE Copied(Copied &&other) noexcept : n(other.n + 2) { other.n = 0; }
    NOINLINE Copied &operator=(const Copied &other) {
        n = other.n + 3;
        return *this;
    }
    NOINLINE ~Copied() { events += n; }
};

/* Written out by nobody; each copies its member. */
struct Defaulted {
    Copied member;
    explicit Defaulted(int n) : member(n) {}
    Defaulted(const Defaulted &) = default;
    Defaulted(Defaulted &&) = default;
    Defaulted &operator=(const Defaulted &) = default;
};

/* 6 members are made for each of 12 rounds: 2 by number, 2 copied, 2 moved; 2 are assigned. */
NOINLINE static void copies_around(int n) {
    Defaulted one(made(n)), two(n + 1);
    Defaulted three(one), four(two);
    Defaulted five(static_cast<Defaulted &&>(three)), six(static_cast<Defaulted &&>(four));
    one = five;
    two = six;
}

struct Elided {
    int words[20];
    NOINLINE explicit Elided(int n) : words{n} {}
    NOINLINE Elided(const Elided &other) : words{other.words[0] + 1000} {}
    NOINLINE ~Elided() { events += words[0]; }
};

NOINLINE static Elided elides(int n) {
    return Elided(n);
}
NOINLINE static Elided elides_deeper(int n) {
    return elides(n + 1);
}

NOINLINE static void placed(int n) {
    alignas(Plain) unsigned char memory[sizeof(Plain)];
    Plain *plain = new (memory) Plain(n);
    plain->~Plain();
}

NOINLINE static Plain *array_new() {
    return new Plain[5];
}
NOINLINE static void array_delete(Plain *plains) {
    delete[] plains;
}

struct Holder {
    Plain one, two;
    NOINLINE explicit Holder(int n) : one(n), two(n + 1) {}
    NOINLINE virtual ~Holder() { events += 9; }
};

NOINLINE static void drops_holder(Holder *holder) {
    delete holder;
}

struct Tools {
    int n;
    NOINLINE int not_virtual(int k) const { return n + k; }
};

template <typename Object, typename Member>
NOINLINE static int by_member_pointer(Object &object, Member member, int n) {
    return (object.*member)(n);
}

NOINLINE static int end_of_objects(int n) {
    return n;
}

struct Heir : Ancestor {
    using Ancestor::Ancestor;
};

NOINLINE static int inherits(int n) {
    Heir one(n);
    return n % 2 ? one.text() : Ancestor(n, 1).text();
}

int main() {
    diamonds();
    thunks();
    finals();
    for (int i = 0; i < 30; i++)
        events += inherits(i);
    for (int i = 0; i < 12; i++)
        copies_around(i);
    for (int i = 0; i < 35; i++)
        events += elides_deeper(i).words[0];
    for (int i = 0; i < 25; i++)
        placed(i);
    for (int i = 0; i < 15; i++)
        array_delete(array_new());
    for (int i = 0; i < 15; i++) {
        Holder holder(i);
        drops_holder(new Holder(i + 1));
    }
    Both both(3);
    Tools tools = {4};
    int (First::*is_virtual)(int) = &First::first;
    for (int i = 0; i < 60; i++)
        events += by_member_pointer(static_cast<First &>(both), is_virtual, i);
    for (int i = 0; i < 30; i++)
        events += by_member_pointer(tools, &Tools::not_virtual, i);
    std::printf("%ld\n", events);
    return end_of_objects(0);
}
