/* A library for loader.c: allocates when it is loaded, and frees that when it is unloaded. */
#include <cstdlib>
#include <string>
#include <vector>

#define NOINLINE __attribute__((noinline))

static void *volatile kept;

struct AtLoad {
    std::vector<std::string> texts;
    NOINLINE AtLoad() {
        for (int i = 0; i < 5; i++)
            texts.emplace_back(100, 'x');
        kept = std::malloc(77);
    }
    NOINLINE ~AtLoad() {
        std::free(kept);
    }
};
static AtLoad at_load;

extern "C" NOINLINE void *make_there() {
    try {
        throw 5;
    } catch (int) {
    }
    delete new (std::nothrow) long(5);
    return std::malloc(20);
}
extern "C" NOINLINE void release_there(void *block) {
    std::free(block);
}
