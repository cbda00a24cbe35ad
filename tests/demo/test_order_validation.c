/*
 * test_order_validation.c - what is wrong with an order: both processors find the same problem, and
 * the message names the field.
 */
#include "common/random.h"
#include "orders/order_processor_naive.h"
#include "orders/order_processor_optimised.h"
#include "sample_order.h"

#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

/* Lets go of the order. */
static void assert_problem(struct order *order, enum order_problem problem, const char *message) {
    for (int which = 0; which < PROCESSORS; which++) {
        struct order_processor *processor = new_order_processor(which);
        struct order_facts facts;
        struct order_verdict verdict = order_validate(processor, order, &facts);
        char *description = order_verdict_describe(verdict, order);
        cr_assert_eq(verdict.problem, problem);
        cr_assert_str_eq(description, message);
        free(description);
        order_processor_free(processor);
    }
    order_release(order);
}

static void assert_valid(struct order *order) {
    assert_problem(order, ORDER_VALID, "valid");
}

Test(order_validation, accepts_what_is_valid) {
    assert_valid(sample_order(1));
    assert_valid(sample_order(ORDER_MOST_ITEMS));
    struct order *order = sample_order(2);
    set_text(order->coupon, sizeof(order->coupon), "MINUS5");
    order->items[0].quantity = ORDER_LARGEST_QUANTITY;
    assert_valid(order);
}

Test(order_validation, customer) {
    struct order *order = sample_order(1);
    set_text(order->customer.email, sizeof(order->customer.email), "ada@mail");
    assert_problem(order, ORDER_MALFORMED_EMAIL, "customer.email: 'ada@mail' is no e-mail address");
    static const char *const countries[] = {"", "D", "DEU", "de", "XX", "@@", "[["};
    for (size_t i = 0; i < sizeof(countries) / sizeof(countries[0]); i++) {
        char message[80] = "customer.country: '";
        strcat(strcat(message, countries[i]), "' is none that is delivered to");
        order = sample_order(1);
        set_text(order->customer.country, sizeof(order->customer.country), countries[i]);
        assert_problem(order, ORDER_UNKNOWN_COUNTRY, message);
    }
}

Test(order_validation, coupon) {
    struct order *order = sample_order(1);
    set_text(order->coupon, sizeof(order->coupon), "minus5");
    assert_problem(order, ORDER_UNKNOWN_COUPON, "coupon: there is no 'minus5'");
}

Test(order_validation, number_of_items) {
    assert_problem(sample_order(0), ORDER_NO_ITEMS, "items: there are none");
    assert_problem(sample_order(ORDER_MOST_ITEMS + 1), ORDER_TOO_MANY_ITEMS,
                   "items: 21 are more than 20");
}

Test(order_validation, item) {
    struct order *order = sample_order(3);
    order->items[2] = sample_item("BK-0000", 1);
    assert_problem(order, ORDER_UNKNOWN_SKU, "items[2].sku: 'BK-0000' is not in the catalogue");
    order = sample_order(3);
    order->items[1].quantity = 0;
    assert_problem(order, ORDER_BAD_QUANTITY, "items[1].quantity: 0 is not from 1 to 500");
    order = sample_order(3);
    order->items[0].quantity = ORDER_LARGEST_QUANTITY + 1;
    assert_problem(order, ORDER_BAD_QUANTITY, "items[0].quantity: 501 is not from 1 to 500");
    order = sample_order(3);
    order->items[1].unit_price_cents++;
    assert_problem(order, ORDER_WRONG_PRICE,
                   "items[1].unit_price_cents: 2496 is not the catalogue's 2495");
}

Test(order_validation, duplicate_item) {
    struct order *order = sample_order(6);
    order->items[4] = order->items[2];
    order->items[4].quantity = 3;
    order->items[5] = order->items[0];
    assert_problem(order, ORDER_DUPLICATE_ITEM, "items[4].sku: 'BK-1016' is in items[2] already");
}

