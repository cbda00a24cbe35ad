/*
 * orders_bench.c - see orders_bench.h.
 *
 * An operation is a step for one order; a round is all orders. They are generated beforehand, and
 * so is what a step takes from those before it:
 *
 *   Process         an order, as a worker gets it
 *     Validate      the order
 *     Price         the order, if it is valid, and the facts that validation found
 *       RuleTax …   the same, and the price as the rules before this one have left it
 *   Queue           a result that waits: they come in bursts, and each burst leaves before the next
 *
 * To price an order that is not valid is to do nothing, here as in Process. So all numbers are per
 * order that comes in, and those of the steps are parts of those of Process.
 */
#include "program/orders_bench.h"

#include "common/counts.h"
#include "common/item_queue.h"
#include "common/memory.h"
#include "orders/order_generator.h"
#include "orders/order_pool.h"
#include "orders/order_processor.h"
#include "orders/order_processor_naive.h"
#include "orders/order_processor_optimised.h"
#include "orders/rules.h"
#include "program/bench.h"
#include "program/command.h"

#include <stdbool.h>
#include <stdlib.h>

enum { BURST = ORDER_POOL_CAPACITY }; /* what a full queue holds */

/* What the price of a valid order is when a rule's turn comes. */
struct prices {
    struct pricing volume_discount, loyalty_discount, coupon, shipping, tax, fraud_score;
};

struct subject {
    struct order *order;
    struct order_result *waiting; /* holds the order */
    size_t leaving;               /* how many leave the queue once this one is in it */
    bool is_valid;                /* if not, there are no facts and no prices */
    struct order_facts facts;
    struct prices before;
};

struct orders_bench {
    struct subject *subjects;
    size_t n_subjects, n_items, n_valid;
    struct order_processor *naive, *optimised;
    struct item_queue *naive_queue, *optimised_queue;
    /* For the steps of the optimised processor by themselves. */
    struct product_index products;
    struct country_index countries;
};

/* ---- what is measured: steps ---- */

/* Nothing is shared by these functions: to call it would be counted as a part of the operation. */

static int process_naive(void *context, size_t i) {
    struct orders_bench *bench = context;
    struct order_result *accepted = order_accept(bench->naive, bench->subjects[i].order);
    order_result_free(order_process(bench->naive, accepted));
    return 0;
}

static int process_optimised(void *context, size_t i) {
    struct orders_bench *bench = context;
    struct order_result *accepted = order_accept(bench->optimised, bench->subjects[i].order);
    order_result_free(order_process(bench->optimised, accepted));
    return 0;
}

static int validate_naive(void *context, size_t i) {
    struct orders_bench *bench = context;
    validate_order(bench->subjects[i].order);
    return 0;
}

static int validate_optimised(void *context, size_t i) {
    struct orders_bench *bench = context;
    struct order_facts facts;
    optimised_validate_order(&bench->products, &bench->countries, bench->subjects[i].order, &facts);
    return 0;
}

static int price_naive(void *context, size_t i) {
    const struct subject *subject = &((struct orders_bench *)context)->subjects[i];
    if (subject->is_valid) {
        price_order(subject->order);
    }
    return 0;
}

static int price_optimised(void *context, size_t i) {
    const struct subject *subject = &((struct orders_bench *)context)->subjects[i];
    if (subject->is_valid) {
        optimised_price_order(subject->order, &subject->facts);
    }
    return 0;
}

static int queue_naive(void *context, size_t i) {
    struct orders_bench *bench = context;
    struct item_queue *queue = bench->naive_queue;
    queue->kind->push(queue, (struct queued_item){bench->subjects[i].waiting, 0});
    for (size_t left = bench->subjects[i].leaving; left > 0; left--) {
        queue->kind->pop(queue);
    }
    return 0;
}

static int queue_optimised(void *context, size_t i) {
    struct orders_bench *bench = context;
    struct item_queue *queue = bench->optimised_queue;
    queue->kind->push(queue, (struct queued_item){bench->subjects[i].waiting, 0});
    for (size_t left = bench->subjects[i].leaving; left > 0; left--) {
        queue->kind->pop(queue);
    }
    return 0;
}

/* ---- what is measured: rules ---- */

/* A benchmark of the call `apply`, for `subject`: it changes `pricing`, the price before `rule`. */
#define RULE_BENCHMARK(name, rule, apply)                                                          \
    static int name(void *context, size_t i) {                                                     \
        const struct subject *subject = &((struct orders_bench *)context)->subjects[i];            \
        if (subject->is_valid) {                                                                   \
            struct pricing pricing = subject->before.rule;                                         \
            apply;                                                                                 \
        }                                                                                          \
        return 0;                                                                                  \
    }

RULE_BENCHMARK(rule_volume_discount_naive, volume_discount,
               rule_volume_discount(subject->order, &pricing))
RULE_BENCHMARK(rule_volume_discount_optimised, volume_discount,
               rule_volume_discount(subject->order, &pricing))
RULE_BENCHMARK(rule_loyalty_discount_naive, loyalty_discount,
               rule_loyalty_discount(subject->order, &pricing))
RULE_BENCHMARK(rule_loyalty_discount_optimised, loyalty_discount,
               rule_loyalty_discount(subject->order, &pricing))
RULE_BENCHMARK(rule_coupon_naive, coupon, rule_coupon(subject->order, &pricing))
RULE_BENCHMARK(rule_coupon_optimised, coupon, optimised_rule_coupon(&subject->facts, &pricing))
RULE_BENCHMARK(rule_shipping_naive, shipping, rule_shipping(subject->order, &pricing))
RULE_BENCHMARK(rule_shipping_optimised, shipping,
               optimised_rule_shipping(subject->order, &subject->facts, &pricing))
