/*
 * country_optimised.c - the taxes and shipping of a country: the table is parsed once, and a code
 * is looked up by its letters. See order_processor_optimised.h.
 */
#include "orders/order_processor_optimised.h"

#include <string.h>

static bool is_capital(char letter) {
    return letter >= 'A' && letter <= 'Z';
}

static const struct country *country_find(const struct country_index *countries, const char *code) {
    if (!is_capital(code[0]) || !is_capital(code[1]) || code[2] != '\0') {
        return NULL;
    }
    return countries->by_code[code[0] - 'A'][code[1] - 'A'];
}

void country_index_fill(struct country_index *index) {
    memset(index, 0, sizeof(*index));
    index->table = country_table_parse();
    for (size_t i = 0; i < index->table.count; i++) {
        const struct country *country = &index->table.countries[i];
        index->by_code[country->code[0] - 'A'][country->code[1] - 'A'] = country;
    }
}

void country_index_free(struct country_index *index) {
    country_table_free(&index->table);
}

const struct country *(*const optimised_country_find)(const struct country_index *,
                                                      const char *) = country_find;
