/*
 * order_generator.c - see order_generator.h.
 *
 * An order is made as a valid one; then, if it is to have a problem, what it takes is spoilt.
 */
#include "orders/order_generator.h"

#include "common/random.h"
#include "orders/catalogue.h"
#include "orders/verdict.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum {
    CUSTOMERS = 5000,
    MOST_ITEMS = 8,
    MOST_SPARE_ITEMS = 5, /* in an order with too many items: so many too many */
    PERCENT = 100,
    HIGH_PERCENT = 20,
    MEDIUM_PERCENT = 50,
    CHEAP_CENTS = 5000,
    COUPON_PERCENT_OF_ORDERS = 15
};

#define PICK(generator, list) list[random_below(generator, sizeof(list) / sizeof(list[0]))]

static const char *const first_names[] = {"ada",   "bela", "chloe", "dario", "elif", "finn",
                                          "greta", "hugo", "ines",  "jan",   "kaja", "luca"};
static const char *const last_names[] = {"adler",  "bianchi", "costa",  "dubois",
                                         "eklund", "fischer", "garcia", "horak",
                                         "jansen", "kowal",   "lind",   "moser"};
static const char *const domains[] = {"mail.example",      "post.example",      "web.example",
                                      "home.example",      "town.example",      "farm.example",
                                      "letters.example",   "works.example.com", "uni.example.org",
                                      "throwaway.example", "tenminutes.example"};
static const char *const countries[] = {"AT", "BE", "CH", "CZ", "DE", "DE", "DE", "DK",
                                        "ES", "FR", "FR", "IT", "NL", "PL", "SE"};
static const char *const coupons[] = {"WELCOME10", "SPRING15", "MINUS5", "MINUS50", "SHIPFREE"};
static const char *const bad_emails[] = {"",
                                         "nobody",
                                         "@mail.example",
                                         "ada@",
                                         "ada@localhost",
                                         "ada moser@mail.example",
                                         "ada@mail..example",
                                         "ada@mail.example."};
static const char *const unknown_countries[] = {"", "XX", "USA", "de", "JP"};
static const char *const unknown_skus[] = {"", "XX-0000", "BK-1005", "bk-1004"};

/* The same in all orders of a customer. */
static struct order_customer customer_of(uint64_t id) {
    struct random_generator random = random_seeded(id);
    struct order_customer customer = {.id = id};
    const char *first = PICK(&random, first_names), *last = PICK(&random, last_names);
    snprintf(customer.email, sizeof(customer.email), "%s.%s%" PRIu64 "@%s", first, last, id,
             PICK(&random, domains));
    snprintf(customer.country, sizeof(customer.country), "%s", PICK(&random, countries));
    static const enum customer_tier tiers[] = {CUSTOMER_NEW,     CUSTOMER_NEW,    CUSTOMER_REGULAR,
                                               CUSTOMER_REGULAR, CUSTOMER_SILVER, CUSTOMER_GOLD};
    customer.tier = PICK(&random, tiers);
    return customer;
}

static enum order_priority pick_priority(struct random_generator *random) {
    uint32_t percent = random_below(random, PERCENT);
    return percent < HIGH_PERCENT                    ? ORDER_HIGH
           : percent < HIGH_PERCENT + MEDIUM_PERCENT ? ORDER_MEDIUM
                                                     : ORDER_LOW;
}

/* Most people want one or two of a thing; some want a box of it, few a pallet, if it is cheap. */
static uint32_t pick_quantity(struct random_generator *random, uint64_t price_cents) {
    uint32_t percent = random_below(random, PERCENT);
    if (percent < 85 || price_cents > CHEAP_CENTS) {
        return 1 + random_below(random, 2);
    }
    return percent < 97 ? 3 + random_below(random, 18) : 21 + random_below(random, 80);
}

