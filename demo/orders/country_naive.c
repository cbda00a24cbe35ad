/*
 * country_naive.c - the taxes and shipping of a country.
 *
 * FAULT parsed-table: the text of the table is parsed, all of it, each time a country is looked up;
 * that is three times for an order: validation, shipping, tax.
 */
#include "orders/order_processor_naive.h"

#include <string.h>

bool country_find(const char *code, struct country *country) {
    struct country_table table = country_table_parse();
    bool found = false;
    for (size_t i = 0; i < table.count && !found; i++) {
        if (strcmp(table.countries[i].code, code) == 0) {
            *country = table.countries[i];
            found = true;
        }
    }
    country_table_free(&table);
    return found;
}
