/*
 * order_processor_optimised.c - the order processor without the faults of the first version.
 *
 *   accept_order     shares the order
 *   process_order    fills in the result that was accepted
 *     ├─ validate_order   validation_optimised.c   looks everything up, once
 *     └─ price_order      rules_optimised.c        by what validation found
 *
 * Nothing is allocated for an order but its result, when it is accepted. Messages are made by who
 * wants to read them, with order_result_describe().
 */
#include "orders/order_processor_optimised.h"

#include "common/memory.h"
#include "orders/order_processor_kind.h"

#include <stdlib.h>

struct optimised_order_processor {
    struct order_processor base;
    struct product_index products;
    struct country_index countries;
};

static struct order_result *accept_order(struct order *order) {
    return order_result_new(order_share(order));
}

static struct order_verdict validate(const struct order_processor *base, const struct order *order,
                                     struct order_facts *facts) {
    const struct optimised_order_processor *processor =
        (const struct optimised_order_processor *)base;
    return optimised_validate_order(&processor->products, &processor->countries, order, facts);
}

static struct order_result *process_order(const struct order_processor *processor,
                                          struct order_result *result) {
    struct order_facts facts;
    result->verdict = validate(processor, result->order, &facts);
    if (result->verdict.problem == ORDER_VALID) {
        result->pricing = optimised_price_order(result->order, &facts);
    }
    order_result_settle(result);
    return result;
}

static struct pricing price(const struct order *order, const struct order_facts *facts) {
    return optimised_price_order(order, facts);
}

static void free_processor(struct order_processor *base) {
    struct optimised_order_processor *processor = (struct optimised_order_processor *)base;
    country_index_free(&processor->countries);
    free(processor);
}

struct order_processor *optimised_order_processor_new(void) {
    static const struct order_processor_kind kind = {
        .accept = accept_order,
        .process = process_order,
        .validate = validate,
        .price = price,
        .new_queue = optimised_order_queue_new,
        .new_counters = optimised_order_counters_new,
        .free = free_processor,
    };
    struct optimised_order_processor *processor = memory_allocate(sizeof(*processor));
    processor->base = (struct order_processor){&kind};
    product_index_fill(&processor->products);
    country_index_fill(&processor->countries);
    return &processor->base;
}
