/*
 * country_table.c - see country_table.h.
 */
#include "orders/country_table.h"

#include "common/memory.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/*     country  tax   reduced parcel  per kg  free from */
static const char table_text[] = "AT     2000    1000     690      90      7500\n"
                                 "BE     2100     600     590      80      6000\n"
                                 "CH      810     260    1290     250     20000\n"
                                 "CZ     2100    1200     790     110     10000\n"
                                 "DE     1900     700     490      60      5000\n"
                                 "DK     2500    2500     890     140     10000\n"
                                 "ES     2100    1000     790     120      9000\n"
                                 "FR     2000     550     690     100      7500\n"
                                 "IT     2200    1000     790     120      9000\n"
                                 "NL     2100     900     590      80      6000\n"
                                 "PL     2300     800     690      90     10000\n"
                                 "SE     2500    1200     990     160     12000\n";

/* Advances *text by a line. False at the end. */
static bool parse_country(const char **text, struct country *country) {
    int length;
    if (sscanf(*text, "%2s %u %u %u %u %u\n%n", country->code, &country->standard_tax_bp,
               &country->reduced_tax_bp, &country->parcel_cents, &country->kilogram_cents,
               &country->free_from_cents, &length) != 6) {
        return false;
    }
    *text += length;
    return true;
}

struct country_table country_table_parse(void) {
    struct country_table table = {NULL, 0};
    const char *text = table_text;
    struct country country;
    while (parse_country(&text, &country)) {
        table.countries = memory_resize(table.countries, table.count + 1, sizeof(country));
        table.countries[table.count++] = country;
    }
    return table;
}

void country_table_free(struct country_table *table) {
    free(table->countries);
}
