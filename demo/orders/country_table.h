/*
 * country_table.h - what taxes and shipping are where the shop delivers to.
 *
 * The table is kept as text, a country a line, the way those who look after it hand it over.
 */
#ifndef TALLY_DEMO_COUNTRY_TABLE_H
#define TALLY_DEMO_COUNTRY_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct country {
    char code[3];
    uint32_t standard_tax_bp, reduced_tax_bp; /* basis points: hundredths of a percent */
    uint32_t parcel_cents;                    /* for a parcel, whatever is in it */
    uint32_t kilogram_cents;                  /* and for each kilogram begun */
    uint32_t free_from_cents;                 /* goods worth so much are sent for nothing */
};

struct country_table {
    struct country *countries;
    size_t count;
};

struct country_table country_table_parse(void);
void country_table_free(struct country_table *table);

#endif
