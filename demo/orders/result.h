/*
 * result.h - an order on its way, and what became of it.
 *
 *   waiting ──process──> accepted | held: priced        failed: with a verdict
 *      └─────cancel────> cancelled
 *
 * A result has its own reference of the order. It belongs to one thread after the other.
 */
#ifndef TALLY_DEMO_RESULT_H
#define TALLY_DEMO_RESULT_H

#include "orders/order.h"
#include "orders/pricing.h"
#include "orders/verdict.h"

#include <stdint.h>

enum order_status {
    ORDER_WAITING,
    ORDER_ACCEPTED,
    ORDER_HELD, /* accepted, but to be looked at for fraud before it is sent */
    ORDER_FAILED,
    ORDER_CANCELLED
};
const char *order_status_name(enum order_status status);

struct order_result {
    struct order *order;
    enum order_status status;
    struct order_verdict verdict;
    struct pricing pricing; /* of an order that was accepted or is held */
    char *message;          /* of order_result_describe(), or null where nobody made it */
    uint64_t waited_ns;     /* in the queue */
    uint64_t process_ns;    /* on a worker, payment included */
};

/* Takes over a reference of the order. */
struct order_result *order_result_new(struct order *order);
void order_result_free(struct order_result *result);

/* After validation, and after pricing if it is valid: sets the status. */
void order_result_settle(struct order_result *result);

/* What a customer could be told: a new string. */
char *order_result_describe(const struct order_result *result);

#endif
