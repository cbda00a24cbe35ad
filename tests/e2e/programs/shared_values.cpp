// Linked in many ways by test_linking.py.
#include "shared_values.h"

#include <cstdio>

int main() {
    std::printf("%d %d\n", sum_elsewhere(), sum_of_values());
    return 0;
}
