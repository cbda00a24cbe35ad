/*
 * order_processor_optimised.h - the parts of the optimised order processor, for each other and for
 * tests.
 *
 *   order_processor_optimised.c ──> validation_optimised.c ──> facts ──> rules_optimised.c
 *     └ product_index, country_index: made once, then only read
 *
 * They do what the parts of order_processor_naive.h do and are called what those are, so that a
 * profile of the one can be laid beside a profile of the other. A program has one function of a
 * name that files share; so these are static, each in its file, and called through the pointers
 * declared here. Any thread may call them.
 */
#ifndef TALLY_DEMO_ORDER_PROCESSOR_OPTIMISED_H
#define TALLY_DEMO_ORDER_PROCESSOR_OPTIMISED_H

#include "orders/order_processor.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * The products by their sku.
 *
 *   slots   [ 0 │ BK-1004 │ 0 │ EL-1013 │ … ]   open addressing: a product is in the slot that
 *                                               the hash of its sku says, or in the next one
 *                                               that was free
 */
enum { PRODUCT_SLOTS = 256 }; /* a power of two, a few times the products */
struct product_index {
    struct {
        const struct product *product; /* null: empty */
        uint32_t hash;
    } slots[PRODUCT_SLOTS];
};
void product_index_fill(struct product_index *index);

/* The countries by the two letters of their code. */
enum { LETTERS = 26 };
struct country_index {
    struct country_table table;
    const struct country *by_code[LETTERS][LETTERS];
};
void country_index_fill(struct country_index *index);
void country_index_free(struct country_index *index); /* what it refers to */

extern const struct product *(*const optimised_product_find)(const struct product_index *products,
                                                             const char *sku);
extern const struct country *(*const optimised_country_find)(const struct country_index *countries,
                                                             const char *code);
extern bool (*const optimised_is_email_valid)(const char *email);

extern struct order_verdict (*const optimised_validate_order)(const struct product_index *products,
                                                              const struct country_index *countries,
                                                              const struct order *order,
                                                              struct order_facts *facts);
extern struct pricing (*const optimised_price_order)(const struct order *order,
                                                     const struct order_facts *facts);

/* The rules that are not in rules.h. */
extern void (*const optimised_rule_coupon)(const struct order_facts *facts,
                                           struct pricing *pricing);
extern void (*const optimised_rule_shipping)(const struct order *order,
                                             const struct order_facts *facts,
                                             struct pricing *pricing);
extern void (*const optimised_rule_tax)(const struct order *order, const struct order_facts *facts,
                                        struct pricing *pricing);

struct item_queue *optimised_order_queue_new(size_t capacity);
struct order_counters *optimised_order_counters_new(void);

#endif
