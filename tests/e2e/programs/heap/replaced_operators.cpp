// A program's own operators new and delete: what they call allocates, and they are its callers.
// GROUP heap
// EXPECT heap "operator new*" 3 96 1 24
// EXPECT heap makes 0 0 0 0
// EXPECT run heap.frees_unmatched 0
#include <cstdio>
#include <cstdlib>
#include <new>

#define NOINLINE __attribute__((noinline))

static void *volatile kept;
static int news, deletes;

NOINLINE void *operator new(std::size_t size) {
    news++;
    return std::malloc(size);
}
NOINLINE void operator delete(void *block) noexcept {
    deletes++;
    std::free(block);
}
NOINLINE void operator delete(void *block, std::size_t) noexcept {
    operator delete(block);
}

struct Item {
    long numbers[3];
};

NOINLINE static void makes() {
    kept = new Item;
    delete static_cast<Item *>(kept);
    kept = new Item[2]; /* by operator new as well */
    delete[] static_cast<Item *>(kept);
    kept = new Item;
}

int main() {
    makes();
    std::printf("%d %d\n", news, deletes);
    return 0;
}
