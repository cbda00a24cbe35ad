/*
 * result.c - see result.h.
 */
#include "orders/result.h"

#include "common/memory.h"

#include <inttypes.h>
#include <stdlib.h>

const char *order_status_name(enum order_status status) {
    static const char *const names[] = {
        [ORDER_WAITING] = "waiting", [ORDER_ACCEPTED] = "accepted",   [ORDER_HELD] = "held",
        [ORDER_FAILED] = "failed",   [ORDER_CANCELLED] = "cancelled",
    };
    return names[status];
}

struct order_result *order_result_new(struct order *order) {
    struct order_result *result = memory_allocate(sizeof(*result));
    *result = (struct order_result){.order = order};
    return result;
}

void order_result_free(struct order_result *result) {
    order_release(result->order);
    free(result->message);
    free(result);
}

void order_result_settle(struct order_result *result) {
    if (result->verdict.problem != ORDER_VALID) {
        result->status = ORDER_FAILED;
    } else if (result->pricing.fraud_score >= FRAUD_HOLD) {
        result->status = ORDER_HELD;
    } else {
        result->status = ORDER_ACCEPTED;
    }
}

char *order_result_describe(const struct order_result *result) {
    const char *status = order_status_name(result->status);
    if (result->status == ORDER_FAILED) {
        char *problem = order_verdict_describe(result->verdict, result->order);
        char *message =
            memory_format("order %" PRIu64 " %s: %s", result->order->id, status, problem);
        free(problem);
        return message;
    }
    uint64_t total_cents = pricing_total_cents(&result->pricing);
    return memory_format("order %" PRIu64 " %s: %zu items, total %" PRIu64 ".%02" PRIu64,
                         result->order->id, status, result->order->item_count, total_cents / 100,
                         total_cents % 100);
}
