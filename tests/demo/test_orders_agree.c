/*
 * test_orders_agree.c - generated orders are reproducible and of all sorts, and both processors
 * find the same in them.
 */
#include "orders/order_generator.h"
#include "sample_order.h"

#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

enum { ORDERS = 3000 };

static bool same_orders(const struct order *one, const struct order *other) {
    return one->id == other->id && one->priority == other->priority &&
           one->customer.id == other->customer.id && one->customer.tier == other->customer.tier &&
           strcmp(one->customer.email, other->customer.email) == 0 &&
           strcmp(one->customer.country, other->customer.country) == 0 &&
           strcmp(one->coupon, other->coupon) == 0 && one->item_count == other->item_count &&
           memcmp(one->items, other->items, one->item_count * sizeof(one->items[0])) == 0;
}

static bool same_at(uint64_t seed, uint64_t id, uint64_t other_seed, uint64_t other_id) {
    struct order *one = generated_order(seed, id), *other = generated_order(other_seed, other_id);
    other->id = id;
    bool same = same_orders(one, other);
    order_release(one);
    order_release(other);
    return same;
}

Test(orders, are_reproducible) {
    for (uint64_t id = 1; id <= 100; id++) {
        cr_assert(same_at(1, id, 1, id));
        cr_assert_not(same_at(1, id, 1, id + 1));
        cr_assert_not(same_at(1, id, 2, id));
        cr_assert_not(same_at(1, id + 1, 2, id));
    }
}

Test(orders, copies_are_the_same) {
    struct order *order = generated_order(1, 5), *copy = order_copy(order);
    cr_assert(same_orders(order, copy));
    cr_assert_neq(order, copy);
    order_release(order);
    order_release(copy);
}

static struct order_result *process(const struct order_processor *processor, struct order *order) {
    return order_process(processor, order_accept(processor, order));
}

static void assert_same_messages(const struct order_result *one, const struct order_result *other) {
    char *message = order_result_describe(one), *other_message = order_result_describe(other);
    cr_assert_str_eq(message, other_message);
    free(message);
    free(other_message);
}

static void assert_same_results(const struct order_result *one, const struct order_result *other) {
    cr_assert(same_orders(one->order, other->order));
    cr_assert_eq(one->status, other->status);
    cr_assert_eq(one->verdict.problem, other->verdict.problem);
    cr_assert_eq(one->verdict.item, other->verdict.item);
    cr_assert_eq(one->verdict.expected, other->verdict.expected);
    const struct pricing *left = &one->pricing, *right = &other->pricing;
    cr_assert_eq(left->goods_cents, right->goods_cents);
    cr_assert_eq(left->volume_discount_cents, right->volume_discount_cents);
    cr_assert_eq(left->loyalty_discount_cents, right->loyalty_discount_cents);
    cr_assert_eq(left->coupon_discount_cents, right->coupon_discount_cents);
    cr_assert_eq(left->shipping_cents, right->shipping_cents);
    cr_assert_eq(left->tax_cents, right->tax_cents);
    cr_assert_eq(left->fraud_score, right->fraud_score);
    assert_same_messages(one, other);
}

static void check_agreement(uint64_t seed, unsigned problems[ORDER_PROBLEMS],
                            unsigned statuses[ORDER_CANCELLED + 1]) {
    struct order_processor *naive = naive_order_processor_new();
    struct order_processor *optimised = optimised_order_processor_new();
    for (uint64_t id = 1; id <= ORDERS; id++) {
        struct order *order = generated_order(seed, id);
        struct order_result *one = process(naive, order), *other = process(optimised, order);
        order_release(order);
        assert_same_results(one, other);
        problems[one->verdict.problem]++;
        statuses[one->status]++;
        order_result_free(one);
        order_result_free(other);
    }
    order_processor_free(naive);
    order_processor_free(optimised);
}

Test(orders, both_processors_find_the_same_in_all_sorts_of_them) {
    unsigned problems[ORDER_PROBLEMS] = {0}, statuses[ORDER_CANCELLED + 1] = {0};
    for (uint64_t seed = 0; seed < 4; seed++) {
        check_agreement(seed, problems, statuses);
    }
    /* About one percent each. */
    for (int problem = ORDER_VALID + 1; problem < ORDER_PROBLEMS; problem++) {
        cr_assert_gt(problems[problem], ORDERS * 4 / 200);
        cr_assert_lt(problems[problem], ORDERS * 4 / 50);
    }
    cr_assert_gt(statuses[ORDER_HELD], ORDERS * 4 / 100);
    cr_assert_gt(statuses[ORDER_ACCEPTED], ORDERS * 4 / 2);
    cr_assert_eq(statuses[ORDER_FAILED] + problems[ORDER_VALID], ORDERS * 4);
}

Test(orders, priorities_are_mixed) {
    unsigned counts[ORDER_PRIORITIES] = {0};
    for (uint64_t id = 1; id <= ORDERS; id++) {
        struct order *order = generated_order(1, id);
        counts[order->priority]++;
        order_release(order);
    }
    cr_assert(counts[ORDER_HIGH] > ORDERS * 17 / 100 && counts[ORDER_HIGH] < ORDERS * 23 / 100);
    cr_assert(counts[ORDER_LOW] > ORDERS * 27 / 100 && counts[ORDER_LOW] < ORDERS * 33 / 100);
}

Test(orders, messages_for_customers) {
    struct order_processor *processor = naive_order_processor_new();
    struct order *order = sample_order(2); /* 34.90 + 24.95, above what is sent for nothing */
    struct order_result *result = process(processor, order);
    cr_assert_str_eq(result->message, "order 1 accepted: 2 items, total 64.04");
    order_result_free(result);
    order_release(order);
    order = sample_order(1);
    order->items[0].quantity = 0;
    result = process(processor, order);
    cr_assert_str_eq(result->message, "order 1 failed: items[0].quantity: 0 is not from 1 to 500");
    order_result_free(result);
    order_release(order);
    order_processor_free(processor);
}
