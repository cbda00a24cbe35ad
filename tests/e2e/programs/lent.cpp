// Functions of the C++ library whose bodies its headers lend to the optimiser: they are the
// library's at every level, but what they call back is the program's. (clang with hooks cannot
// link it: it refers to functions that the library does not have.)
// GROUP classes
// MODES plugin
// FLAGS -std=c++17
// EXPECT calls bracketed 60
// EXPECT calls plain_number 60
// EXPECT calls Counted::overflow >=1
// EXPECT calls prints 20
// EXPECT edge prints bracketed 60
// EXPECT edge prints plain_number 60
// EXPECT absent std::ostream::operator<<
// EXPECT absent std::allocator<char>::*
// EXPECT calls letter 40
// EXPECT edge reads letter 40
#include <cstdio>
#include <ios>
#include <ostream>
#include <sstream>
#include <streambuf>
#include <string>

static long sum;

struct Counted : std::streambuf {
    int_type overflow(int_type c) override {
        sum += c;
        return c;
    }
};

static std::ostream &bracketed(std::ostream &stream) {
    sum++;
    return stream.put('[');
}

static std::ios_base &plain_number(std::ios_base &base) {
    sum += 2;
    return base;
}

static std::istream &letter(std::istream &stream) {
    sum += stream.get();
    return stream;
}

__attribute__((noinline)) static void prints(std::ostream &stream, int n) {
    for (int i = 0; i < 3; i++)
        stream << bracketed << plain_number << n;
}

__attribute__((noinline)) static void reads(const char *text) {
    std::istringstream stream{std::string(text)};
    stream >> letter >> letter;
}

int main() {
    Counted buffer;
    std::ostream stream(&buffer);
    for (int i = 0; i < 20; i++) {
        prints(stream, i);
        reads("xyz");
    }
    std::printf("%ld\n", sum);
    return 0;
}
