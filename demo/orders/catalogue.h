/*
 * catalogue.h - what the shop sells, at which price. Sorted by stock keeping unit (sku).
 *
 * Prices are without tax. Each version of the processor looks products up in its own way.
 */
#ifndef TALLY_DEMO_CATALOGUE_H
#define TALLY_DEMO_CATALOGUE_H

#include <stdint.h>

enum tax_class { TAX_STANDARD, TAX_REDUCED };

struct product {
    const char *sku;
    const char *name;
    uint64_t price_cents; /* at most LARGEST_PRICE_CENTS */
    uint32_t weight_grams;
    enum tax_class tax_class;
};

#define CATALOGUE_SIZE 60
#define LARGEST_PRICE_CENTS UINT64_C(200000)

extern const struct product catalogue[CATALOGUE_SIZE];

#endif
