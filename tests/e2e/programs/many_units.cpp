// Functions that stand in many object files: one if the language says so, else one for each file.
// GROUP objects
// MATRIX usual
// FLAGS -std=c++17
// WITH many_units_second.cpp many_units_third.cpp
// EXPECT calls shared_inline 111
// EXPECT edge use_all shared_inline 111
// EXPECT declared shared_inline many_units.h 11
// EXPECT calls small_inline 111
// EXPECT edge use_all small_inline 111
// EXPECT calls shared_template<int> 111
// EXPECT calls with_lambda 111
// EXPECT edge use_all with_lambda 111
// EXPECT edge with_lambda *operator()* 111
// EXPECT calls with_static 111
// EXPECT edge with_static initial 1
// EXPECT calls initial 2
// EXPECT calls Shared::Shared 111
// EXPECT calls Shared::~Shared 111
// EXPECT calls Shared::value 111
// EXPECT calls use_all 3
// EXPECT edge from_first use_all 1
// EXPECT edge from_second use_all 1
// EXPECT edge from_third use_all 1
// EXPECT calls same_name 3
// EXPECT calls same_name@many_units.cpp 1
// EXPECT calls same_name@many_units_second.cpp 1
// EXPECT calls same_name@many_units_third.cpp 1
// EXPECT edge from_second same_name@many_units_second.cpp 1
// EXPECT edge from_third same_name@many_units_third.cpp 1
// EXPECT calls is_static 3
// EXPECT calls *hidden 3
// EXPECT edge is_static *hidden 3
#include "many_units.h"

#include <cstdio>

NOINLINE static int same_name(int n) {
    return n + 1;
}

long from_first(int rounds) {
    return use_all(rounds) + is_static(rounds) + same_name(rounds);
}

int main() {
    const long sum = from_first(1) + from_second(10);
    std::printf("%ld\n", sum + from_third(100));
    return 0;
}
