/*
 * bench_options.c - see bench_options.h.
 */
#include "program/bench_options.h"

#include "common/message.h"

bool bench_request_check(const struct bench_request *request, const struct other_option *others,
                         size_t n_others) {
    for (size_t i = 0; request->wanted && i < n_others; i++) {
        if (others[i].given) {
            message_print("--bench and %s exclude each other", others[i].name);
            return false;
        }
    }
    if (request->least_ms > 0 && !request->wanted) {
        message_print("--bench-ms is for --bench and needs it");
        return false;
    }
    return true;
}

struct bench_options bench_request_options(const struct bench_request *request, uint64_t repeat) {
    uint64_t least_ms = request->least_ms > 0 ? request->least_ms : DEFAULT_BENCH_MS;
    return (struct bench_options){
        .least_ns = least_ms * UINT64_C(1000000),
        .repeat = repeat,
        .only = request->versions.naive       ? "version=naive"
                : request->versions.optimised ? "version=optimised"
                                              : NULL,
    };
}