static void fill_items(struct order *order, struct random_generator *random) {
    bool taken[CATALOGUE_SIZE] = {false};
    for (size_t i = 0; i < order->item_count; i++) {
        uint32_t number = random_below(random, CATALOGUE_SIZE);
        while (taken[number]) {
            number = (number + 1) % CATALOGUE_SIZE;
        }
        taken[number] = true;
        struct order_item *item = &order->items[i];
        snprintf(item->sku, sizeof(item->sku), "%s", catalogue[number].sku);
        item->unit_price_cents = catalogue[number].price_cents;
        item->quantity = pick_quantity(random, item->unit_price_cents);
    }
}

/* One percent for each problem, the others valid. */
static enum order_problem pick_problem(struct random_generator *random) {
    uint32_t percent = random_below(random, PERCENT);
    return percent < ORDER_PROBLEMS ? (enum order_problem)percent : ORDER_VALID;
}

static size_t pick_item_count(struct random_generator *random, enum order_problem problem) {
    switch (problem) {
    case ORDER_NO_ITEMS:
        return 0;
    case ORDER_TOO_MANY_ITEMS:
        return ORDER_MOST_ITEMS + 1 + random_below(random, MOST_SPARE_ITEMS);
    case ORDER_DUPLICATE_ITEM:
        return 2 + random_below(random, MOST_ITEMS - 1);
    default:
        return 1 + random_below(random, MOST_ITEMS);
    }
}

static void spoil_item(struct order *order, enum order_problem problem,
                       struct random_generator *random) {
    uint32_t count = (uint32_t)order->item_count;
    struct order_item *item = &order->items[random_below(random, count)];
    switch (problem) {
    case ORDER_UNKNOWN_SKU:
        snprintf(item->sku, sizeof(item->sku), "%s", PICK(random, unknown_skus));
        break;
    case ORDER_BAD_QUANTITY:
        item->quantity = random_below(random, 2) == 0 ? 0 : ORDER_LARGEST_QUANTITY + 1;
        break;
    case ORDER_WRONG_PRICE:
        item->unit_price_cents -= 1 + random_below(random, 100);
        break;
    default: /* ORDER_DUPLICATE_ITEM */
        order->items[count - 1] = order->items[random_below(random, count - 1)];
        break;
    }
}

static void spoil(struct order *order, enum order_problem problem,
                  struct random_generator *random) {
    struct order_customer *customer = &order->customer;
    switch (problem) {
    case ORDER_MALFORMED_EMAIL:
        snprintf(customer->email, sizeof(customer->email), "%s", PICK(random, bad_emails));
        break;
    case ORDER_UNKNOWN_COUNTRY:
        snprintf(customer->country, sizeof(customer->country), "%s",
                 PICK(random, unknown_countries));
        break;
    case ORDER_UNKNOWN_COUPON:
        snprintf(order->coupon, sizeof(order->coupon), "EXPIRED%" PRIu32, random_below(random, 90));
        break;
    case ORDER_UNKNOWN_SKU:
    case ORDER_BAD_QUANTITY:
    case ORDER_WRONG_PRICE:
    case ORDER_DUPLICATE_ITEM:
        spoil_item(order, problem, random);
        break;
    default: /* valid, or a matter of how many items there are */
        break;
    }
}

struct order *generated_order(uint64_t seed, uint64_t id) {
    /* Neighbouring seeds must not have each other's orders. */
    struct random_generator random = random_seeded(random_split_mix(&seed) + id);
    enum order_problem problem = pick_problem(&random);
    struct order *order = order_new(pick_item_count(&random, problem));
    order->id = id;
    order->priority = pick_priority(&random);
    order->customer = customer_of(1 + random_below(&random, CUSTOMERS));
    if (random_below(&random, PERCENT) < COUPON_PERCENT_OF_ORDERS) {
        snprintf(order->coupon, sizeof(order->coupon), "%s", PICK(&random, coupons));
    }
    fill_items(order, &random);
    spoil(order, problem, &random);
    return order;
}
