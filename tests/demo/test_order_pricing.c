/*
 * test_order_pricing.c - what orders cost: each rule against arithmetic done by hand, and all of
 * them by both processors.
 */
#include "orders/pricing.h"
#include "orders/rules.h"
#include "sample_order.h"

#include <criterion/criterion.h>

static const struct country germany = {"DE", 1900, 700, 490, 60, 5000};

Test(order_pricing, shares_are_rounded_half_up) {
    cr_assert_eq(share_of(0, 1900), 0);
    cr_assert_eq(share_of(100, 1900), 19);
    cr_assert_eq(share_of(9, 500), 0);  /* 0.45 */
    cr_assert_eq(share_of(10, 500), 1); /* 0.5 */
    cr_assert_eq(share_of(29, 500), 1); /* 1.45 */
    cr_assert_eq(share_of(30, 500), 2); /* 1.5 */
    cr_assert_eq(share_of(2000000000, 10000), 2000000000);
}

static uint64_t volume_discount_of(uint64_t price_cents, uint32_t quantity) {
    struct order_item item = {.quantity = quantity, .unit_price_cents = price_cents};
    return volume_discount(&item);
}

Test(order_pricing, volume_discount) {
    cr_assert_eq(volume_discount_of(1000, 9), 0);
    cr_assert_eq(volume_discount_of(1000, 10), 500); /* 5 % */
    cr_assert_eq(volume_discount_of(1000, 49), 2450);
    cr_assert_eq(volume_discount_of(1000, 50), 5000); /* 10 % */
    cr_assert_eq(volume_discount_of(279, 11), 153);   /* 153.45 */
    cr_assert_eq(volume_discount_of(33, 10), 17);     /* 16.5 */
    cr_assert_eq(volume_discount_of(LARGEST_PRICE_CENTS, ORDER_LARGEST_QUANTITY), 10000000);
}

Test(order_pricing, volume_discounts_add_up_and_are_rounded_for_each_item) {
    struct order *order = sample_order(2);
    struct pricing pricing = {.goods_cents = 100000};
    order->items[0] = (struct order_item){.quantity = 10, .unit_price_cents = 33};
    order->items[1] = order->items[0];
    rule_volume_discount(order, &pricing);
    cr_assert_eq(pricing.volume_discount_cents, 34); /* twice 16.5 */
    order_release(order);
}

Test(order_pricing, loyalty_discount) {
    cr_assert_eq(loyalty_discount(CUSTOMER_NEW, 10000), 0);
    cr_assert_eq(loyalty_discount(CUSTOMER_REGULAR, 10000), 0);
    cr_assert_eq(loyalty_discount(CUSTOMER_SILVER, 10000), 200);
    cr_assert_eq(loyalty_discount(CUSTOMER_GOLD, 10000), 500);
    cr_assert_eq(loyalty_discount(CUSTOMER_GOLD, 30), 2); /* 1.5 */
}

Test(order_pricing, loyalty_is_of_what_is_left_after_the_volume_discount) {
    struct order *order = sample_order(1);
    struct pricing pricing = {.goods_cents = 10000, .volume_discount_cents = 1000};
    order->customer.tier = CUSTOMER_GOLD;
    rule_loyalty_discount(order, &pricing);
    cr_assert_eq(pricing.loyalty_discount_cents, 450);
    cr_assert_eq(pricing_net_cents(&pricing), 8550);
    order_release(order);
}

static struct pricing with_coupon(const char *code, uint64_t net_cents) {
    struct pricing pricing = {.goods_cents = net_cents + 300,
                              .volume_discount_cents = 200,
                              .loyalty_discount_cents = 100};
    apply_coupon(coupon_find(code), &pricing);
    return pricing;
}

