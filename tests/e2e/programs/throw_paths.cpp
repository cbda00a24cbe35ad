// Exceptions on the ways the language knows: rethrown, nested, kept and thrown later, thrown by
// constructors, destructors and initialisers, caught by function-try-blocks, caught in loops.
// GROUP unwinding
// MATRIX usual
// FLAGS -std=c++17
// LOSSES exits_unmatched
// EXPECT[plugin] run losses.exits_unmatched 0
// EXPECT calls thrower 4840
// EXPECT calls Part::Part 730
// EXPECT calls Part::~Part 730
// EXPECT edge built_half Half::Half 100
// EXPECT edge Half::Half Part::Part 200
// EXPECT edge Half::Half Part::~Part 200
// EXPECT edge Half::Half Foundation::Foundation 100
// EXPECT edge Half::Half Foundation::~Foundation 100
// EXPECT edge Half::Half thrower 100
// EXPECT calls Half::~Half 0
// EXPECT edge main after_half 100
// EXPECT edge Array::Array Part::Part 30
// EXPECT edge Array::Array Part::~Part 30
// EXPECT edge Array::Array fails_third 60
// EXPECT callers after_array main
// EXPECT calls Loud::~Loud 100
// EXPECT edge scope_of_loud Loud::~Loud 100
// EXPECT edge Loud::~Loud thrower 100
// EXPECT edge scope_of_loud Part::~Part 100
// EXPECT edge catches_loud after_loud 100
// EXPECT edge rethrows_twice first_catch 40
// EXPECT edge rethrows_twice second_catch 40
// EXPECT edge outermost last_catch 40
// EXPECT edge keeps thrower 100
// EXPECT edge throws_kept Part::Part 100
// EXPECT edge throws_kept Part::~Part 100
// EXPECT edge main after_kept 100
// EXPECT edge nest nest 200
// EXPECT edge nest in_nest 250
// EXPECT edge nest thrower 50
// EXPECT calls unnest 250
// EXPECT[plugin] edge unnest unnest 200
// EXPECT[gcc] edge unnest unnest 200
// EXPECT edge main unnest 50
// EXPECT edge whole_body thrower 150
// EXPECT edge whole_body handler_of_body 150
// EXPECT edge main whole_body 150
// EXPECT edge Tried::Tried thrower 100
// EXPECT edge Tried::Tried handler_of_tried 100
// EXPECT edge main after_tried 100
// EXPECT calls initial 70
// EXPECT calls has_static 110
// EXPECT edge has_static initial 70
// EXPECT callers after_static main
// EXPECT calls after_static 110
// EXPECT calls cleanup_only 1100
// EXPECT edge cleanup_only cleanup_only 1000
// EXPECT edge cleanup_only Part::~Part 200
// EXPECT edge main cleanup_only 100
// EXPECT edge loop_of_catches thrower 4000
// EXPECT edge loop_of_catches in_loop 4000
// EXPECT edge main loop_of_catches 4
// EXPECT edge carries_on sibling 200
// EXPECT edge carries_on attempt 200
// EXPECT edge attempt thrower 200
// EXPECT edge main end_of_paths 1
#include <cstdio>
#include <exception>

#define NOINLINE __attribute__((noinline))

static long events;

struct Failed {
    int code;
};

NOINLINE static void thrower(int n) {
    events += n;
    if (events >= 0)
        throw Failed{n};
}

struct Part {
    int n;
    NOINLINE explicit Part(int k) : n(k) { events++; }
    NOINLINE ~Part() { events += 2; }
};

struct Foundation {
    NOINLINE Foundation() { events += 3; }
    NOINLINE virtual ~Foundation() { events += 5; }
};

/* Its body throws: what is built of it goes again, but it is never destroyed itself. */
struct Half : Foundation {
    Part first, second;
    NOINLINE explicit Half(int n) : first(n), second(n + 1) { thrower(n); }
    NOINLINE ~Half() override { events += 1000; }
};

NOINLINE static int built_half(int n) {
    Half half(n);
    return half.first.n;
}

NOINLINE static int after_half(int n) {
    return n;
}

NOINLINE static int fails_third(int n) {
    if (n % 3 == 2)
        throw Failed{n};
    return n;
}

/* Elements built before the one that fails are destroyed. */
struct Array {
    Part parts[4];
    NOINLINE explicit Array(int n)
        : parts{Part(fails_third(n)), Part(fails_third(n + 1)), Part(fails_third(n + 2)),
                Part(fails_third(n + 3))} {}
};

NOINLINE static int built_array(int n) {
    Array array(n);
    return array.parts[0].n;
}

NOINLINE static int after_array(int n) {
    return n + 1;
}

struct Loud {
    NOINLINE ~Loud() noexcept(false) { thrower(1); }
};

NOINLINE static void scope_of_loud(int n) {
    Part part(n);
    Loud loud;
    events++;
}

NOINLINE static int after_loud(int n) {
    return n + 2;
}

NOINLINE static int catches_loud(int n) {
    try {
        scope_of_loud(n);
    } catch (const Failed &failed) {
        return after_loud(failed.code);
    }
    return 0;
}

NOINLINE static int first_catch(int n) {
    return n + 3;
}
NOINLINE static int second_catch(int n) {
    return n + 4;
}
NOINLINE static int last_catch(int n) {
    return n + 5;
}

