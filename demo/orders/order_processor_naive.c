/*
 * order_processor_naive.c - the order processor's first version.
 *
 *   accept_order     copies the order                          fault copied-orders
 *   process_order    copies it again, into the result          fault copied-orders
 *     ├─ validate_order   validation_naive.c    faults pattern-per-order, parsed-table,
 *     │                                         linear-catalogue, pairwise-duplicates
 *     ├─ price_order      rules_naive.c         fault rules-by-name, and some of those again
 *     └─ report_result                          fault unread-texts
 *
 * FAULT copied-orders: so that nobody changes an order under somebody else's hands, each who gets
 * one makes a copy of all of it. Nobody changes orders.
 *
 * FAULT unread-texts: for each order, a message for the customer and a line for the log are made,
 * whether or not anybody wants to read them.
 */
#include "orders/order_processor_naive.h"

#include "common/memory.h"
#include "common/message.h"
#include "orders/order_processor_kind.h"

#include <inttypes.h>
#include <stdlib.h>

enum log_level { LOG_ERRORS, LOG_EVERYTHING };
static const enum log_level log_level = LOG_ERRORS;

/* Without times, so that it is as long in each run. */
static char *format_log_line(const struct order_result *result) {
    const struct order *order = result->order;
    return memory_format(
        "order=%" PRIu64 " customer=%" PRIu64 " <%s> country=%s priority=%s items=%zu status=%s "
        "problem=%s message=\"%s\"",
        order->id, order->customer.id, order->customer.email, order->customer.country,
        order_priority_name(order->priority), order->item_count, order_status_name(result->status),
        order_problem_name(result->verdict.problem), result->message);
}

static void log_result(const struct order_result *result) {
    char *line = format_log_line(result);
    if (log_level >= LOG_EVERYTHING) {
        message_print("%s", line);
    }
    free(line);
}

static void report_result(struct order_result *result) {
    result->message = order_result_describe(result);
    log_result(result);
}

static struct order_result *accept_order(struct order *order) {
    return order_result_new(order_copy(order));
}

static struct order_result *process_order(const struct order_processor *processor,
                                          struct order_result *accepted) {
    (void)processor;
    struct order_result *result = order_result_new(order_copy(accepted->order));
    order_result_free(accepted);
    result->verdict = validate_order(result->order);
    if (result->verdict.problem == ORDER_VALID) {
        result->pricing = price_order(result->order);
    }
    order_result_settle(result);
    report_result(result);
    return result;
}

static struct order_verdict validate(const struct order_processor *processor,
                                     const struct order *order, struct order_facts *facts) {
    (void)processor;
    (void)facts;
    return validate_order(order);
}

static struct pricing price(const struct order *order, const struct order_facts *facts) {
    (void)facts;
    return price_order(order);
}

static void free_processor(struct order_processor *processor) {
    free(processor);
}

struct order_processor *naive_order_processor_new(void) {
    static const struct order_processor_kind kind = {
        .accept = accept_order,
        .process = process_order,
        .validate = validate,
        .price = price,
        .new_queue = naive_order_queue_new,
        .new_counters = naive_order_counters_new,
        .free = free_processor,
    };
    struct order_processor *processor = memory_allocate(sizeof(*processor));
    *processor = (struct order_processor){&kind};
    return processor;
}