Test(order_pricing, coupons) {
    cr_assert_eq(with_coupon("WELCOME10", 1005).coupon_discount_cents, 101); /* 100.5 */
    cr_assert_eq(with_coupon("SPRING15", 7999).coupon_discount_cents, 0);
    cr_assert_eq(with_coupon("SPRING15", 8000).coupon_discount_cents, 1200);
    cr_assert_eq(with_coupon("MINUS5", 2499).coupon_discount_cents, 0);
    cr_assert_eq(with_coupon("MINUS5", 2500).coupon_discount_cents, 500);
    cr_assert_not(with_coupon("SHIPFREE", 2999).shipping_waived);
    cr_assert(with_coupon("SHIPFREE", 3000).shipping_waived);
    cr_assert_eq(with_coupon("SHIPFREE", 3000).coupon_discount_cents, 0);
    cr_assert_null(coupon_find("SHIPFREE "));
    cr_assert_null(coupon_find(""));
}

Test(order_pricing, a_coupon_takes_no_more_than_there_is) {
    const struct coupon coupon = {"LOTS", COUPON_AMOUNT, 5000, 0};
    struct pricing pricing = {.goods_cents = 1234};
    apply_coupon(&coupon, &pricing);
    cr_assert_eq(pricing.coupon_discount_cents, 1234);
    cr_assert_eq(pricing_net_cents(&pricing), 0);
}

static uint64_t shipping_of(uint64_t weight_grams, uint64_t net_cents, enum order_priority priority,
                            bool waived) {
    struct pricing pricing = {.goods_cents = net_cents, .shipping_waived = waived};
    return shipping_cost(&germany, priority, weight_grams, &pricing);
}

Test(order_pricing, shipping) {
    cr_assert_eq(shipping_of(1, 4999, ORDER_LOW, false), 490 + 60);
    cr_assert_eq(shipping_of(1000, 4999, ORDER_MEDIUM, false), 490 + 60);
    cr_assert_eq(shipping_of(1001, 4999, ORDER_MEDIUM, false), 490 + 2 * 60);
    cr_assert_eq(shipping_of(1001, 4999, ORDER_HIGH, false), 990 + 490 + 2 * 60);
    cr_assert_eq(shipping_of(1001, 5000, ORDER_LOW, false), 0);
    cr_assert_eq(shipping_of(1001, 5000, ORDER_HIGH, false), 990);
    cr_assert_eq(shipping_of(1001, 100, ORDER_LOW, true), 0);
    cr_assert_eq(shipping_of(1001, 100, ORDER_HIGH, true), 990);
}

Test(order_pricing, tax) {
    struct pricing pricing = {.goods_cents = 10000};
    cr_assert_eq(tax_due(&germany, 0, &pricing), 1900);
    cr_assert_eq(tax_due(&germany, 10000, &pricing), 700);
    cr_assert_eq(tax_due(&germany, 4000, &pricing), 280 + 1140);
    pricing.shipping_cents = 550;
    cr_assert_eq(tax_due(&germany, 10000, &pricing), 700 + 105); /* 104.5 */
}

Test(order_pricing, discounts_of_the_order_are_spread_over_the_tax_classes) {
    struct pricing pricing = {.goods_cents = 10500,
                              .volume_discount_cents = 500,
                              .loyalty_discount_cents = 500,
                              .coupon_discount_cents = 500};
    /* A tenth of everything: 3600 of 4000, 5400 of 6000. */
    cr_assert_eq(tax_due(&germany, 4000, &pricing), 252 + 1026);
    /* 333 / 10000 of 1000 are 33.3: 300 and 8700 are left. */
    cr_assert_eq(tax_due(&germany, 333, &pricing), 21 + 1653);
}

Test(order_pricing, largest_order_does_not_overflow) {
    uint64_t goods = ORDER_MOST_ITEMS * (uint64_t)ORDER_LARGEST_QUANTITY * LARGEST_PRICE_CENTS;
    struct pricing pricing = {.goods_cents = goods, .loyalty_discount_cents = goods};
    cr_assert_eq(tax_due(&germany, goods, &pricing), 0);
    pricing.loyalty_discount_cents = 0;
    cr_assert_eq(tax_due(&germany, goods, &pricing), goods / 100 * 7);
}

static uint32_t points_of(struct order *order, uint64_t total_cents) {
    return fraud_points(order, total_cents);
}

