/*
 * order_processor.c - see order_processor.h: from the interface to the kind.
 */
#include "orders/order_processor.h"

#include "orders/order_processor_kind.h"

void order_processor_free(struct order_processor *processor) {
    if (processor != NULL) {
        processor->kind->free(processor);
    }
}

struct order_result *order_accept(const struct order_processor *processor, struct order *order) {
    return processor->kind->accept(order);
}

struct order_result *order_process(const struct order_processor *processor,
                                   struct order_result *accepted) {
    return processor->kind->process(processor, accepted);
}

struct order_verdict order_validate(const struct order_processor *processor,
                                    const struct order *order, struct order_facts *facts) {
    return processor->kind->validate(processor, order, facts);
}

struct pricing order_price(const struct order_processor *processor, const struct order *order,
                           const struct order_facts *facts) {
    return processor->kind->price(order, facts);
}

struct item_queue *order_queue_new(const struct order_processor *processor, size_t capacity) {
    return processor->kind->new_queue(capacity);
}

struct order_counters *order_counters_new(const struct order_processor *processor) {
    return processor->kind->new_counters();
}
