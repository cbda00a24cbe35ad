// C++'s operators new and delete in all their forms.
// GROUP heap
// FLAGS -std=c++17 -fsized-deallocation
// EXPECT heap plain 3 24 1 8
// EXPECT heap arrays 2 120 1 40
// EXPECT heap nothrow >=3 >=39 1 13
// EXPECT heap aligned 6 960 2 384
// EXPECT heap sized 2 24 0 0
// EXPECT freed sized 2 2
// EXPECT heap placement 0 0 0 0
// EXPECT heap failing >=1 >=8 0 0
// EXPECT heap after_failing 1 77 1 77
// EXPECT heap "*operator new*" 2 144 1 72
// EXPECT heap of_class 0 0 0 0
// EXPECT heap throwing_constructor 1 16 0 0
// EXPECT freed throwing_constructor 1 0
// EXPECT[plugin] edge of_class "Own::operator new*" 2
// EXPECT run heap.frees_unmatched 0
#include <cstdio>
#include <cstdlib>
#include <new>
#include <stdexcept>

#define NOINLINE __attribute__((noinline))

/* So that no compiler knows what becomes of an object. */
static void *volatile kept;
static volatile std::size_t too_much = SIZE_MAX / 4;
template <class T> static T *keep(T *object) {
    kept = object;
    return static_cast<T *>(kept);
}

struct alignas(64) Wide {
    char bytes[128];
};
struct Own {
    char bytes[48];
    NOINLINE static void *operator new(std::size_t size) {
        return std::malloc(size + 24);
    }
    NOINLINE static void operator delete(void *block) {
        std::free(block);
    }
};
struct Throws {
    char bytes[16];
    NOINLINE Throws() {
        throw std::runtime_error("constructor");
    }
};

NOINLINE static void plain() {
    delete keep(new long(1));
    delete keep(new long(2));
    keep(new long(3));
}
NOINLINE static void arrays() {
    delete[] keep(new int[20]);
    keep(new int[10]);
}
NOINLINE static void nothrow() {
    delete[] keep(new (std::nothrow) char[13]);
    keep(new (std::nothrow) char[13]);
    ::operator delete(keep(::operator new(13, std::nothrow)), std::nothrow);
    if (keep(new (std::nothrow) char[too_much]))
        std::puts("there is that much");
}
NOINLINE static void aligned() {
    delete keep(new Wide);
    delete[] keep(new Wide[2]);
    keep(new Wide);
    keep(new Wide[2]);
    delete keep(new (std::nothrow) Wide);
    auto alignment = std::align_val_t(64);
    ::operator delete(keep(::operator new(64, alignment, std::nothrow)), alignment, std::nothrow);
}
NOINLINE static void sized() {
    ::operator delete(keep(::operator new(10)), std::size_t(10));
    ::operator delete[](keep(::operator new[](14)), std::size_t(14));
}
NOINLINE static void placement() {
    static long place;
    keep(new (&place) long(5));
}
NOINLINE static void failing() {
    for (int i = 0; i < 3; i++)
        try {
            keep(new char[too_much]);
            std::puts("there is that much");
        } catch (const std::bad_alloc &) {
        }
    delete keep(new long(1));
}
NOINLINE static void after_failing() {
    kept = std::malloc(77);
}
NOINLINE static void of_class() {
    delete keep(new Own);
    keep(new Own);
}
NOINLINE static void throwing_constructor() {
    try {
        keep(new Throws);
    } catch (const std::runtime_error &error) {
        kept = const_cast<char *>(error.what());
    }
}

int main() {
    plain();
    arrays();
    nothrow();
    aligned();
    sized();
    placement();
    failing();
    after_failing();
    of_class();
    throwing_constructor();
    return 0;
}
