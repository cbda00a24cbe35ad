/*
 * catalogue_optimised.c - the product of a sku, by a hash table: see order_processor_optimised.h.
 *
 * Texts are compared only where all of the hash is equal, which is hardly ever in vain.
 */
#include "orders/order_processor_optimised.h"

#include <string.h>

/* FNV-1a. */
static uint32_t hash_sku(const char *sku) {
    uint32_t hash = UINT32_C(2166136261);
    for (; *sku != '\0'; sku++) {
        hash = (hash ^ (unsigned char)*sku) * UINT32_C(16777619);
    }
    return hash;
}

static bool product_matches(const struct product *product, const char *sku) {
    return strcmp(product->sku, sku) == 0;
}

static const struct product *product_find(const struct product_index *products, const char *sku) {
    uint32_t hash = hash_sku(sku);
    for (uint32_t probe = hash;; probe++) {
        const struct product *product = products->slots[probe % PRODUCT_SLOTS].product;
        if (product == NULL || (products->slots[probe % PRODUCT_SLOTS].hash == hash &&
                                product_matches(product, sku))) {
            return product;
        }
    }
}

void product_index_fill(struct product_index *index) {
    memset(index, 0, sizeof(*index));
    for (size_t i = 0; i < CATALOGUE_SIZE; i++) {
        uint32_t hash = hash_sku(catalogue[i].sku);
        uint32_t probe = hash;
        while (index->slots[probe % PRODUCT_SLOTS].product != NULL) {
            probe++;
        }
        index->slots[probe % PRODUCT_SLOTS].product = &catalogue[i];
        index->slots[probe % PRODUCT_SLOTS].hash = hash;
    }
}

const struct product *(*const optimised_product_find)(const struct product_index *,
                                                      const char *) = product_find;