NOINLINE static int rethrows_twice(int n) {
    try {
        try {
            thrower(n);
        } catch (Failed &failed) {
            failed.code += first_catch(n);
            throw;
        }
    } catch (Failed &failed) {
        failed.code += second_catch(n);
        throw;
    }
    return 0;
}

NOINLINE static int outermost(int n) {
    try {
        return rethrows_twice(n);
    } catch (Failed failed) {
        return last_catch(failed.code);
    }
}

NOINLINE static std::exception_ptr keeps(int n) {
    try {
        thrower(n);
    } catch (...) {
        return std::current_exception();
    }
    return nullptr;
}

NOINLINE static void throws_kept(const std::exception_ptr &kept) {
    Part part(1);
    std::rethrow_exception(kept);
}

NOINLINE static int after_kept(int n) {
    return n + 6;
}

NOINLINE static int in_nest(int n) {
    return n + 7;
}

struct Layer {
    int code;
    virtual ~Layer() = default;
    explicit Layer(int n) : code(n) {}
    Layer(const Layer &) = default;
};

NOINLINE static void nest(int depth) {
    try {
        depth ? nest(depth - 1) : thrower(depth);
    } catch (...) {
        std::throw_with_nested(Layer{in_nest(depth)});
    }
}

NOINLINE static void unnest(const Layer &layer, int depth) {
    events += layer.code;
    if (depth == 4)
        return;
    try {
        std::rethrow_if_nested(layer);
    } catch (const Layer &inner) {
        unnest(inner, depth + 1);
    }
}

NOINLINE static int handler_of_body(int n) {
    return n + 8;
}

NOINLINE static int whole_body(int n) try {
    thrower(n);
    return 0;
} catch (const Failed &failed) {
    return handler_of_body(failed.code);
}

NOINLINE static int handler_of_tried(int n) {
    return n + 9;
}

struct Tried : Foundation {
    Part part;
    NOINLINE explicit Tried(int n) try : part(n) { thrower(n); } catch (const Failed &) {
        events += handler_of_tried(n);
    }
};

NOINLINE static int after_tried(int n) {
    return n + 10;
}

NOINLINE static int initial(int n) {
    if (n < 69)
        throw Failed{n};
    return n;
}

/* The initialiser is tried again in each call until it succeeds. */
NOINLINE static int has_static(int n) {
    static const int kept = initial(n);
    return kept + n;
}

NOINLINE static int after_static(int n) {
    return n + 11;
}

/* Nobody here catches; every tenth frame has something to destroy. */
NOINLINE static int cleanup_only(int depth) {
    if (depth == 0)
        throw Failed{depth};
    if (depth % 5)
        return cleanup_only(depth - 1) + 1;
    Part part(depth);
    return cleanup_only(depth - 1) + part.n;
}

NOINLINE static int in_loop(int n) {
    return n & 1;
}

NOINLINE static int loop_of_catches(int rounds) {
    int sum = 0;
    for (int i = 0; i < rounds; i++) {
        try {
            thrower(i);
        } catch (const Failed &) {
            sum += in_loop(i);
            continue;
        }
    }
    return sum;
}

NOINLINE static int attempt(int n) {
    thrower(n);
    return n;
}

NOINLINE static int sibling(int n) {
    return n + 12;
}

/* One exception is caught while another is being handled. */
NOINLINE static int carries_on(int n) {
    try {
        attempt(n);
    } catch (const Failed &) {
        try {
            attempt(n);
        } catch (const Failed &) {
            events += sibling(n);
        }
        events += sibling(n);
    }
    return n;
}

NOINLINE static int end_of_paths(int n) {
    return n;
}

/* Calls `function`, which may fail, and says what became of it. */
#define TRY(call, otherwise)                                                                       \
    try {                                                                                          \
        events += (call);                                                                          \
    } catch (const Failed &failed) {                                                               \
        events += failed.code + (otherwise);                                                       \
    }

static void construct() {
    for (int i = 0; i < 100; i++)
        events += catches_loud(i);
}

int main() {
    for (int i = 0; i < 100; i++)
        TRY(built_half(i), after_half(i));
    for (int i = 0; i < 30; i++)
        TRY(built_array(i), after_array(i));
    construct();
    for (int i = 0; i < 40; i++)
        events += outermost(i);
    for (int i = 0; i < 100; i++) {
        std::exception_ptr kept = keeps(i);
        try {
            throws_kept(kept);
        } catch (const Failed &) {
            events += after_kept(i);
        }
    }
    for (int i = 0; i < 50; i++) {
        try {
            nest(4);
        } catch (const Layer &layer) {
            unnest(layer, 0);
        }
    }
    for (int i = 0; i < 150; i++)
        events += whole_body(i);
    for (int i = 0; i < 100; i++) {
        try {
            Tried tried(i);
        } catch (const Failed &) {
            events += after_tried(i);
        }
    }
    for (int i = 0; i < 110; i++) {
        TRY(has_static(i), 1);
        events += after_static(i);
    }
    for (int i = 0; i < 100; i++)
        TRY(cleanup_only(10), 1);
    for (int i = 0; i < 4; i++)
        events += loop_of_catches(1000);
    for (int i = 0; i < 100; i++)
        events += carries_on(i);
    std::printf("%ld %d\n", events, end_of_paths(1));
    return 0;
}
