/*
 * catalogue_naive.c - the product of a sku.
 *
 * FAULT linear-catalogue: the sku is compared with that of one product after the other; and who
 * needs a product looks it up again: validation, shipping, tax.
 */
#include "orders/order_processor_naive.h"

#include <string.h>

/* A function of its own, so that a profile has the number of comparisons. */
static bool product_matches(const struct product *product, const char *sku) {
    return strcmp(product->sku, sku) == 0;
}

const struct product *product_find(const char *sku) {
    for (size_t i = 0; i < CATALOGUE_SIZE; i++) {
        if (product_matches(&catalogue[i], sku)) {
            return &catalogue[i];
        }
    }
    return NULL;
}
