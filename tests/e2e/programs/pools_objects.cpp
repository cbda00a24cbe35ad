// Allocators of the program's own in C++: members, by exceptions, by what is left out. See test_pools.
#include <cstdio>
#include <cstdlib>
#include <new>

#define NOINLINE __attribute__((noinline))

namespace store {

class Arena {
  public:
    NOINLINE void *take(std::size_t size) {
        if (size > sizeof memory - used)
            throw std::bad_alloc();
        void *block = memory + used;
        used += (size + 15) & ~std::size_t(15);
        return block;
    }
    NOINLINE void give(void *block) { asm volatile("" : : "r"(block)); }

  private:
    alignas(16) char memory[1024];
    std::size_t used = 0;
};

struct Node {
    static void *operator new(std::size_t size) { return std::malloc(size); }
    static void operator delete(void *block) { std::free(block); }
    Node *next = nullptr;
};

} // namespace store

static store::Arena arena;
static int caught;

// The call returns in one of two ways.
NOINLINE static void tries(std::size_t size) {
    try {
        arena.give(arena.take(size)); /* taken */
    } catch (const std::bad_alloc &) {
        caught++;
    }
}

// Left out by test_pools: what it allocates belongs to whoever called it.
NOINLINE static void *left_out(std::size_t size) {
    return arena.take(size); /* by what is left out */
}

static store::Node *nodes;

int main() {
    tries(100);
    tries(2000);
    tries(200);
    left_out(48); /* through what is left out */
    nodes = new store::Node; /* kept node */
    delete new store::Node; /* deleted node */
    std::printf("%d\n", caught);
}