/* Of several problems, the one that comes first in enum order_problem; of items, the first. */
Test(order_validation, first_problem) {
    struct order *order = sample_order(ORDER_MOST_ITEMS + 1);
    set_text(order->customer.country, sizeof(order->customer.country), "XX");
    set_text(order->coupon, sizeof(order->coupon), "none");
    assert_problem(order, ORDER_UNKNOWN_COUNTRY,
                   "customer.country: 'XX' is none that is delivered to");
    order = sample_order(4);
    order->items[1] = order->items[0];
    order->items[2].unit_price_cents = 0;
    order->items[3].sku[0] = 'x';
    assert_problem(order, ORDER_WRONG_PRICE,
                   "items[2].unit_price_cents: 0 is not the catalogue's 1990");
}

static void assert_email(const char *email, bool valid) {
    cr_assert_eq(is_email_valid(email), valid);
    cr_assert_eq(optimised_is_email_valid(email), valid);
}

Test(order_validation, email) {
    static const char *const valid[] = {"a@b.c", "a.b+c_d%e-f@g-h.i.j", "A9@9.Z", ".@-.-",
                                        "x@a.b.c.d.e.f.g"};
    static const char *const invalid[] = {"",        "a",       "@",           "a@",     "@b.c",
                                          "a@b",     "a@b.",    "a@.b",        "a@b..c", "a@b.c.",
                                          "a b@c.d", "a@b c.d", "a@b.c ",      " a@b.c", "a@b.c\n",
                                          "a@b@c.d", "a@b_c.d", "\xc3\xa4@b.c"};
    for (size_t i = 0; i < sizeof(valid) / sizeof(valid[0]); i++) {
        assert_email(valid[i], true);
    }
    for (size_t i = 0; i < sizeof(invalid) / sizeof(invalid[0]); i++) {
        assert_email(invalid[i], false);
    }
}

/* Both kinds of the check, about addresses with up to three characters changed. */
Test(order_validation, random_emails) {
    static const char alphabet[] = "aZ0.@-_+ \n\xff";
    struct random_generator random = random_seeded(3);
    int found_valid = 0;
    enum { TRIES = 5000 };
    for (int i = 0; i < TRIES; i++) {
        char email[] = "a.b@cd.ef.g";
        for (uint32_t changes = random_below(&random, 4); changes > 0; changes--) {
            char character = alphabet[random_below(&random, sizeof(alphabet) - 1)];
            email[random_below(&random, sizeof(email) - 1)] = character;
        }
        bool valid = is_email_valid(email);
        cr_assert_eq(optimised_is_email_valid(email), valid);
        found_valid += valid;
    }
    cr_assert(found_valid > TRIES / 10 && found_valid < TRIES * 9 / 10);
}

Test(order_validation, every_product_and_country_is_found) {
    static struct product_index products;
    static struct country_index countries;
    product_index_fill(&products);
    country_index_fill(&countries);
    for (size_t i = 0; i < CATALOGUE_SIZE; i++) {
        cr_assert_eq(product_find(catalogue[i].sku), &catalogue[i]);
        cr_assert_eq(optimised_product_find(&products, catalogue[i].sku), &catalogue[i]);
        cr_assert_gt(catalogue[i].price_cents, 0);
        cr_assert_leq(catalogue[i].price_cents, LARGEST_PRICE_CENTS);
        cr_assert(i == 0 || strcmp(catalogue[i - 1].sku, catalogue[i].sku) < 0);
    }
    cr_assert_eq(countries.table.count, 12);
    for (size_t i = 0; i < countries.table.count; i++) {
        struct country found, *expected = &countries.table.countries[i];
        cr_assert(country_find(expected->code, &found));
        cr_assert_eq(memcmp(&found, expected, sizeof(found)), 0);
        cr_assert_eq(optimised_country_find(&countries, expected->code), expected);
    }
    country_index_free(&countries);
}
