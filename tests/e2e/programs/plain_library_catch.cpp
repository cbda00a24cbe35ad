/* Catches what the program throws, and throws what it is to catch. Made without Tally. */
#include "plain_library.h"

long catch_then(long (*first)(long), long (*then)(long), long n) {
    long result = n;
    try {
        result = first(n);
    } catch (long code) {
        result = code;
    }
    return then(result);
}

long throw_now(long n) {
    throw n;
}

long throw_below(long (*function)(long), long n) {
    try {
        return function(n);
    } catch (long code) {
        return code;
    }
}
