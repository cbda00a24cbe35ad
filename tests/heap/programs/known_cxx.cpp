/*
 * known_cxx.cpp - as known.c, for what only C++ has: new and delete in all forms, exceptions.
 *
 *   known_cxx CASE
 */
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <vector>

static void *volatile keep;

static void *hidden(void *block) {
    __asm__ volatile("" : "+r"(block)::"memory");
    return block;
}

static std::size_t hidden_size(std::size_t size) {
    __asm__ volatile("" : "+r"(size));
    return size;
}

struct alignas(64) Aligned {
    char bytes[1024];
};

static void nothing() {}

static void one() {
    keep = new char[1000];
}

static void every_form() {
    delete static_cast<int *>(hidden(new int));
    delete[] static_cast<int *>(hidden(new int[10]));
    delete[] static_cast<int *>(hidden(new (std::nothrow) int[20]));
    delete static_cast<Aligned *>(hidden(new Aligned));
    ::operator delete (hidden(::operator new(100)), std::size_t{100});
    ::operator delete (hidden(::operator new (128, std::align_val_t{64})), std::align_val_t{64});
}

static void refused() {
    if (hidden(::operator new(hidden_size(std::size_t{1} << 62), std::nothrow)))
        std::abort();
}

static void thrown() {
    for (int i = 0; i < 10; i++) {
        try {
            throw i;
        } catch (int) {
        }
    }
}

static void containers() {
    std::vector<int> numbers;
    for (int i = 0; i < 100; i++)
        numbers.push_back(i); /* room for 1, 2, 4 … 128 of them: 255 in all */
    hidden(numbers.data());
    std::string text(hidden_size(99), 'x');
    hidden(text.data());
    keep = std::make_unique<char[]>(hidden_size(50)).release();
}

static const struct {
    const char *name;
    void (*run)();
} cases[] = {{"nothing", nothing}, {"one", one},       {"every_form", every_form},
             {"refused", refused}, {"thrown", thrown}, {"containers", containers}};

int main(int argc, char **argv) {
    for (auto &it : cases)
        if (argc == 2 && std::strcmp(argv[1], it.name) == 0) {
            it.run();
            return 0;
        }
    std::fputs("usage: known_cxx CASE\n", stderr);
    return 2;
}
