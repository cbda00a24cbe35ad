/* The second file of many_units.cpp. */
#include "many_units.h"

NOINLINE static int same_name(int n) {
    return n + 2;
}

long from_second(int rounds) {
    return use_all(rounds) + is_static(rounds) + same_name(rounds);
}