RULE_BENCHMARK(rule_tax_naive, tax, rule_tax(subject->order, &pricing))
RULE_BENCHMARK(rule_tax_optimised, tax,
               optimised_rule_tax(subject->order, &subject->facts, &pricing))
RULE_BENCHMARK(rule_fraud_score_naive, fraud_score, rule_fraud_score(subject->order, &pricing))
RULE_BENCHMARK(rule_fraud_score_optimised, fraud_score, rule_fraud_score(subject->order, &pricing))

static const struct benchmark benchmarks[] = {
    {"Process/version=naive", process_naive},
    {"Process/version=optimised", process_optimised},
    {"Validate/version=naive", validate_naive},
    {"Validate/version=optimised", validate_optimised},
    {"Price/version=naive", price_naive},
    {"Price/version=optimised", price_optimised},
    {"RuleVolumeDiscount/version=naive", rule_volume_discount_naive},
    {"RuleVolumeDiscount/version=optimised", rule_volume_discount_optimised},
    {"RuleLoyaltyDiscount/version=naive", rule_loyalty_discount_naive},
    {"RuleLoyaltyDiscount/version=optimised", rule_loyalty_discount_optimised},
    {"RuleCoupon/version=naive", rule_coupon_naive},
    {"RuleCoupon/version=optimised", rule_coupon_optimised},
    {"RuleShipping/version=naive", rule_shipping_naive},
    {"RuleShipping/version=optimised", rule_shipping_optimised},
    {"RuleTax/version=naive", rule_tax_naive},
    {"RuleTax/version=optimised", rule_tax_optimised},
    {"RuleFraudScore/version=naive", rule_fraud_score_naive},
    {"RuleFraudScore/version=optimised", rule_fraud_score_optimised},
    {"Queue/version=naive", queue_naive},
    {"Queue/version=optimised", queue_optimised},
};

/* ---- what it is measured on ---- */

static struct prices prices_before_rules(const struct order *order,
                                         const struct order_facts *facts) {
    struct prices before;
    struct pricing pricing = pricing_of_goods(order);
    before.volume_discount = pricing;
    rule_volume_discount(order, &pricing);
    before.loyalty_discount = pricing;
    rule_loyalty_discount(order, &pricing);
    before.coupon = pricing;
    optimised_rule_coupon(facts, &pricing);
    before.shipping = pricing;
    optimised_rule_shipping(order, facts, &pricing);
    before.tax = pricing;
    optimised_rule_tax(order, facts, &pricing);
    before.fraud_score = pricing;
    return before;
}

static void make_subject(struct orders_bench *bench, size_t i, struct order *order) {
    bool ends_burst = (i + 1) % BURST == 0 || i + 1 == bench->n_subjects;
    struct subject *subject = &bench->subjects[i];
    *subject = (struct subject){
        .order = order,
        .waiting = order_result_new(order),
        .leaving = ends_burst ? i % BURST + 1 : 0,
    };
    struct order_verdict verdict =
        optimised_validate_order(&bench->products, &bench->countries, order, &subject->facts);
    if (verdict.problem == ORDER_VALID) {
        subject->is_valid = true;
        subject->before = prices_before_rules(order, &subject->facts);
    }
    bench->n_items += order->item_count;
    bench->n_valid += subject->is_valid;
}

/* ---- all ---- */

/* Uncounted: a profile has the operations only. */
static void start(struct orders_bench *bench, const struct orders_options *options) {
    counting_stop();
    *bench = (struct orders_bench){
        .subjects = memory_resize(NULL, options->count, sizeof(bench->subjects[0])),
        .n_subjects = options->count,
        .naive = naive_order_processor_new(),
        .optimised = optimised_order_processor_new(),
        .naive_queue = naive_order_queue_new(BURST),
        .optimised_queue = optimised_order_queue_new(BURST),
    };
    product_index_fill(&bench->products);
    country_index_fill(&bench->countries);
    for (size_t i = 0; i < bench->n_subjects; i++) {
        make_subject(bench, i, generated_order(options->seed, i + 1));
    }
    counting_start();
}

static int run(struct orders_bench *bench, const struct orders_options *options) {
    char *input = memory_format("%zu order%s, %zu valid, %zu items", bench->n_subjects,
                                bench->n_subjects == 1 ? "" : "s", bench->n_valid, bench->n_items);
    const struct bench_suite suite = {
        .package = "tally-demo/orders",
        .input = input,
        .benchmarks = benchmarks,
        .n_benchmarks = sizeof(benchmarks) / sizeof(benchmarks[0]),
        .context = bench,
        .operations = bench->n_subjects,
    };
    const struct bench_options how = bench_request_options(&options->bench, options->repeat);
    int error = bench_run(&suite, &how);
    free(input);
    return error == 0 ? finish_output() : STATUS_FAILED;
}

static void finish(struct orders_bench *bench) {
    for (size_t i = 0; i < bench->n_subjects; i++) {
        order_result_free(bench->subjects[i].waiting);
    }
    free(bench->subjects);
    country_index_free(&bench->countries);
    bench->optimised_queue->kind->free(bench->optimised_queue);
    bench->naive_queue->kind->free(bench->naive_queue);
    order_processor_free(bench->optimised);
    order_processor_free(bench->naive);
}

int orders_bench(const struct orders_options *options) {
    struct orders_bench bench;
    start(&bench, options);
    int status = run(&bench, options);
    finish(&bench);
    return status;
}
