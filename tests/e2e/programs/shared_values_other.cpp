/* The second file of shared_values.cpp. */
#include "shared_values.h"

int sum_elsewhere() {
    return sum_of_values();
}