Test(order_pricing, fraud_points) {
    struct order *order = sample_order(2);
    cr_assert_eq(points_of(order, 99999), 0);
    cr_assert_eq(points_of(order, 100000), 30);
    cr_assert_eq(points_of(order, 500000), 50);
    order->priority = ORDER_HIGH;
    cr_assert_eq(points_of(order, 1), 0);
    order->customer.tier = CUSTOMER_NEW;
    cr_assert_eq(points_of(order, 1), 30);
    order->priority = ORDER_LOW;
    cr_assert_eq(points_of(order, 1), 15);
    order->items[1].quantity = 50;
    cr_assert_eq(points_of(order, 1), 30);
    set_text(order->customer.email, sizeof(order->customer.email), "x@throwaway.example");
    cr_assert_eq(points_of(order, 1), 55);
    cr_assert_eq(points_of(order, 100000), 85);
    set_text(order->customer.email, sizeof(order->customer.email), "x@throwaway.example.org");
    cr_assert_eq(points_of(order, 1), 30);
    order_release(order);
}

static struct pricing price_with(int which, const struct order *order) {
    struct order_processor *processor = new_order_processor(which);
    struct order_facts facts;
    cr_assert_eq(order_validate(processor, order, &facts).problem, ORDER_VALID);
    struct pricing pricing = order_price(processor, order, &facts);
    order_processor_free(processor);
    return pricing;
}

/* One order with a bit of everything, worked out by hand:
 *   12 dark chocolates at 2.79, 105 g, reduced: 33.48, less 5 % (167.4): 1.67     31.81
 *   1 desk lamp at 34.99, 1250 g, standard                                        34.99
 *   gold: 5 % of 66.80                                                            -3.34
 *   coupon MINUS5: 63.46 are enough                                               -5.00
 *   net                                                                           58.46
 *   shipping to Austria, High, 2510 g: 9.90 + 6.90 + 3 * 0.90                     19.50
 *   tax: 8.34 * 31.81 / 66.80 = 3.97 off: 27.84 at 10 %: 2.78 (2.784)
 *        58.46 - 27.84 + 19.50 = 50.12 at 20 %: 10.02 (10.024)                    12.80
 */
Test(order_pricing, all_rules) {
    struct order *order = sample_order(2);
    order->priority = ORDER_HIGH;
    order->customer.tier = CUSTOMER_GOLD;
    set_text(order->customer.country, sizeof(order->customer.country), "AT");
    set_text(order->coupon, sizeof(order->coupon), "MINUS5");
    const struct product *chocolate = NULL;
    for (size_t i = 0; i < CATALOGUE_SIZE; i++) {
        chocolate = catalogue[i].price_cents == 279 ? &catalogue[i] : chocolate;
    }
    order->items[0] = sample_item(chocolate->sku, 12);
    order->items[1] = sample_item("EL-1013", 1);
    for (int which = 0; which < PROCESSORS; which++) {
        struct pricing pricing = price_with(which, order);
        cr_assert_eq(pricing.goods_cents, 6847);
        cr_assert_eq(pricing.volume_discount_cents, 167);
        cr_assert_eq(pricing.loyalty_discount_cents, 334);
        cr_assert_eq(pricing.coupon_discount_cents, 500);
        cr_assert_eq(pricing.shipping_cents, 1950);
        cr_assert_eq(pricing.tax_cents, 1280);
        cr_assert_eq(pricing_total_cents(&pricing), 5846 + 1950 + 1280);
        cr_assert_eq(pricing.fraud_score, 0);
    }
    order_release(order);
}

/* A coupon that is known but asks for more goods: no problem, and no discount. */
Test(order_pricing, coupon_without_effect) {
    struct order *order = sample_order(1);
    set_text(order->coupon, sizeof(order->coupon), "MINUS50");
    for (int which = 0; which < PROCESSORS; which++) {
        cr_assert_eq(price_with(which, order).coupon_discount_cents, 0);
    }
    order_release(order);
}
