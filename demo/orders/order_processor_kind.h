/*
 * order_processor_kind.h - what a kind of order processor must bring along.
 *
 * A processor begins with a struct order_processor, whose `kind` says which functions are its own;
 * they do what those of order_processor.h do. For the implementations of processors only.
 */
#ifndef TALLY_DEMO_ORDER_PROCESSOR_KIND_H
#define TALLY_DEMO_ORDER_PROCESSOR_KIND_H

#include "orders/order_processor.h"

struct order_processor_kind {
    struct order_result *(*accept)(struct order *order);
    struct order_result *(*process)(const struct order_processor *processor,
                                    struct order_result *accepted);
    struct order_verdict (*validate)(const struct order_processor *processor,
                                     const struct order *order, struct order_facts *facts);
    struct pricing (*price)(const struct order *order, const struct order_facts *facts);
    struct item_queue *(*new_queue)(size_t capacity);
    struct order_counters *(*new_counters)(void);
    void (*free)(struct order_processor *processor);
};

struct order_processor {
    const struct order_processor_kind *kind;
};

#endif
