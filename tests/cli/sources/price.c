#include "shop.h"
static int check(const struct order *order) { return order != 0; }

/*
 * The price of an order, in cents. This comment makes the file longer, and this
 * line makes it wider than the narrow terminals of the tests, so that it is cut.
 */
int price(const struct order *order) {
    if (!check(order))
        return 0;
    return clamp(order->cents * order->count);
}
